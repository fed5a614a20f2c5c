"""Boundary files of every kind come out as valid areas in longitude and latitude."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geofence.boundaries import AreaRecord, read_areas
from geofence.boundary_errors import BoundaryFileError
from tests.unit.geofence.boundary_files import (
    BOW_TIE,
    CODED,
    EAST,
    WEST,
    feature,
    make_frame,
    write_geojson,
    zip_shapefile,
)


def assert_same_areas(areas: Sequence[AreaRecord]) -> None:
    assert [(area.code, area.name) for area in areas] == [
        ("KH-8", "Kandal"),
        ("KH-12", "Phnom Penh"),
    ]
    for area, outline in zip(areas, (EAST, WEST), strict=True):
        # Two projections there and back leave less than a tenth of a millimetre.
        assert area.geometry.normalize().equals_exact(outline.normalize(), 1e-9)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32648", "EPSG:3857"])
@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".zip"])
def test_every_format_and_projection_gives_the_same_areas(
    tmp_path: Path, suffix: str, crs: str
) -> None:
    """What is stated about the coordinate system is undone."""
    frame = make_frame(CODED).to_crs(crs)
    path = tmp_path / f"areas{suffix}"
    if suffix == ".zip":
        zip_shapefile(frame, path)
    else:
        frame.to_file(path)

    assert_same_areas(read_areas(path))


def test_geojson_needs_no_coordinate_system(tmp_path: Path) -> None:
    """GeoJSON is longitude and latitude by its standard."""
    path = write_geojson(
        tmp_path / "areas.geojson",
        feature(EAST, code="KH-8", name="Kandal"),
        feature(WEST, code="KH-12", name="Phnom Penh"),
    )

    assert_same_areas(read_areas(path))


def test_topojson_is_read_by_its_object(tmp_path: Path) -> None:
    """Shared arcs are put together again; the object is the layer."""
    ring = [[0, 0], [10, 0], [0, 10], [-10, 0], [0, -10]]
    shape = {
        "type": "Polygon",
        "arcs": [[0]],
        "id": "KH-8",
        "properties": {"name": "Kandal"},
    }
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [104.0, 11.0]},
        "objects": {"khm": {"type": "GeometryCollection", "geometries": [shape]}},
        "arcs": [ring],
    }
    path = tmp_path / "khm.topo.json"
    path.write_text(json.dumps(topology))

    (area,) = read_areas(path, layer="khm", level=1)

    assert (area.code, area.name, area.level) == ("KH-8", "Kandal", 1)
    assert area.geometry.normalize().equals_exact(EAST.normalize(), 1e-9)


def test_a_file_without_coordinate_system_is_refused(tmp_path: Path) -> None:
    """Guessing where a polygon lies could warn the wrong province."""
    path = zip_shapefile(make_frame(CODED), tmp_path / "a.zip", leave_out=".prj")

    with pytest.raises(BoundaryFileError) as refused:
        read_areas(path)

    assert str(refused.value) == (
        "a.zip does not state its coordinate system (a shapefile does so in its .prj "
        "file). Ask the publisher and name it, for example EPSG:4326 for longitude and "
        "latitude or EPSG:32648 for UTM zone 48 north."
    )


def test_the_coordinate_system_may_be_named(tmp_path: Path) -> None:
    """What the caller says fills in what the file leaves out."""
    frame = make_frame(CODED).to_crs("EPSG:32648")
    path = zip_shapefile(frame, tmp_path / "a.zip", leave_out=".prj")

    assert_same_areas(read_areas(path, crs="EPSG:32648"))


def test_metres_passed_off_as_degrees_are_refused(tmp_path: Path) -> None:
    """Coordinates beyond the earth mean that the stated system is not the true one."""
    frame = make_frame(CODED).to_crs("EPSG:32648")
    path = zip_shapefile(frame, tmp_path / "a.zip", leave_out=".prj")

    with pytest.raises(BoundaryFileError, match="coordinates beyond ±180, ±90 degrees"):
        read_areas(path, crs="EPSG:4326")


def test_an_unknown_coordinate_system_is_refused(tmp_path: Path) -> None:
    """A name that means nothing is not ignored."""
    path = write_geojson(tmp_path / "a.json", feature(EAST, code="x", name="y"))

    with pytest.raises(BoundaryFileError, match="cannot be turned into longitude"):
        read_areas(path, crs="EPSG:1")


def test_an_invalid_outline_is_repaired_and_reported(tmp_path: Path) -> None:
    """A self-crossing outline becomes valid areas, and the record says so."""
    path = write_geojson(
        tmp_path / "a.geojson",
        feature(BOW_TIE, code="a", name="Bow"),
        feature(EAST, code="b", name="Fine"),
    )

    bow, fine = read_areas(path)

    assert isinstance(bow.geometry, MultiPolygon)
    assert bow.geometry.is_valid
    assert [repair.code for repair in bow.repairs] == ["made-valid"]
    assert fine.repairs == ()


@pytest.mark.parametrize(
    ("geometry", "sentence"),
    [
        (
            None,
            "Row 2 ('b') of a.geojson has no outline; remove the row or draw it.",
        ),
        (Point(104, 11), r"Row 2 \('b'\) of a\.geojson cannot be used\. .*[Pp]oint"),
        (
            LineString([(104, 11), (105, 12)]),
            r"Row 2 \('b'\) of a\.geojson cannot be used\. .*[Ll]ine",
        ),
        (Polygon(), r"Row 2 \('b'\) of a\.geojson cannot be used\. "),
        (
            Polygon([(104, 11), (105, 12), (104, 11)]),
            r"Row 2 \('b'\) of a\.geojson cannot be used\. ",
        ),
    ],
)
def test_a_row_that_is_no_area_is_refused_by_its_number(
    tmp_path: Path, geometry: BaseGeometry | None, sentence: str
) -> None:
    """Nothing is left out silently."""
    path = write_geojson(
        tmp_path / "a.geojson",
        feature(EAST, code="a", name="A"),
        feature(geometry, code="b", name="B"),
    )

    with pytest.raises(BoundaryFileError) as refused:
        read_areas(path)

    if geometry is None:
        assert str(refused.value) == sentence
    else:
        refused.match(sentence)


def test_names_of_every_language_are_kept(tmp_path: Path) -> None:
    """A row without a name in some language does not have that language."""
    path = write_geojson(
        tmp_path / "a.geojson",
        feature(EAST, code="a", name_en="Kandal", name_km="កណ្ដាល", parent="KH"),
        feature(WEST, code="b", name_en="Phnom Penh", name_km=None, parent=None),
    )

    first, second = read_areas(path, level=1)

    assert (first.name, first.parent, first.level) == ("Kandal", "KH", 1)
    assert first.names == {"en": "Kandal", "km": "កណ្ដាល"}
    assert (second.names, second.parent) == ({"en": "Phnom Penh"}, None)


def test_numbers_as_codes_are_written_without_a_point(tmp_path: Path) -> None:
    """Spreadsheets turn codes into floats; 1201.0 is the code 1201."""
    path = tmp_path / "a.gpkg"
    make_frame({"code": [1201.0, 1202.0], "name": ["A", "B"]}).to_file(path)

    assert [area.code for area in read_areas(path)] == ["1201", "1202"]


def test_of_several_layers_one_must_be_named(tmp_path: Path) -> None:
    """Layers of points do not count; of several with areas the caller chooses."""
    path = tmp_path / "a.gpkg"
    make_frame(CODED).to_file(path, layer="provinces")
    make_frame(CODED, [Point(1, 1), Point(2, 2)]).to_file(path, layer="towns")
    assert_same_areas(read_areas(path))

    make_frame({"code": ["K"], "name": ["KH"]}, [EAST]).to_file(path, layer="country")
    with pytest.raises(BoundaryFileError) as refused:
        read_areas(path)
    assert str(refused.value) == (
        "a.gpkg holds several layers; name one of: country, provinces."
    )
    with pytest.raises(BoundaryFileError, match="has no layer 'x'"):
        read_areas(path, layer="x")
    assert_same_areas(read_areas(path, layer="provinces"))
