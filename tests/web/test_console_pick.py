"""Areas chosen by name, where no script runs and no map is drawn."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import csrf_of
from tests.web.fakes import PROVINCES, PUBLIC_URL, FakeServices

Browser = Callable[[str], FlaskClient]
FILLED = {
    "drill": "1",
    "area_desc": "All of it",
    "hazard": "flood",
    "severity": "Severe",
    "hours": "6",
    "headline-en": "Flood water is rising",
    "instruction-en": "Go to high ground now.",
}


def submit(client: FlaskClient, **changes: str) -> TestResponse:
    token = csrf_of(client.get("/alerts/new", base_url=PUBLIC_URL))
    form = FILLED | changes | {"csrf_token": token}
    return client.post("/alerts/new", base_url=PUBLIC_URL, data=form)


def test_a_chosen_area_is_the_area(browser: Browser, services: FakeServices) -> None:
    """The list does what the map does."""
    code = next(iter(PROVINCES))

    done = submit(browser("operator"), pick=code)

    assert done.status_code == 303
    (case,) = services.board.list()
    assert case.cap.infos[0].areas[0].polygons


def test_a_country_of_many_areas(
    browser: Browser, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every one of them can be chosen, the last like the first."""
    for n in range(1_600):
        monkeypatch.setitem(PROVINCES, f"Z-{n:04}", f"Commune {n}")
    page = browser("operator").get("/alerts/new", base_url=PUBLIC_URL).text
    assert '<option value="Z-1599">Commune 1599</option>' in page

    assert submit(browser("operator"), pick="Z-1599").status_code == 303
    (case,) = services.board.list()
    assert case.cap.infos[0].areas[0].polygons


def test_an_area_that_nobody_knows_is_no_area(browser: Browser) -> None:
    """What was typed comes back with what is missing."""
    refused = submit(browser("operator"), pick="nowhere")

    assert refused.status_code == 422
    assert "choose areas, or paste coordinates" in refused.text
