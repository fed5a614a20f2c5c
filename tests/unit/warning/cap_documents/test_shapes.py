"""One shape's text, read by itself."""

import pytest
from shapely.errors import GEOSException
from shapely.geometry import box

from warning.cap_documents import shapes as cap_shapes
from warning.cap_documents.shapes import ShapeReader

SQUARE = "11,104 11,105 12,105 12,104 11,104"


def test_a_shape_is_read_once_whether_announced_or_not() -> None:
    """The same object for the same text."""
    reader = ShapeReader([SQUARE])
    assert reader.polygon(SQUARE) is reader.polygon(SQUARE)
    assert reader.circle("11,104 5") is reader.circle("11,104 5")
    late = ShapeReader().polygon(SQUARE)
    assert late.area is not None
    assert late.area.geometry.equals(box(104, 11, 105, 12))


def test_what_is_mended_keeps_its_notes() -> None:
    """Brackets, an open ring and a crossing are three remarks about one area."""
    reading = ShapeReader().polygon("(11,104) (12,105) (11,105) (12,104)")
    codes = [note.code for note in reading.notes]
    assert codes == ["polygon_brackets", "polygon_open", "polygon_crossing"]
    assert reading.area is not None


@pytest.mark.parametrize("text", [",", "( )", ", ,", "11", "11,104,5 11,105 12,105"])
def test_rubbish_is_unreadable_and_nothing_worse(text: str) -> None:
    """Whatever stands there, the answer is a reading."""
    reading = ShapeReader([text], [text])
    assert reading.polygon(text).area is None
    assert reading.circle(text).area is None


def test_exchanged_axes_without_a_sound_other_reading_offer_none() -> None:
    """A line stays a line either way round."""
    reading = ShapeReader().polygon("104,11 105,11 104,11")
    assert reading.notes[-1].code == "swapped_axes"
    assert reading.swapped is None


def test_an_exchanged_tangle_is_not_worked_on_either() -> None:
    """The other reading is weighed like the first."""
    points = " ".join(f"{104 + n * 37 % 400 / 400},{11 + n % 2}" for n in range(2_000))
    assert ShapeReader().polygon(points).swapped is None


def test_a_failure_of_the_geometry_engine_is_a_defect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the guards let through may still be too much; nobody sees a traceback."""

    def too_much(_: object, *, weighed: bool) -> None:
        raise GEOSException("std::bad_alloc")

    monkeypatch.setattr(cap_shapes, "area_of", too_much)
    reading = ShapeReader().polygon(SQUARE)
    assert [note.code for note in reading.notes] == ["polygon_unreadable"]
