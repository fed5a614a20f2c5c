"""Webhooks: signed, bounded, durable before 2xx; by the fast way and by Flask alone."""

from __future__ import annotations

import logging
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient

from telephony.carriers.signature import sign
from telephony.delivery import EventKind
from tests.web.conftest import Post
from tests.web.fakes import PHONE, PUBLIC_URL, TOKEN, FakeServices

MESSAGE = "/telephony/main/messages/5/status"
CALL = "/telephony/main/calls/7/status"
INBOUND = "/telephony/main/inbound/message"
SCRIPT = "/telephony/main/calls/7/script"
FORM = "application/x-www-form-urlencoded"
EVERY_PATH = [MESSAGE, CALL, INBOUND, SCRIPT, f"{SCRIPT}/en.menu.1.1"]


@pytest.fixture(params=["ahead of Flask", "Flask"])
def client(
    app: Flask, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> FlaskClient:
    """A client of the application, with and without the fast way in front."""
    if request.param == "Flask":
        monkeypatch.setattr(app, "wsgi_app", partial(Flask.wsgi_app, app))
    return app.test_client()


@pytest.mark.parametrize(
    ("path", "kind", "attempt"),
    [
        (MESSAGE, EventKind.MESSAGE_STATUS, 5),
        (CALL, EventKind.CALL_STATUS, 7),
    ],
)
def test_status_is_kept_then_answered(
    carrier_post: Post,
    services: FakeServices,
    path: str,
    kind: EventKind,
    attempt: int,
) -> None:
    """A signed status is kept as it came and answered 204 with no body."""
    form = (("To", PHONE), ("MessageStatus", "delivered"), ("CallDuration", ""))

    answer = carrier_post(path, form)

    assert (answer.status_code, answer.data) == (204, b"")
    (event,) = services.sink.events
    assert (event.kind, event.carrier, event.attempt_id) == (kind, "main", attempt)
    assert tuple(event.form) == form


def test_unknown_attempt_is_kept(carrier_post: Post, services: FakeServices) -> None:
    """A status of an attempt nobody knows is kept for a person to look at."""
    answer = carrier_post("/telephony/main/messages/999999/status")

    assert answer.status_code == 204
    assert services.sink.events[0].attempt_id == 999_999


def test_not_durable_is_not_2xx(carrier_post: Post, services: FakeServices) -> None:
    """What could not be kept is answered 503, so that the carrier comes again."""
    services.sink.is_full = True

    answer = carrier_post(MESSAGE)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize("path", EVERY_PATH)
def test_unsigned_is_refused(
    client: FlaskClient,
    services: FakeServices,
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    """No signature: 403, nothing kept, one log line without the number."""
    answer = client.post(path, data={"From": PHONE, "Body": "1"})

    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["type"] == "urn:tocsin:problem:signature"
    assert answer.mimetype == "application/problem+json"
    assert not services.sink.events
    refused = [r for r in caplog.records if r.levelno == logging.WARNING]
    assert len(refused) == 1
    assert PHONE not in caplog.text


def test_path_is_not_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """A forger's path cannot put a number into the log."""
    client.post(f"/telephony/{PHONE}/messages/5/status", data={"a": "b"})

    assert "Refused" in caplog.text
    assert PHONE not in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [{"token": "other"}, {"url": "http://localhost"}, {"url": "https://evil.example"}],
)
def test_badly_signed_is_refused(
    carrier_post: Post, services: FakeServices, wrong: dict[str, str]
) -> None:
    """Another token, or another URL than the configured one, is no signature."""
    assert carrier_post(MESSAGE, **wrong).status_code == 403
    assert not services.sink.events


def test_unknown_carrier_is_refused(carrier_post: Post) -> None:
    """A carrier that is not configured cannot sign."""
    assert carrier_post(MESSAGE.replace("main", "other")).status_code == 403


def test_query_is_part_of_what_is_signed(
    carrier_post: Post, services: FakeServices
) -> None:
    """The signature covers the query exactly as it came."""
    assert carrier_post(f"{MESSAGE}?b=%2B1&a=x%20y").status_code == 204
    assert len(services.sink.events) == 1


def test_host_header_does_not_matter(
    client: FlaskClient, services: FakeServices
) -> None:
    """What a proxy calls us is not what was signed."""

    signature = sign(TOKEN, PUBLIC_URL + MESSAGE, [("a", "b")])
    answer = client.post(
        MESSAGE,
        base_url="http://10.0.0.5:8080",
        data={"a": "b"},
        headers={"X-Twilio-Signature": signature},
    )
    assert answer.status_code == 204


@pytest.mark.parametrize("path", EVERY_PATH)
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"MessageStatus": "delivered"}'),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("text/plain", b"hello"),
    ],
)
def test_non_form_is_refused(
    client: FlaskClient, path: str, content_type: str, body: bytes
) -> None:
    """Only a form can be signed as carriers sign."""
    answer = client.post(path, data=body, content_type=content_type)

    assert answer.status_code == 415
    assert answer.json is not None
    assert FORM in answer.json["detail"]


