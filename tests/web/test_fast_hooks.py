"""The way ahead of Flask answers byte for byte as the views behind it do.

Each vector is sent to both: to the application, and to Flask with nothing in front.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telephony.carriers.signature import sign
from telephony.delivery import CarrierEvent
from tests.web.fakes import PHONE, PUBLIC_URL, TOKEN, FakeServices

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MESSAGE = "/telephony/main/messages/5/status"
CALL = "/telephony/main/calls/7/status"
ANSWERER = "/telephony/main/calls/7/answerer"
FORM_TYPE = "application/x-www-form-urlencoded"
FORM = (("MessageSid", "SM" + "a" * 32), ("MessageStatus", "delivered"), ("To", PHONE))
CHUNKED: dict[str, object] = {
    "CONTENT_LENGTH": None,
    "HTTP_TRANSFER_ENCODING": "chunked",
}
ENDED: dict[str, object] = {"wsgi.input_terminated": True}


@dataclass(frozen=True)
class Vector:
    """A request, and what must come of it so that the test is not about nothing."""

    expected: HTTPStatus
    path: str = MESSAGE
    query: str = ""
    form: Sequence[tuple[str, str]] = FORM
    #: Instead of the form.
    body: bytes | None = None
    method: str = "POST"
    content_type: str = FORM_TYPE
    #: None signs it as it should be.
    signature: str | None = None
    #: What differs in the WSGI environment; None leaves a key out.
    environ: Mapping[str, object] = field(default_factory=dict)


OK = HTTPStatus.NO_CONTENT
FORBIDDEN = HTTPStatus.FORBIDDEN
NOT_FOUND = HTTPStatus.NOT_FOUND
TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
MEDIA = HTTPStatus.UNSUPPORTED_MEDIA_TYPE

VECTORS = {
    "message": Vector(OK),
    "call": Vector(OK, path=CALL),
    "answerer": Vector(OK, path=ANSWERER, form=(("AnsweredBy", "machine_start"),)),
    "answerer unsigned": Vector(FORBIDDEN, path=ANSWERER, signature=""),
    "answerer badly signed": Vector(FORBIDDEN, path=ANSWERER, signature="AAAA"),
    "answerer of an unknown carrier": Vector(
        FORBIDDEN, path=ANSWERER.replace("main", "other")
    ),
    "answerer of a text": Vector(NOT_FOUND, path=ANSWERER.replace("calls", "messages")),
    "answerer, largest attempt": Vector(OK, path=ANSWERER.replace("7", "9" * 18)),
    "answerer, trailing slash": Vector(NOT_FOUND, path=f"{ANSWERER}/"),
    "answerer asked for": Vector(
        HTTPStatus.METHOD_NOT_ALLOWED, path=ANSWERER, method="GET"
    ),
    "answerer as json": Vector(
        MEDIA, path=ANSWERER, content_type="application/json", body=b"{}"
    ),
    "terminated by the server": Vector(OK, environ=ENDED),
    "unknown attempt": Vector(OK, path=MESSAGE.replace("5", "999999")),
    "leading zeros": Vector(OK, path=MESSAGE.replace("5", "0005")),
    "largest attempt": Vector(OK, path=MESSAGE.replace("5", str(2**63 - 1))),
    "beyond the largest": Vector(NOT_FOUND, path=MESSAGE.replace("5", str(2**63))),
    "eighteen digits": Vector(OK, path=MESSAGE.replace("5", "9" * 18)),
    "blank values": Vector(OK, form=(("CallDuration", ""), ("", "x"), ("", ""))),
    "no field": Vector(OK, form=()),
    "unicode": Vector(OK, form=(("Body", "ចាកចេញ ✋"), ("ឈ្មោះ", "é\0\n"))),
    "field twice": Vector(OK, form=(("a", "2"), ("a", "1"), ("a", "2"))),
    "query": Vector(OK, query="b=%2B1&a=x%20y&a"),
    "query of an ampersand": Vector(OK, query="&"),
    "charset": Vector(OK, content_type=f"{FORM_TYPE}; charset=UTF-8"),
    "shouted type": Vector(OK, content_type=FORM_TYPE.upper()),
    "200 fields": Vector(OK, form=tuple((f"f{n}", "1") for n in range(200))),
    "other host": Vector(OK, environ={"HTTP_HOST": "10.0.0.5:8080"}),
    "host that is none": Vector(OK, environ={"HTTP_HOST": "a b\\c"}),
    "no host": Vector(OK, environ={"HTTP_HOST": None}),
    "behind a proxy": Vector(
        OK, environ={"HTTP_X_FORWARDED_HOST": "e.org", "HTTP_X_FORWARDED_PROTO": "http"}
    ),
    "under a prefix": Vector(OK, environ={"SCRIPT_NAME": "/tocsin"}),
    "with a cookie": Vector(OK, environ={"HTTP_COOKIE": "tocsin=x"}),
    "chunked": Vector(OK, environ=CHUNKED | ENDED),
    "chunked, unread by the server": Vector(FORBIDDEN, environ=CHUNKED),
    "length of nothing": Vector(FORBIDDEN, environ={"CONTENT_LENGTH": "0"}),
    "length of nonsense": Vector(FORBIDDEN, environ={"CONTENT_LENGTH": "x"}),
    "negative length": Vector(FORBIDDEN, environ={"CONTENT_LENGTH": "-1"}),
    "broken off": Vector(HTTPStatus.BAD_REQUEST, environ={"CONTENT_LENGTH": "999"}),
    "websocket": Vector(
        HTTPStatus.BAD_REQUEST,
        environ={"HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "Upgrade"},
    ),
    "unsigned": Vector(FORBIDDEN, signature=""),
    "badly signed": Vector(FORBIDDEN, signature="AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    "signature in another script": Vector(FORBIDDEN, signature="\xe9\xff"),
    "unknown carrier": Vector(FORBIDDEN, path=MESSAGE.replace("main", "other")),
    "carrier of dots": Vector(FORBIDDEN, path=MESSAGE.replace("main", "..")),
    "carrier with a space": Vector(FORBIDDEN, path=MESSAGE.replace("main", "a b")),
    "carrier in another script": Vector(
        FORBIDDEN, path=MESSAGE.replace("main", "ក".encode().decode("latin-1"))
    ),
    "path that is no text": Vector(FORBIDDEN, path=MESSAGE.replace("main", "\xff")),
    "bytes that are no text": Vector(FORBIDDEN, body=b"Body=%ff\xff&x=%zz"),
    "surrogate": Vector(FORBIDDEN, body=b"Body=%ed%a0%80"),
    "oversized": Vector(TOO_LARGE, body=b"Body=" + b"x" * 70_000),
    # No more than the limit is read of it, so it cannot be what was signed.
    "oversized in chunks": Vector(
        FORBIDDEN, body=b"Body=" + b"x" * 70_000, environ=CHUNKED | ENDED
    ),
    "201 fields": Vector(TOO_LARGE, form=tuple((f"f{n}", "1") for n in range(201))),
    "json": Vector(MEDIA, content_type="application/json", body=b"{}"),
    "multipart": Vector(MEDIA, content_type="multipart/form-data; boundary=x"),
    "no type": Vector(MEDIA, content_type=""),
    "get": Vector(HTTPStatus.METHOD_NOT_ALLOWED, method="GET"),
    "head": Vector(HTTPStatus.METHOD_NOT_ALLOWED, method="HEAD"),
    "options": Vector(HTTPStatus.OK, method="OPTIONS"),
    "post in lower case": Vector(OK, method="post"),
    "trailing slash": Vector(NOT_FOUND, path=f"{MESSAGE}/"),
    "newline at the end": Vector(NOT_FOUND, path=f"{MESSAGE}\n"),
    "two slashes": Vector(
        HTTPStatus.PERMANENT_REDIRECT, path=MESSAGE.replace("/5", "//5")
    ),
    "two slashes in front": Vector(FORBIDDEN, path=f"/{MESSAGE}"),
    "no attempt": Vector(NOT_FOUND, path=MESSAGE.replace("5", "abc")),
    "negative attempt": Vector(NOT_FOUND, path=MESSAGE.replace("5", "-1")),
    "other digits": Vector(
        FORBIDDEN, path=MESSAGE.replace("5", "៥".encode().decode("latin-1"))
    ),
    "no carrier": Vector(NOT_FOUND, path=MESSAGE.replace("/main", "")),
    "another noun": Vector(NOT_FOUND, path=MESSAGE.replace("messages", "letters")),
    "no path": Vector(NOT_FOUND, path=""),
}


@dataclass
class Sent:
    """What an application made of a vector."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    events: list[CarrierEvent]
    logged: list[str]


