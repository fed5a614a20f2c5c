"""Every error is a problem document, or a page for a person; none tells too much."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import RequestTimeout

import accounts.errors
import geofence.errors
import telephony.errors
import warning.errors
from geofence.errors import SwappedAxesError
from tests.web.fakes import PHONE, FakeServices
from warning.cap_documents.defects import blocks
from warning.cap_documents.errors import CapError
from warning.errors import DuplicateAlertError
from web.problems import PROBLEMS, problem_of


def test_unknown_path_of_the_api(client: FlaskClient) -> None:
    """A machine gets problem+json."""
    answer = client.get("/api/v1/nowhere")

    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert set(answer.json) == {"type", "title", "status", "detail"}
    assert answer.json["status"] == 404


def test_unknown_page(client: FlaskClient) -> None:
    """A person gets a page that says what to do next."""
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "There is nothing here" in answer.text
    assert 'href="/"' in answer.text


def test_wrong_method(client: FlaskClient) -> None:
    """405 names what is allowed."""
    answer = client.put("/api/v1/alerts")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.mimetype == "application/problem+json"


def test_defect_shows_nothing_and_logs_no_message(
    client: FlaskClient,
    services: FakeServices,
    viewer: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An unforeseen error shows an incident id; its message stays out of the log."""

    def fail(**_kwargs: object) -> None:
        raise RuntimeError(f"UNIQUE constraint failed: {PHONE}")

    monkeypatch.setattr(services.board, "list", fail)

    answer = client.get("/api/v1/alerts", headers=viewer)

    assert answer.status_code == 500
    assert answer.json is not None
    assert PHONE not in answer.text
    assert "Traceback" not in answer.text
    assert "RuntimeError" not in answer.text
    (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert answer.json["incident"] in record.getMessage()
    assert "RuntimeError" in record.getMessage()
    assert PHONE not in record.getMessage()


def test_defect_on_a_page(
    app: Flask, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same for a person."""
    monkeypatch.setattr(services.health, "readiness", None)
    monkeypatch.setattr(services.accounts, "by_name", lambda _name: None)
    monkeypatch.setattr("web.console.door.sign_in._form", None)

    answer = app.test_client().get("/sign-in")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "NoneType" not in answer.text


def test_database_that_does_not_answer(
    client: FlaskClient,
    services: FakeServices,
    viewer: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A store that is not there: 503 and when to come again, no address of it."""

    def fail(**_kwargs: object) -> None:
        raise ConnectionRefusedError("postgresql://tocsin:secret@db/tocsin")

    monkeypatch.setattr(services.board, "list", fail)

    answer = client.get("/api/v1/alerts", headers=viewer)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.json is not None
    assert answer.json["type"] == "urn:tocsin:problem:unavailable"
    assert "secret" not in answer.text


@pytest.mark.parametrize("server", [{}, {"wsgi.input_terminated": True}])
def test_connection_that_breaks(
    client: FlaskClient,
    services: FakeServices,
    operator: dict[str, str],
    server: dict[str, bool],
) -> None:
    """A file that stops in the middle is not half taken: 400, and nobody is added."""
    answer = client.post(
        "/api/v1/subscribers/import",
        data=b"phone,language\n+85511111111,km\n",
        content_type="text/csv",
        headers=operator,
        environ_overrides={"CONTENT_LENGTH": "5000", **server},
    )

    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert not services.people.phones


def test_file_without_a_length(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """In chunks a broken connection looks like the end: 411, and nobody is added."""
    answer = client.post(
        "/api/v1/subscribers/import",
        data=b"phone,language\n+85511111111,km\n",
        content_type="text/csv",
        headers=operator,
        environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked"},
    )

    assert answer.status_code == 411
    assert not services.people.phones


def test_refused_connection_of_another_kind() -> None:
    """An error of HTTP that has no sentence of ours keeps its own."""
    assert problem_of(RequestTimeout()).kind.slug == "request-timeout"


class DefectiveError(CapError):
    """A refusal of a document that has one."""

    defects = (blocks("doctype", "alert", 1, "It has a DOCTYPE."),)


def test_defects_of_a_document_are_listed() -> None:
    """An error that knows its defects tells each."""
    error = DefectiveError("The document has one defect.")

    assert problem_of(error).extensions == {
        "defects": [
            {
                "code": "doctype",
                "severity": "blocks",
                "element": "alert",
                "line": 1,
                "message": "It has a DOCTYPE.",
            }
        ]
    }


def test_known_alert_names_it() -> None:
    """Whoever sends a known alert is told which one it is."""
    problem = problem_of(DuplicateAlertError("Known.", alert_id="a1"))

    assert (problem.kind.status, problem.extensions) == (409, {"alert_id": "a1"})


def test_swapped_axes_offer_the_other_reading() -> None:
    """What a domain error knows goes into the document."""
    error = SwappedAxesError("Exchanged.", swapped={"type": "Polygon"})

    problem = problem_of(error)

    assert problem.kind.slug == "swapped-axes"
    assert problem.extensions == {"swapped": {"type": "Polygon"}}


@pytest.mark.parametrize(
    "module", [accounts.errors, geofence.errors, telephony.errors, warning.errors]
)
def test_every_domain_error_of_a_request_has_a_status(module: object) -> None:
    """A domain error is never answered as a defect of ours, but where it is one."""
    ours = {
        # Ours to repair, not the caller's.
        "TelephonyError",
        "CarrierConfigError",
        "ContentError",
        "AlertError",
        "CapError",
        # Of a job, never of a request.
        "FeedError",
        "FeedTooLargeError",
        "RecordingLateError",
        "RecordingLostError",
    }
    for name, error in vars(module).items():
        if not isinstance(error, type) or not issubclass(error, Exception):
            continue
        families = set(error.__mro__) & set(PROBLEMS)
        assert families or name in ours, name
