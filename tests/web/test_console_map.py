"""What the map is drawn from, and what is served for it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient

from tests.web.fakes import PROVINCES, PUBLIC_URL, SQUARE, FakeServices, make_form
from warning.alert import AlertState
from warning.cap import CapStatus
from web.console.assets import NODE_MODULES, PACKAGED

Browser = Callable[[str], FlaskClient]


def test_areas_are_outlines_with_names(browser: Browser) -> None:
    """Every area of the first level, as GeoJSON."""
    answer = browser("viewer").get("/console/layers/areas.geojson", base_url=PUBLIC_URL)

    features = json.loads(answer.text)["features"]
    names = {feature["properties"]["name"] for feature in features}
    assert answer.mimetype == "application/geo+json"
    assert names == set(PROVINCES.values())
    assert features[0]["geometry"]["type"] == "Polygon"


def test_what_is_picked_is_not_simplified(
    browser: Browser, services: FakeServices
) -> None:
    """People at a border are found: the outline is the imported one, point by point."""
    ragged = shapely.transform(
        shapely.segmentize(SQUARE, 0.01), lambda xy: xy + np.sin(xy * 1e4) * 1e-3
    )
    services.areas.outline = ragged

    answer = browser("viewer").get(
        "/console/layers/outlines.geojson?code=KH-12&code=nowhere",
        base_url=PUBLIC_URL,
    )

    (feature,) = json.loads(answer.text)["features"]
    assert shapely.geometry.shape(feature["geometry"]).equals_exact(ragged)
    assert feature["properties"] == {"code": "KH-12", "name": PROVINCES["KH-12"]}


def test_alerts_on_the_map_are_those_that_matter(
    browser: Browser, services: FakeServices
) -> None:
    """Live ones and those that wait; a drill says that it is one."""
    services.alert(AlertState.LIVE)
    services.alert(AlertState.SUBMITTED, make_form(status=CapStatus.EXERCISE))
    services.alert(AlertState.CANCELLED)

    answer = browser("viewer").get(
        "/console/layers/alerts.geojson", base_url=PUBLIC_URL
    )

    shown = [feature["properties"] for feature in json.loads(answer.text)["features"]]
    assert {(one["state"], one["is_drill"]) for one in shown} == {
        ("live", False),
        ("submitted", True),
    }
    assert {one["severity"] for one in shown} == {"Severe"}


@pytest.mark.parametrize("path", ["areas", "alerts", "outlines"])
def test_strangers_see_no_map(client: FlaskClient, path: str) -> None:
    """What is going on is for those who are signed in."""
    answer = client.get(f"/console/layers/{path}.geojson")

    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("name", sorted(PACKAGED))
def test_packages_come_from_here_and_compressed(client: FlaskClient, name: str) -> None:
    """Every file of a package is where npm put it; a browser gets it packed."""
    if not NODE_MODULES.is_dir():
        pytest.skip("npm packages are not installed: make setup")

    answer = client.get(f"/static/lib/{name}", headers={"Accept-Encoding": "gzip"})

    assert answer.status_code == 200
    assert gzip.decompress(answer.data) == (NODE_MODULES / PACKAGED[name]).read_bytes()
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("name", ["package.json", "..%2fapp.py", "maplibre-gl-dev.mjs"])
def test_nothing_else_of_a_package_is_served(client: FlaskClient, name: str) -> None:
    """A name that is not on the list is not there."""
    with client.get(f"/static/lib/{name}") as answer:
        assert answer.status_code == 404


def test_first_page_is_small(browser: Browser) -> None:
    """Without the map's library at most 300 KB, packed as it travels."""
    client = browser("viewer")
    page = client.get("/", base_url=PUBLIC_URL)
    ours = [
        "console.css",
        "tocsin.svg",
        "js/console.js",
        "js/map.js",
        "js/situation.js",
    ]
    packed = {"Accept-Encoding": "gzip"}
    paths = [f"/static/{name}" for name in ours]
    paths += [f"/static/lib/{name}" for name in ("land.json", "topojson-client.js")]
    n_bytes = len(page.data)
    for path in paths:
        with client.get(path, headers=packed) as answer:
            n_bytes += len(answer.data)

    assert n_bytes < 300_000
