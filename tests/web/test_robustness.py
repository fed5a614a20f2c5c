"""Whatever is sent, the answer is a sentence and never a defect of ours."""

from __future__ import annotations

import json
import string
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.alert_bodies import body
from tests.web.fakes import PUBLIC_URL, FakeServices
from web import WebOptions, register
from web.registration import operations

ADMIN = {"Authorization": "Bearer t-admin"}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)
MEDIA_TYPES = sorted({media for o in operations() for media in o.bodies})
POSTS = [o for o in operations() if o.method == "POST"]


@cache
def client() -> FlaskClient:
    app = Flask("tocsin", static_folder=None)
    register(
        app,
        services=FakeServices(),
        options=WebOptions(secret_key="k" * 32, public_url=PUBLIC_URL),
        version="1",
    )
    return app.test_client()


def check(status: int, mimetype: str | None, document: Any) -> None:
    """An answer that is no success is a problem with a sentence."""
    assert status < 500, document
    if status >= 400:
        assert mimetype == "application/problem+json"
        assert document["status"] == status
        assert document["detail"]


@settings(max_examples=150)
@given(st.sampled_from(POSTS), st.sampled_from(MEDIA_TYPES), st.binary(max_size=300))
def test_any_bytes(operation: Any, media_type: str, data: bytes) -> None:
    """Any bytes of any media type on any route."""
    path = f"/api/v1{operation.rule}".replace("<alert_id>", "a1")
    try:
        data.decode()
    except UnicodeDecodeError:
        if media_type == "text/csv":
            return  # what bytes a list of people may have is not the web's business
    answer = client().post(path, data=data, content_type=media_type, headers=ADMIN)

    check(answer.status_code, answer.mimetype, answer.json)


@settings(max_examples=150)
@given(st.sampled_from(sorted(body())), JSON_VALUES)
def test_any_member(name: str, value: Any) -> None:
    """Any value in the place of any member of an alert."""
    data = json.dumps({**body(), name: value})

    answer = client().post(
        "/api/v1/alerts", data=data, content_type="application/json", headers=ADMIN
    )

    check(answer.status_code, answer.mimetype, answer.json)


@settings(max_examples=100)
@given(JSON_VALUES)
def test_any_geometry(value: Any) -> None:
    """Any coordinates of any geometry."""
    document = {"type": "MultiPolygon", "coordinates": value}

    answer = client().post("/api/v1/audience", json=document, headers=ADMIN)

    check(answer.status_code, answer.mimetype, answer.json)


@settings(max_examples=100)
@given(
    st.sampled_from(["/alerts", "/areas", "/alerts/a1/deliveries", "/alerts/"]),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_any_query_and_path(path: str, name: str, value: str) -> None:
    """Any parameter with any value, and any id."""
    query = {name: value, "cursor": value}
    for url in (f"/api/v1{path}", f"/api/v1/alerts/{_quoted(value)}/cap"):
        answer = client().get(url, query_string=query, headers=ADMIN)
        check(answer.status_code, answer.mimetype, answer.json)


@settings(max_examples=100)
@given(st.text(max_size=30), st.binary(max_size=100))
def test_any_callback(position: str, data: bytes) -> None:
    """Any form at any position of a call, unsigned: refused, never a defect."""
    answer = client().post(
        f"/telephony/main/calls/7/script/{_quoted(position)}",
        data=data,
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code in {403, 404, 405, 308}


def _quoted(text: str) -> str:
    """A text as one segment of a path, percent-encoded byte by byte."""
    safe = set(string.ascii_letters + string.digits)
    data = text.encode("utf-8", "surrogatepass")
    return "".join(chr(b) if chr(b) in safe else f"%{b:02X}" for b in data) or "x"


@pytest.mark.parametrize("path", ["/alerts", "/audience", "/messages/preview"])
def test_a_million_points_are_told_unparsed(path: str) -> None:
    """Not even whether it is JSON is asked of a body that can only be too large."""
    data = b'{"area":' + b"[1,2]," * 2_100_000
    answer = client().post(
        f"/api/v1{path}", data=data, content_type="application/json", headers=ADMIN
    )
    assert answer.status_code == 413
    assert "points" in answer.get_json()["detail"]
