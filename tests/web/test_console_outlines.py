"""Outlines as people have them; what is hostile or wrong is a sentence, not a fault."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import pytest
from flask.testing import FlaskClient
from shapely.geometry import Point, Polygon, shape

from tests.web.conftest import csrf_of
from tests.web.fakes import PUBLIC_URL, START, make_form
from tests.web.test_console_pick import submit
from warning.alert_form import cap_alert
from warning.cap_documents import cap_xml

Browser = Callable[[str], FlaskClient]
TRIANGLE = Polygon([(104, 11), (105, 11), (105, 12)])


@pytest.fixture
def asked(browser: Browser) -> Callable[..., dict[str, object]]:
    """Paste or upload, and read what comes back."""
    client = browser("operator")
    token = csrf_of(client.get("/alerts/new", base_url=PUBLIC_URL))

    def ask(text: str = "", file: bytes | None = None) -> dict[str, object]:
        form: dict[str, object] = {"csrf_token": token, "area": text}
        if file is not None:
            form["file"] = (io.BytesIO(file), "anything.bin")
        answer = client.post("/console/outline", base_url=PUBLIC_URL, data=form)
        assert answer.status_code == 200
        return dict(json.loads(answer.text))

    return ask


def zipped(**members: bytes) -> bytes:
    """An archive; ``__`` in a name stands for the dot."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return packed.getvalue()


def shapefile(folder: Path, geometry: object, crs: str = "EPSG:4326") -> bytes:
    """A zipped shapefile without any code or name."""
    frame = geopandas.GeoDataFrame({"n": [1]}, geometry=[geometry], crs="EPSG:4326")
    frame.to_crs(crs).to_file(folder / "shape.shp")
    parts = {path.name: path.read_bytes() for path in folder.iterdir()}
    return zipped(**{name.replace(".", "__"): data for name, data in parts.items()})


def bounds_of(told: dict[str, object]) -> tuple[float, ...]:
    return tuple(round(n, 3) for n in shape(told["area"]).bounds)


@pytest.mark.parametrize(
    "text",
    [
        "104 11\n105 11\n105 12",
        "104,11; 105,11; 105,12",
        "104.0, 11.0\r\n105.0, 11.0\r\n105.0, 12.0\r\n104.0, 11.0\r\n",
        json.dumps(
            {"type": "Polygon", "coordinates": [[[104, 11], [105, 11], [105, 12]]]}
        ),
    ],
    ids=["lines", "semicolons", "closed", "geojson"],
)
def test_coordinates_are_pasted(
    asked: Callable[..., dict[str, object]], text: str
) -> None:
    """Longitude before latitude, in whichever way people write a list."""
    assert bounds_of(asked(text)) == (104, 11, 105, 12)


def test_a_circle_is_a_place_and_kilometres(
    asked: Callable[..., dict[str, object]],
) -> None:
    """Twenty kilometres are twenty kilometres, whatever the latitude."""
    west, south, east, north = bounds_of(asked("104.92 11.56 20 km"))
    assert (north - south) * 110.6 == pytest.approx(40, rel=0.01)
    assert (east - west) * 111.3 * 0.9797 == pytest.approx(40, rel=0.01)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense", "Line 1 is no pair"),
        ("104 11\n105", "Line 2 is no pair"),
        ("104 11\n105 11", "three corners"),
        ("", "three corners"),
        ("104.92 11.56 0 km", "radius must be above 0"),
        ("104.92 11.56 5000 km", "radius must be above 0"),
        ("104.92 95 20 km", "95"),
        ("[[104, 11]]", "Line 1 is no pair"),
        ("{" * 5_000, "JSON"),
        ("9" * 400 + " 11", "Line 1 is no pair"),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(
    asked: Callable[..., dict[str, object]], text: str, told: str
) -> None:
    """A sentence that names the line."""
    assert told in str(asked(text)["problem"])


def test_shapes_one_over_the_other_are_united(
    asked: Callable[..., dict[str, object]],
) -> None:
    """A circle inside a polygon is no outline that crosses itself."""
    big = [[104, 11], [106, 11], [106, 13], [104, 13], [104, 11]]
    small = [[104.5, 11.5], [105, 11.5], [105, 12], [104.5, 11.5]]
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for ring in (big, small)
    ]
    told = asked(json.dumps({"type": "FeatureCollection", "features": features}))
    assert told["repairs"] == []


def test_a_shapefile_needs_no_columns(
    asked: Callable[..., dict[str, object]], tmp_path: Path
) -> None:
    """In any coordinate system, by whatever name."""
    told = asked(file=shapefile(tmp_path, TRIANGLE, "EPSG:32648"))
    assert bounds_of(told) == (104, 11, 105, 12)


def test_a_cap_document_brings_its_words(
    asked: Callable[..., dict[str, object]],
) -> None:
    """Where it is, and what it says, for fields in which nothing stands yet."""
    cap = cap_alert(make_form(), identifier="X", sender="a.example", sent=START)
    told = asked(file=cap_xml.write(cap))
    fields = told["fields"]
    assert isinstance(fields, dict)
    assert bounds_of(told) == (104, 11, 105, 12)
    assert fields["headline-en"] == "Flood on the Mekong"


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "none of GeoJSON"),
        (b"", "none of GeoJSON"),
        (b"<html></html>", "alert"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><alert>&b;</alert>', "DOCTYPE"),
        (b"PK\x03\x04 and nothing else", "not a whole, unlocked zip"),
        (zipped(readme__txt=b"nothing here"), "no shapefile"),
        (zipped(a__shp=b"x", b__shp=b"y"), "2 shapefiles"),
        (zipped(a__shp=b"no shapefile at all"), "does not contain"),
        (zipped(a__shp=b"\0" * 60_000), "unpacks to more"),
        (zipped(**{f"n{n}": b"" for n in range(300)}), "300 files"),
        (b'{"type":"Point","coordinates":[1,2]}', "Point"),
    ],
    ids=[
        "picture",
        "empty",
        "html",
        "doctype",
        "broken zip",
        "zip of texts",
        "two shapefiles",
        "no shapefile",
        "zip bomb",
        "many members",
        "a point",
    ],
)
def test_a_hostile_file_is_a_sentence(
    asked: Callable[..., dict[str, object]], file: bytes, told: str
) -> None:
    """The wrong kind, broken, swollen, huge: refused with what to do."""
    assert told in str(asked(file=file)["problem"])


def test_a_huge_file_is_refused_unread(browser: Browser) -> None:
    """The page's script says that it is too large."""
    client = browser("operator")
    token = csrf_of(client.get("/alerts/new", base_url=PUBLIC_URL))
    form = {"csrf_token": token, "file": (io.BytesIO(b"{" * 200_000), "huge.json")}
    answer = client.post("/console/outline", base_url=PUBLIC_URL, data=form)
    assert answer.status_code == 413


def test_points_are_no_outline(
    asked: Callable[..., dict[str, object]], tmp_path: Path
) -> None:
    """A shapefile of places encloses nobody."""
    assert asked(file=shapefile(tmp_path, Point(104, 11)))["problem"]


def test_a_pasted_list_becomes_an_alert(browser: Browser) -> None:
    """The form takes what the map took, also where no script runs."""
    done = submit(browser("operator"), area="104 11\n105 11\n105 12")
    assert done.status_code == 303
