"""An application over fakes, and clients of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.operators import Role
from geofence.area import Limits
from telephony.carriers.signature import sign
from tests.web.fakes import PASSWORD, PUBLIC_URL, TOKEN, FakeServices
from web import WebOptions, register

Post = Callable[..., TestResponse]


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def app(services: FakeServices, tmp_path: Path) -> Flask:
    # A root elsewhere: the pages are found wherever the command is run.
    app = Flask("tocsin", static_folder=None, root_path=str(tmp_path))
    register(
        app,
        services=services,
        options=WebOptions(
            secret_key="k" * 32,
            public_url=PUBLIC_URL,
            max_upload_bytes=100_000,
            is_second_factor_required=False,
            area_limits=Limits(max_bytes=50_000, max_vertices=500),
        ),
        version="1.2.3",
    )
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def auth() -> Callable[[Role], dict[str, str]]:
    """Headers of a caller with a role."""
    return lambda role: {"Authorization": f"Bearer t-{role}"}


@pytest.fixture
def operator() -> dict[str, str]:
    return {"Authorization": "Bearer t-operator"}


@pytest.fixture
def approver() -> dict[str, str]:
    return {"Authorization": "Bearer t-approver"}


@pytest.fixture
def viewer() -> dict[str, str]:
    return {"Authorization": "Bearer t-viewer"}


@pytest.fixture
def admin() -> dict[str, str]:
    return {"Authorization": "Bearer t-admin"}


@pytest.fixture
def carrier_post(client: FlaskClient) -> Post:
    """Post a form as a carrier would: signed over the configured URL."""

    def post(
        path: str,
        form: Sequence[tuple[str, str]] = (("MessageStatus", "delivered"),),
        *,
        token: str = TOKEN,
        url: str = PUBLIC_URL,
    ) -> TestResponse:
        signature = sign(token, url + path, form)
        return client.post(
            path,
            data=dict(form),
            headers={"X-Twilio-Signature": signature},
            content_type="application/x-www-form-urlencoded",
        )

    return post


@pytest.fixture
def browser(app: Flask) -> Callable[[str], FlaskClient]:
    """A client with somebody signed in."""

    def sign_in(name: str = "viewer") -> FlaskClient:
        client = app.test_client()
        answer = client.post(
            "/sign-in",
            base_url=PUBLIC_URL,
            data={
                "name": name,
                "password": PASSWORD,
                "csrf_token": csrf_of(client.get("/sign-in", base_url=PUBLIC_URL)),
            },
        )
        assert answer.status_code == 303
        return client

    return sign_in


def csrf_of(page: TestResponse) -> str:
    """The token in a page's form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]
