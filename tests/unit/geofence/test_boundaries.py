"""Boundary files of every kind come out as valid areas in longitude and latitude."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import geopandas
import pandas as pd
import pyogrio
import pytest
from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from geofence.boundaries import AreaRecord, read_areas
from geofence.boundary_errors import BoundaryFileError

EAST = box(104.0, 11.0, 105.0, 12.0)
WEST = translate(EAST, xoff=-1.0)
BOW_TIE = Polygon([(104, 11), (105, 12), (105, 11), (104, 12)])


def make_frame(
    columns: Mapping[str, Sequence[object]],
    geometry: Sequence[BaseGeometry] = (EAST, WEST),
    crs: str | None = "EPSG:4326",
) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(dict(columns), geometry=list(geometry), crs=crs)


CODED = {"code": ["KH-8", "KH-12"], "name": ["Kandal", "Phnom Penh"]}


def zip_shapefile(
    frame: geopandas.GeoDataFrame, path: Path, *, leave_out: str = ""
) -> Path:
    """Write a frame as a zipped shapefile in a folder of the archive."""
    folder = path.parent / "parts"
    folder.mkdir()
    frame.to_file(folder / "areas.shp")
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.iterdir()):
            if part.suffix != leave_out:
                archive.write(part, f"khm/{part.name}")
    return path


def write_geojson(path: Path, *features: dict[str, object]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def feature(geometry: BaseGeometry | None, **properties: object) -> dict[str, object]:
    shape = None if geometry is None else geometry.__geo_interface__
    return {"type": "Feature", "properties": properties, "geometry": shape}


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


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "a.kml",
            b"<kml/>",
            (
                "a.kml is of no format that is read here. Readable are GeoJSON, "
                "TopoJSON, GeoPackage (.gpkg) and shapefile (.shp or zipped)."
            ),
        ),
        (
            "a.geojson",
            b"<OGRVRTDataSource/>",
            (
                "a.geojson does not contain what its ending '.geojson' promises; "
                "export it again. Readable are GeoJSON, TopoJSON, GeoPackage (.gpkg) "
                "and shapefile (.shp or zipped)."
            ),
        ),
        (
            "a.json",
            b'{"type": "FeatureCollection", "features": [',
            (
                "a.json cannot be read; it is damaged or incomplete. Readable are "
                "GeoJSON, TopoJSON, GeoPackage (.gpkg) and shapefile (.shp or zipped)."
            ),
        ),
        (
            "a.json",
            b'{"hello": "world"}',
            (
                "a.json cannot be read; it is damaged or incomplete. Readable are "
                "GeoJSON, TopoJSON, GeoPackage (.gpkg) and shapefile (.shp or zipped)."
            ),
        ),
        (
            "a.zip",
            b"PK\x03\x04 and no more",
            "a.zip is not a whole, unlocked zip archive; fetch or export it again.",
        ),
        (
            "a.gpkg",
            b"SQLite format 3\0 and no more",
            (
                "a.gpkg cannot be read; it is damaged or incomplete. Readable are "
                "GeoJSON, TopoJSON, GeoPackage (.gpkg) and shapefile (.shp or zipped)."
            ),
        ),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    """Damaged and disguised files end in a sentence, not in the reader."""
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(BoundaryFileError) as refused:
        read_areas(path)

    assert str(refused.value) == sentence


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The reason is the system's."""
    with pytest.raises(BoundaryFileError, match="no such file or directory"):
        read_areas(tmp_path / "a.gpkg")


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"readme.txt": b"hello"}, "holds no shapefile; put exactly one in it"),
        ({"a.shp": b"", "b.SHP": b""}, "holds 2 shapefiles; put exactly one in it"),
        ({"a.shp": b"<OGRVRT/>"}, "a.shp in a.zip is not a shapefile"),
        (
            {"a.shp": b"\x00\x00\x27\x0a rest", "__MACOSX/a.shp": b""},
            "a.zip cannot be read",
        ),
    ],
)
def test_an_archive_must_hold_one_shapefile(
    tmp_path: Path, members: dict[str, bytes], sentence: str
) -> None:
    """What else an archive holds does not matter."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)

    with pytest.raises(BoundaryFileError, match=sentence):
        read_areas(path)


def test_an_archive_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size is taken from the directory before anything is unpacked."""
    monkeypatch.setattr("geofence.boundary_source.MAX_UNPACKED_BYTES", 1024 * 1024)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\0" * 1024 * 1025)

    with pytest.raises(BoundaryFileError, match="unpacks to more than 1 MiB"):
        read_areas(path)


def test_a_table_is_no_boundary_file(tmp_path: Path) -> None:
    """A GeoPackage may hold tables without any outline."""
    pyogrio.write_dataframe(pd.DataFrame({"code": ["a"]}), tmp_path / "a.gpkg")

    with pytest.raises(BoundaryFileError, match="holds no outlines, only a table"):
        read_areas(tmp_path / "a.gpkg")


def test_rows_that_all_lack_an_outline_are_refused(tmp_path: Path) -> None:
    """The first of them is named."""
    path = write_geojson(tmp_path / "a.geojson", feature(None, code="a", name="A"))

    with pytest.raises(BoundaryFileError, match=r"^Row 1 \('a'\) .* has no outline"):
        read_areas(path, layer="a")


def test_texts_in_another_encoding_than_stated_are_refused(tmp_path: Path) -> None:
    """Garbled names would end up on the operator's screen."""
    frame = make_frame({"code": ["a"], "name": ["André"]}, [EAST])
    frame.to_file(tmp_path / "a.shp", encoding="ISO-8859-1")
    (tmp_path / "a.cpg").write_text("UTF-8")

    with pytest.raises(BoundaryFileError, match="in an encoding it does not state"):
        read_areas(tmp_path / "a.shp")


def test_a_file_that_breaks_off_while_read_is_refused(tmp_path: Path) -> None:
    """The directory of a file may be whole and its content not."""
    path = tmp_path / "a.gpkg"
    make_frame(CODED).to_file(path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE a RENAME COLUMN geom TO lost")
        database.commit()

    with pytest.raises(BoundaryFileError, match="cannot be read to its end"):
        read_areas(path)


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    """Importing nothing is never what was meant."""
    path = write_geojson(tmp_path / "a.geojson")

    with pytest.raises(BoundaryFileError, match=r"a\.geojson holds no "):
        read_areas(path)
