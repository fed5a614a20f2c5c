"""Areas over the API, and who is inside any area."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from flask.testing import FlaskClient
from shapely.geometry import mapping

from tests.web.fakes import SQUARE, FakeServices

URL = "/api/v1/areas"
AUDIENCE = "/api/v1/audience"
GEOJSON = "application/geo+json"
SQUARE_JSON = json.loads(json.dumps(mapping(SQUARE)))


@pytest.mark.parametrize(
    ("media_type", "suffix"),
    [
        (GEOJSON, ".geojson"),
        ("application/zip", ".zip"),
        ("application/geopackage+sqlite3", ".gpkg"),
    ],
)
def test_import(
    client: FlaskClient,
    services: FakeServices,
    admin: dict[str, str],
    media_type: str,
    suffix: str,
) -> None:
    """A boundary file arrives whole, under an ending that says what it is."""
    answer = client.post(
        f"{URL}/import?level=1", data=b"data", content_type=media_type, headers=admin
    )

    assert answer.json == {"areas": 25, "repairs": ["KH-1: A ring was closed."]}
    assert services.areas.uploads == [(suffix, b"data", 1)]


@pytest.mark.parametrize("query", ["?level=x", "?level=99", "?lever=1"])
def test_import_refuses_a_senseless_level(
    client: FlaskClient, services: FakeServices, admin: dict[str, str], query: str
) -> None:
    """With a level that is none, or a misspelt one, nothing is read."""
    answer = client.post(
        f"{URL}/import{query}", data=b"data", content_type=GEOJSON, headers=admin
    )

    assert answer.status_code == 422
    assert not services.areas.uploads


def test_import_that_is_too_large(
    client: FlaskClient, services: FakeServices, admin: dict[str, str]
) -> None:
    """A file beyond the limit is not handed on."""
    answer = client.post(
        f"{URL}/import?level=1",
        data=b"x" * 200_000,
        content_type=GEOJSON,
        headers=admin,
    )

    assert answer.status_code == 413
    assert not services.areas.uploads


def test_list_is_paged(client: FlaskClient, viewer: dict[str, str]) -> None:
    """Areas by code, page by page."""
    first = client.get(f"{URL}?limit=2", headers=viewer).json
    assert first is not None
    second = client.get(
        f"{URL}?limit=2&cursor={first['next_cursor']}", headers=viewer
    ).json
    assert second is not None

    codes = [item["code"] for item in first["items"] + second["items"]]
    assert codes == ["KH-03", "KH-08", "KH-12"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("media_type", [GEOJSON, "application/json"])
def test_audience(client: FlaskClient, viewer: dict[str, str], media_type: str) -> None:
    """Who is inside, split by what an operator asks."""
    answer = client.post(
        AUDIENCE,
        data=json.dumps(SQUARE_JSON),
        content_type=media_type,
        headers=viewer,
    )

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["n"] == 1_000
    assert answer.json["by_language"] == {"km": 1_000}
    assert answer.json["by_channel"] == {"sms": 1_000, "voice": 1_000}
    assert answer.json["area_km2"] == pytest.approx(12_105, rel=0.01)
    assert answer.json["repairs"] == []


def test_audience_shows_repairs(client: FlaskClient, viewer: dict[str, str]) -> None:
    """A self-crossing polygon is repaired, and the repair is told."""
    bow = [[104, 11], [105, 12], [105, 11], [104, 12], [104, 11]]

    answer = client.post(
        AUDIENCE, json={"type": "Polygon", "coordinates": [bow]}, headers=viewer
    )

    assert answer.json is not None
    assert [repair["code"] for repair in answer.json["repairs"]] == ["made-valid"]


def test_audience_of_a_tangle(client: FlaskClient, viewer: dict[str, str]) -> None:
    """A shape that crosses itself everywhere is refused before it is worked on."""
    star = [[104 + math.cos(3 * k), 12 + math.sin(3 * k)] for k in range(400)]

    answer = client.post(
        AUDIENCE, json={"type": "Polygon", "coordinates": [star]}, headers=viewer
    )

    assert answer.status_code == 422
    assert answer.json is not None
    assert "crosses itself" in answer.json["detail"]


def test_audience_of_a_feature_collection(
    client: FlaskClient, viewer: dict[str, str]
) -> None:
    """Features and collections are read as one area."""
    feature = {"type": "Feature", "properties": {}, "geometry": SQUARE_JSON}
    document = {"type": "FeatureCollection", "features": [feature]}

    answer = client.post(AUDIENCE, json=document, headers=viewer)

    assert answer.json is not None
    assert answer.json["n"] == 1_000


def test_empty_audience_is_an_answer(
    client: FlaskClient, viewer: dict[str, str]
) -> None:
    """Nobody inside is a figure, not an error."""
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]

    answer = client.post(
        AUDIENCE, json={"type": "Polygon", "coordinates": [ring]}, headers=viewer
    )

    assert answer.json is not None
    assert answer.json["n"] == 0


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        (b"", "invalid-area"),
        (b"{", "invalid-area"),
        (b"\xff", "invalid-area"),
        (b'"text"', "invalid-area"),
        (b'{"type": "Point", "coordinates": [1, 2]}', "invalid-area"),
        (b'{"type": "Polygon", "coordinates": [[["a", "b"]]]}', "invalid-area"),
        (b'{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 2], [3, 1]]]}', None),
        (
            b'{"type": "Polygon", "coordinates": [[[11,104],[11,105],[12,105]]]}',
            "swapped-axes",
        ),
        (b'{"type": "Polygon", "coordinates": [' + b" " * 60_000 + b"]}", None),
        (b"[" * 20_000, "large-area"),
    ],
)
def test_audience_of_what_is_no_area(
    client: FlaskClient, viewer: dict[str, str], data: bytes, slug: str | None
) -> None:
    """What is no area gets a problem that says why."""
    answer = client.post(AUDIENCE, data=data, content_type=GEOJSON, headers=viewer)

    assert answer.status_code in {413, 422}
    document: dict[str, Any] | None = answer.json
    assert document is not None
    assert document["detail"]
    if slug:
        assert document["type"] == f"urn:tocsin:problem:{slug}"