Send = Callable[[Vector, bool], Sent]


@pytest.fixture
def send(app: Flask, services: FakeServices, caplog: pytest.LogCaptureFixture) -> Send:
    """Send a vector through the way ahead of Flask, or to Flask alone."""

    def to(vector: Vector, is_fast: bool) -> Sent:
        reference: WSGIApplication = partial(Flask.wsgi_app, app)
        services.sink.events.clear()
        caplog.clear()
        sent = ask(app.wsgi_app if is_fast else reference, environ_of(vector))
        sent.events = list(services.sink.events)
        sent.logged = [
            record.getMessage()
            for record in caplog.records
            if record.name.startswith("web.")
        ]
        return sent

    return to


def environ_of(vector: Vector) -> dict[str, object]:
    """The request as a WSGI server hands it over."""
    body = urlencode(vector.form).encode() if vector.body is None else vector.body
    url = PUBLIC_URL + vector.path + (f"?{vector.query}" if vector.query else "")
    right = sign(TOKEN, url, vector.form)
    environ: dict[str, object] = {
        "REQUEST_METHOD": vector.method,
        "PATH_INFO": vector.path,
        "QUERY_STRING": vector.query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "warning.example.org",
        "CONTENT_TYPE": vector.content_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_TWILIO_SIGNATURE": right
        if vector.signature is None
        else vector.signature,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
    } | dict(vector.environ)
    return {key: value for key, value in environ.items() if value is not None}


