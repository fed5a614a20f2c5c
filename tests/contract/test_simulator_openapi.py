"""Twilio's published OpenAPI description judges every answer of the built-in telco.

The description is not part of the project; it is read where the data lies beside it,
and the tests are skipped where it does not. The official client sends the requests, so
these are judged too. Only the Twilio dialect can pass: Somleng's ids and error codes
are outside what Twilio describes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.response.exceptions import (
    InvalidData,
)
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from simulator.config import OwnedNumber, SimulatorConfig
from simulator.testing import RunningSimulator, running
from simulator.twilio_rules import TwilioRules

DESCRIPTION = (
    Path(__file__).parents[3] / "shared" / "data" / "twilio" / "twilio_api_v2010.json"
)
#: The host the description is about; requests are judged as if they went there.
HOST = "https://api.twilio.com"
PHONE = "+85512345678"

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(
        not DESCRIPTION.is_file(), reason=f"No OpenAPI description at {DESCRIPTION}."
    ),
]


@cache
def description() -> OpenAPI:
    return OpenAPI.from_dict(json.loads(DESCRIPTION.read_text()))


#: It logs whole requests, telephone numbers and all, where no test may.
logging.getLogger("official").setLevel(logging.WARNING)


class JudgingClient(TwilioHttpClient):
    """Sends requests of the official client, and has each exchange judged."""

    def __init__(self) -> None:
        super().__init__(timeout=30, logger=logging.getLogger("official"))
        self.n_judged = 0

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().request(method, url, *args, **kwargs)
        if response.status_code < HTTPStatus.BAD_REQUEST:
            # Refusals are not described: only their form is Twilio's.
            judge(method, url, args, kwargs, response)
            self.n_judged += 1
        return response


def judge(
    method: str,
    url: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    answer: Response,
) -> None:
    """Raise what is wrong with a request or with its answer."""
    params = kwargs.get("params") or (args[0] if args else None) or {}
    data = kwargs.get("data") or (args[1] if len(args) > 1 else None) or {}
    parts = urlsplit(url)
    request = MockRequest(
        HOST,
        method,
        parts.path,
        args={**dict(parse_qsl(parts.query)), **params},
        headers={"Authorization": "Basic x"},
        data=urlencode(data, doseq=True).encode(),
        content_type="application/x-www-form-urlencoded" if data else "",
    )
    description().validate_request(request)
    text = answer.text or ""
    response = MockResponse(text.encode(), answer.status_code)
    description().validate_response(request, response)


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    config = SimulatorConfig(
        time_scale=1000.0,
        numbers=(OwnedNumber(number="+15005550006"), OwnedNumber(number="1294")),
    )
    with running(config) as started:
        yield started


@pytest.fixture
def judging() -> JudgingClient:
    return JudgingClient()


@pytest.fixture
def client(simulator: RunningSimulator, judging: JudgingClient) -> Client:
    config = simulator.config
    client = Client(config.account_sid, config.auth_token, http_client=judging)
    client.api.base_url = simulator.base_url
    return client


@pytest.mark.parametrize("fate", ["delivered", "dead", "unreachable"])
def test_messages(
    simulator: RunningSimulator, client: Client, judging: JudgingClient, fate: str
) -> None:
    """Create, fetch, list in pages, redact and delete, in every final state."""
    simulator.force(PHONE, sms=fate)
    for _ in range(3):
        made = client.messages.create(
            to=PHONE,
            from_="1294",
            body="ចាកចេញឥឡូវនេះ",
            validity_period=600,
            status_callback="http://127.0.0.1:9/status",
        )
        assert made.status == "queued"
    simulator.wait_until_quiet()
    fetched = client.messages(made.sid).fetch()
    assert (fetched.error_code is None) == (fate == "delivered")
    assert len(client.messages.list(to=PHONE, page_size=2)) == 3
    client.messages(made.sid).update(body="")
    assert client.messages(made.sid).delete()
    assert judging.n_judged == 8


@pytest.mark.parametrize("fate", ["answered", "busy", "no-answer", "dead", "voicemail"])
def test_calls(
    simulator: RunningSimulator, client: Client, judging: JudgingClient, fate: str
) -> None:
    """Create, fetch, list in pages, end and delete, in every final state."""
    simulator.force(PHONE, call=fate)
    for _ in range(3):
        made = client.calls.create(
            to=PHONE,
            from_="1294",
            twiml="<Response><Say>Leave now</Say></Response>",
            status_callback="http://127.0.0.1:9/status",
            status_callback_event=["initiated", "answered", "completed"],
            machine_detection="Enable",
            timeout=40,
        )
        assert made.status == "queued"
    simulator.wait_until_quiet()
    fetched = client.calls(made.sid).fetch()
    assert (fetched.duration is not None) == (fate in {"answered", "voicemail"})
    assert len(client.calls.list(to=PHONE, status=fetched.status, page_size=2)) == 3
    assert client.calls(made.sid).update(status="completed").status == fetched.status
    assert client.calls(made.sid).delete()
    assert judging.n_judged == 8


def test_account(client: Client, judging: JudgingClient) -> None:
    """The account and its numbers."""
    assert client.api.accounts(client.account_sid).fetch().status == "active"
    numbers = [number.phone_number for number in client.incoming_phone_numbers.list()]
    assert numbers == ["+15005550006", "1294"]
    assert judging.n_judged == 2


def test_recordings(
    simulator: RunningSimulator, client: Client, judging: JudgingClient
) -> None:
    """What a call recorded."""
    simulator.force(PHONE, keys=[])
    client.calls.create(to=PHONE, from_="1294", twiml="<Response><Record/></Response>")
    simulator.wait_until_quiet()
    kinds = {
        entry["kind"]: entry["text"]
        for entry in simulator.inbox(PHONE)["calls"][0]["transcript"]
    }
    sid = PurePosixPath(urlsplit(kinds["recorded"]).path).stem
    recording = client.recordings(sid).fetch()
    assert recording.duration == "6"
    assert judging.n_judged == 2


def test_refusals_are_understood(client: Client) -> None:
    """The official client reads code, status and text of a refusal."""
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to="+15005550004", from_="1294", body="x")
    assert (refused.value.status, refused.value.code) == (400, 21610)


def test_the_judge_judges(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """An id that is not Twilio's is caught: the tests above can fail."""
    monkeypatch.setattr(TwilioRules, "new_sid", lambda _self, _prefix: "nonsense")
    with pytest.raises(InvalidData):
        client.messages.create(to=PHONE, from_="1294", body="x")
