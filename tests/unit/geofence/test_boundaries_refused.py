"""A boundary file that is not what it says ends in a sentence."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from geofence.boundaries import read_areas
from geofence.boundary_errors import BoundaryFileError
from tests.unit.geofence.boundary_files import (
    CODED,
    EAST,
    feature,
    make_frame,
    write_geojson,
)


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