@pytest.mark.parametrize("path", EVERY_PATH)
def test_oversized_is_refused(
    client: FlaskClient, services: FakeServices, path: str
) -> None:
    """A body beyond the limit is not read."""
    answer = client.post(path, data=b"Body=" + b"x" * 70_000, content_type=FORM)

    assert answer.status_code == 413
    assert not services.sink.events


def test_too_many_fields_are_refused(client: FlaskClient) -> None:
    """A form of a thousand fields is no callback."""
    body = "&".join(f"f{n}=1" for n in range(1_000))

    answer = client.post(MESSAGE, data=body, content_type=FORM)

    assert answer.status_code == 413


def test_bytes_that_are_no_text_are_refused(client: FlaskClient) -> None:
    """Undecodable bytes cannot be signed; they break nothing."""
    answer = client.post(MESSAGE, data=b"Body=%ff\xff&x=%zz", content_type=FORM)

    assert answer.status_code == 403


@pytest.mark.parametrize("path", EVERY_PATH)
def test_only_post(client: FlaskClient, path: str) -> None:
    """Nothing is shown to a browser."""
    answer = client.get(path)

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("attempt", ["abc", "-1", "9" * 30])
def test_attempt_must_be_a_number(carrier_post: Post, attempt: str) -> None:
    """A path that we never gave out leads nowhere."""
    answer = carrier_post(f"/telephony/main/messages/{attempt}/status")

    assert answer.status_code == 404


def test_inbound_message_is_answered_with_an_empty_document(
    carrier_post: Post, services: FakeServices
) -> None:
    """Somleng takes an empty body for an error, so the answer is a document."""
    answer = carrier_post(INBOUND, (("From", PHONE), ("Body", "STOP ✋")))

    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    assert answer.text.endswith("<Response/>")
    (event,) = services.sink.events
    assert event.value("Body") == "STOP ✋"
    assert event.attempt_id is None


def test_answered_call_gets_its_script(carrier_post: Post) -> None:
    """The first request of a call has no position and gets the first words."""
    answer = carrier_post(SCRIPT, (("CallSid", "CA1"),))

    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    assert "/telephony/main/calls/7/script/en." in answer.text


def test_key_is_judged_at_the_position_in_the_url(
    carrier_post: Post, services: FakeServices
) -> None:
    """The next request carries where the call stands, and what was pressed is kept."""
    first = carrier_post(SCRIPT, (("CallSid", "CA1"),)).text
    path = first.split("https://warning.example.org")[1].split('"')[0]

    answer = carrier_post(path, (("CallSid", "CA1"), ("Digits", "1")))

    assert answer.status_code == 200
    assert services.sink.events[0].kind is EventKind.CALL_STEP
    assert services.sink.events[0].answers


def test_unknown_call_is_not_found(carrier_post: Post) -> None:
    """A call that was never made has no script."""
    assert carrier_post("/telephony/main/calls/8/script").status_code == 404


@pytest.mark.parametrize("position", ["nonsense", "en.nowhere.1.1", "en.menu.1.1.x"])
def test_wrong_position_is_not_found(carrier_post: Post, position: str) -> None:
    """A position that does not belong to the script is refused."""
    assert carrier_post(f"{SCRIPT}/{position}").status_code == 404
