"""What citizens report, and who needs help, at the console."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import csrf_of
from tests.web.fakes import PHONE, PUBLIC_URL, FakeServices
from warning.citizens.citizen_reports import CitizenReport, ReportKind, ReportState
from warning.citizens.help_requests import HelpState
from warning.citizens.voice_notes import VoiceNote
from warning.people.whereabout import Whereabout

Browser = Callable[..., FlaskClient]


def report(services: FakeServices, lon: float = 104.9, **changes: Any) -> int:
    """Somebody saw a flood."""
    known: dict[str, Any] = {
        "phone": PHONE,
        "language": "km",
        "kind": ReportKind.FLOOD,
        "is_hurt": False,
        "words": "Water in the <market>",
        "where": Whereabout(lon=lon, lat=11.5, accuracy_m=30.0, area_code="KH-12"),
        "reported_at": services.now(),
    }
    made = CitizenReport(**{**known, **changes})
    number = services.report_desk.add(made, by="operator").first.number
    assert number is not None
    return number


def post(client: FlaskClient, path: str, **form: str) -> int:
    """Send a form of a page; return the status."""
    token = csrf_of(client.get("/reports/", base_url=PUBLIC_URL))
    data = {"csrf_token": token, **form}
    return client.post(path, data=data, base_url=PUBLIC_URL).status_code


def test_the_inbox_shows_what_people_saw(
    services: FakeServices, browser: Browser
) -> None:
    """Kind, place, words as text; the map gets neither words nor numbers."""
    report(services, is_hurt=True)
    page = browser("viewer").get("/reports/", base_url=PUBLIC_URL).text

    assert "Phnom Penh" in page
    assert "Water in the &lt;market&gt;" in page
    found = re.search(r'data-points="([^"]*)"', page)
    assert found is not None
    (point,) = json.loads(unescape(found[1]))
    assert point.keys() == {"id", "lon", "lat", "kind", "state", "hurt", "n"}
    assert PHONE not in page


def test_only_operators_see_who_needs_help(
    services: FakeServices, browser: Browser
) -> None:
    """Numbers to call are for those who may act; a viewer sees none."""
    services.help_desk.ask(PHONE, is_urgent=True)

    assert PHONE in browser("operator").get("/reports/now", base_url=PUBLIC_URL).text
    assert PHONE not in browser().get("/reports/now", base_url=PUBLIC_URL).text


@pytest.mark.parametrize(
    ("step", "state"),
    [("verify", ReportState.VERIFIED), ("dismiss", ReportState.DISMISSED)],
)
def test_an_incident_is_judged(
    services: FakeServices, browser: Browser, step: str, state: ReportState
) -> None:
    """True, or put aside; by whom stands beside it."""
    number = report(services)
    client = browser("operator")

    assert post(client, f"/reports/{number}/{step}") == 303
    assert services.report_desk.known[number].state is state
    assert "operator" in client.get(f"/reports/{number}", base_url=PUBLIC_URL).text


def test_two_of_one_thing_are_put_together(
    services: FakeServices, browser: Browser
) -> None:
    """The nearest is offered first; afterwards there is one line with two reports."""
    first, far = report(services), report(services, lon=106.0)
    near = report(services, lon=104.901)
    client = browser("operator")
    page = client.get(f"/reports/{near}", base_url=PUBLIC_URL).text
    offered = re.findall(r'<option value="(\d+)"', page)

    assert offered == [str(first), str(far)]
    assert post(client, f"/reports/{near}/merge", other=str(first)) == 303
    assert services.report_desk.file(first).incident.n_reports == 2
    assert post(client, f"/reports/{first}/merge", other=str(first)) == 422
    assert post(client, f"/reports/{first}/merge", other="999") == 422


def test_reporters_are_answered(services: FakeServices, browser: Browser) -> None:
    """An answer goes to the phones; an empty one is refused and nothing is lost."""
    number = report(services)
    client = browser("operator")

    assert post(client, f"/reports/{number}/answer", words="We are coming.") == 303
    assert services.report_desk.answered == [(number, "We are coming.")]
    assert post(client, f"/reports/{number}/answer", words=" ") == 422


def test_help_is_cared_for_and_closed(services: FakeServices, browser: Browser) -> None:
    """Who cares for it is seen; closing needs a word; twice is said, not a fault."""
    number = services.help_desk.ask(PHONE)
    client = browser("operator")

    assert post(client, f"/reports/help/{number}/take") == 303
    assert services.help_desk.known[number].taken_by == "operator"
    post(client, f"/reports/help/{number}/close", outcome="")
    assert services.help_desk.known[number].state is HelpState.TAKEN
    post(client, f"/reports/help/{number}/close", outcome="A boat fetched them")
    assert services.help_desk.known[number].state is HelpState.CLOSED
    post(client, f"/reports/help/{number}/close", outcome="again")
    assert "closed" in client.get("/reports/", base_url=PUBLIC_URL).text


def test_what_was_spoken_is_heard(
    services: FakeServices, browser: Browser, tmp_path: Path
) -> None:
    """Where it is here it plays, else it says why not; a viewer hears nothing."""
    number = report(services)
    (tmp_path / "x.wav").write_bytes(b"RIFF")
    subject = f"report:{number}"
    services.voice.notes.known = [
        VoiceNote(number=1, subject=subject, ref="a", file="x", duration_ms=900),
        VoiceNote(number=2, subject=subject, ref="b", next_at=services.now()),
    ]
    services.voice.notes.folder = tmp_path
    client = browser("operator")
    page = client.get(f"/reports/{number}", base_url=PUBLIC_URL).text

    assert 'src="/reports/notes/1.wav"' in page
    assert "on its way from the carrier" in page
    heard = client.get("/reports/notes/1.wav", base_url=PUBLIC_URL)
    assert heard.data == b"RIFF"
    heard.close()
    viewer = browser("viewer")
    assert "notes/1" not in viewer.get(f"/reports/{number}", base_url=PUBLIC_URL).text
    refused = viewer.get("/reports/notes/1.wav", base_url=PUBLIC_URL)
    assert refused.status_code == 403


def test_whoever_needs_help_is_rung(services: FakeServices, browser: Browser) -> None:
    """The operator's own telephone first; a number that is none is told."""
    number = services.help_desk.ask(PHONE)
    client = browser("operator")

    assert post(client, f"/reports/help/{number}/call", own=PHONE) == 303
    assert services.help_desk.known[number].n_call_backs == 1
    post(client, f"/reports/help/{number}/call", own="12")
    assert services.help_desk.known[number].n_call_backs == 1


@pytest.mark.parametrize("path", ["/reports/99", "/reports/99/burn"])
def test_what_is_not_there_is_said(browser: Browser, path: str) -> None:
    """A number or a step that nobody knows is a page of ours."""
    client = browser("operator")
    method = "GET" if path.endswith("99") else "POST"
    token = csrf_of(client.get("/reports/", base_url=PUBLIC_URL))
    answer = client.open(
        path, method=method, data={"csrf_token": token}, base_url=PUBLIC_URL
    )

    assert answer.status_code == 404


def test_a_viewer_changes_nothing(services: FakeServices, browser: Browser) -> None:
    """Judging, merging and answering need an operator."""
    number = report(services)
    for step in ("verify", "merge", "answer"):
        assert post(browser("viewer"), f"/reports/{number}/{step}") == 403