def ask(application: WSGIApplication, environ: dict[str, object]) -> Sent:
    """Serve a request as a server does."""
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], object]:
        told.append((status, headers))
        return lambda _data: None

    parts = application(environ, start_response)
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    ((status, headers),) = told
    return Sent(status, headers, body, [], [])


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS.keys())
def test_both_ways_answer_the_same(send: Send, vector: Vector) -> None:
    """Status, headers, body, what is kept and what is logged: all the same."""
    fast, reference = send(vector, True), send(vector, False)

    assert fast == reference
    assert fast.status.startswith(str(vector.expected.value))
    assert bool(fast.events) is (vector.expected is OK)


@pytest.mark.parametrize("path", [MESSAGE, CALL, ANSWERER])
def test_not_kept_is_the_same(send: Send, services: FakeServices, path: str) -> None:
    """What could not be made durable is refused in the same words."""
    services.sink.is_full = True
    fast, reference = (
        send(Vector(OK, path=path), is_fast) for is_fast in (True, False)
    )

    assert fast == reference
    assert fast.status.startswith("503")
    assert ("Retry-After", "5") in fast.headers


def test_defect_is_the_same_but_for_its_number(
    send: Send, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody expected is 500 with an incident, and its message is nowhere."""

    def break_down(_event: object) -> None:
        raise LookupError(PHONE)

    monkeypatch.setattr(services.sink, "keep", break_down)
    monkeypatch.setattr("web.problems.secrets.token_hex", lambda _n: "0badf00d")
    fast, reference = (send(Vector(OK), is_fast) for is_fast in (True, False))

    fast_log, reference_log = fast.logged.pop(), reference.logged.pop()
    assert fast == reference
    assert fast.status.startswith("500")
    first, _ = fast_log.split("\n", 1)
    assert first == reference_log.split("\n", 1)[0]
    assert PHONE not in fast_log + fast.body.decode()


def test_flask_is_asked_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A status goes by without Flask; everything else reaches it."""
    asked: list[str] = []
    monkeypatch.setattr(
        app, "request_context", lambda environ: asked.append(environ["PATH_INFO"])
    )
    sent = ask(app.wsgi_app, environ_of(Vector(OK)))
    assert sent.status.startswith("204")
    assert not asked


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    form=st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs"]), max_size=9)] * 2),
        max_size=9,
    ),
    tail=st.text("/0123456789statu", max_size=9),
)
def test_any_form_at_any_path(
    send: Send, form: list[tuple[str, str]], tail: str
) -> None:
    """Whatever is in the form and at the end of the path, both ways agree."""
    for path in (MESSAGE, MESSAGE[:22] + tail):
        vector = Vector(OK, form=form, path=path)
        assert send(vector, True) == send(vector, False)


