"""Places by a part of their name, or as a point that was copied from a map."""

from __future__ import annotations

import pytest

from warning.citizens.known_places import _point
from warning.citizens.place_book import PlaceBook, PlaceEntry

BOOK = PlaceBook(
    [
        PlaceEntry(code="KH-08", name="Kandal", names={"km": "កណ្ដាល"}, level=1),
        PlaceEntry(code="KH-0801", name="Ta Khmau", level=2, parent="KH-08"),
        PlaceEntry(code="KH-0802", name="Kandal Stueng", level=2, parent="KH-08"),
        PlaceEntry(code="KH-0803", name="Old Kandal", level=3, parent="KH-0801"),
    ]
)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("kandal", ["KH-08", "KH-0802", "KH-0803"]),
        ("KHM", ["KH-0801"]),
        ("កណ្ដាល", ["KH-08"]),
        ("kh 0801", ["KH-0801"]),
        ("nowhere", []),
        ("  ", []),
    ],
)
def test_places_are_found_by_a_part(words: str, codes: list[str]) -> None:
    """Those that begin so first, the larger before the smaller."""
    assert [one.code for one in BOOK.like(words, limit=9)] == codes
    assert len(BOOK.like(words, limit=1)) == min(1, len(codes))


@pytest.mark.parametrize(
    ("written", "point"),
    [
        ("11.56, 104.92", (104.92, 11.56)),
        (" -33.9;18.4 ", (18.4, -33.9)),
        ("11 104", (104.0, 11.0)),
        ("95, 104", None),
        ("104.92, 11.56 m", None),
        ("11.56", None),
        ("", None),
    ],
)
def test_a_point_is_read(written: str, point: tuple[float, float] | None) -> None:
    """Latitude before longitude, as maps on the web copy it; anything else is words."""
    found = _point(written)
    assert (found and (found.lon, found.lat)) == point
