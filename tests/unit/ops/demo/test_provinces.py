"""The provinces of Cambodia, outlines and names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from ops.demo.provinces import CAMBODIA, OUTLINES, PROVINCES, province_areas
from ops.errors import DemoError

NODE_MODULES = Path(__file__).parents[4] / "node_modules"


def test_every_province_has_an_outline_and_two_names() -> None:
    """Names are English and Khmer; outlines are valid and in the country."""
    areas = province_areas(NODE_MODULES)

    assert [area.code for area in areas] == [province.code for province in PROVINCES]
    assert len({area.code for area in areas}) == 24
    for area in areas:
        assert area.names.keys() == {"en", "km"}
        assert all("\u1780" <= ch <= "\u17ff" or ch == " " for ch in area.names["km"])
        assert (area.level, area.parent) == (1, "KH")
        assert area.geometry.is_valid
        assert shapely.box(*CAMBODIA).covers(area.geometry)


@pytest.mark.parametrize(
    ("code", "lon", "lat"),
    [
        ("KH-12", 104.92, 11.56),
        ("KH-3", 105.46, 12.01),
        ("KH-17", 103.86, 13.36),
        ("KH-23", 104.32, 10.52),
        ("KH-16", 106.99, 13.74),
        ("KH-1", 102.97, 13.59),
    ],
)
def test_capitals_lie_in_their_provinces(code: str, lon: float, lat: float) -> None:
    """Names and outlines are put together rightly."""
    (area,) = (area for area in province_areas(NODE_MODULES) if area.code == code)

    assert shapely.intersects_xy(area.geometry, lon, lat)


def test_provinces_do_not_overlap() -> None:
    """Nobody is counted in two provinces, but for the border's own width."""
    outlines = [area.geometry for area in province_areas(NODE_MODULES)]

    total = sum(outline.area for outline in outlines)
    assert shapely.union_all(outlines).area == pytest.approx(total, rel=1e-3)


def test_missing_outlines_say_what_to_do(tmp_path: Path) -> None:
    """Without the package there is a sentence, not a traceback."""
    with pytest.raises(DemoError, match="fetch them with 'make setup'"):
        province_areas(tmp_path)


def test_other_outlines_are_refused(tmp_path: Path) -> None:
    """Outlines of another version would be named wrongly."""
    path = tmp_path / OUTLINES
    path.parent.mkdir(parents=True)
    shape = shapely.box(104, 11, 105, 12).__geo_interface__
    feature = {
        "type": "Feature",
        "properties": {"id": "KH.XX", "name": "x"},
        "geometry": shape,
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))

    with pytest.raises(DemoError, match="are not those of the version"):
        province_areas(tmp_path)