SCRIPT = "/telephony/main/calls/7/script"
AT_MENU = f"{SCRIPT}/en.menu.1.1"
CALLED = (("CallSid", "CA" + "a" * 32), ("To", PHONE), ("CallStatus", "in-progress"))
STEPS = {
    "answered": Vector(HTTPStatus.OK, path=SCRIPT, form=CALLED),
    "key": Vector(HTTPStatus.OK, path=AT_MENU, form=(*CALLED, ("Digits", "1"))),
    "no such key": Vector(HTTPStatus.OK, path=AT_MENU, form=(*CALLED, ("Digits", "#"))),
    "silence": Vector(HTTPStatus.OK, path=AT_MENU, form=CALLED),
    "chunked": Vector(HTTPStatus.OK, path=SCRIPT, environ=CHUNKED | ENDED),
    "no such step": Vector(NOT_FOUND, path=f"{SCRIPT}/en.nowhere.1.1"),
    "no position": Vector(NOT_FOUND, path=f"{SCRIPT}/nonsense"),
    "long position": Vector(NOT_FOUND, path=f"{SCRIPT}/{'a' * 401}"),
    "position to be quoted": Vector(FORBIDDEN, path=f"{SCRIPT}/en menu"),
    "never called": Vector(NOT_FOUND, path=SCRIPT.replace("7", "8")),
    "unsigned": Vector(FORBIDDEN, path=AT_MENU, signature=""),
    "unsigned at first": Vector(FORBIDDEN, path=SCRIPT, signature=""),
    "unknown carrier": Vector(FORBIDDEN, path=SCRIPT.replace("main", "other")),
    "trailing slash": Vector(NOT_FOUND, path=f"{SCRIPT}/"),
    "get": Vector(HTTPStatus.METHOD_NOT_ALLOWED, path=SCRIPT, method="GET"),
    "json": Vector(MEDIA, path=SCRIPT, content_type="application/json", body=b"{}"),
}


@pytest.mark.parametrize("vector", STEPS.values(), ids=STEPS.keys())
def test_both_ways_speak_the_same(send: Send, vector: Vector) -> None:
    """A call's next words, and what is refused: byte for byte."""
    fast, reference = send(vector, True), send(vector, False)

    assert fast == reference
    assert fast.status.startswith(str(vector.expected.value))


def test_a_key_that_is_not_kept_is_refused_alike(
    send: Send, services: FakeServices
) -> None:
    """Nobody hears thanks for what is not durable."""
    services.sink.is_full = True
    fast, reference = (send(STEPS["key"], is_fast) for is_fast in (True, False))

    assert fast == reference
    assert fast.status.startswith("503")
