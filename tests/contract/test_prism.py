"""Prism, an independent reader of OpenAPI, stands between our client and a telco.

As a mock it judges what we ask and answers with Twilio's own examples; as a proxy it
also judges what the built-in telco answers. Either way a violation is an error that our
client sees. Two judges are better than one: it reads forms and patterns otherwise than
openapi-core does.
"""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from simulator.config import OwnedNumber, SimulatorConfig
from simulator.testing import RunningSimulator
from simulator.testing import running as running_simulator
from telephony.carriers.carrier_account import CarrierAccount
from telephony.carriers.gateway import (
    Accepted,
    FailureClass,
    OutgoingCall,
    OutgoingMessage,
    Refused,
)
from telephony.carriers.twilio_gateway import TwilioGateway
from tests.contract.foreign_programs import asked, needs, running

DESCRIPTION = (
    Path(__file__).parents[3] / "shared" / "data" / "twilio" / "twilio_api_v2010.json"
)
OURS = "+15005550006"
THEIRS = "+85512345678"
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
MESSAGE = OutgoingMessage(
    to=THEIRS,
    body="ចាកចេញឥឡូវនេះ",
    status_callback="https://tocsin.example/telephony/kh/messages/7/status",
    validity_s=3600,
)
CALL = OutgoingCall(
    to=THEIRS,
    url="https://tocsin.example/telephony/kh/calls/7/script",
    status_callback="https://tocsin.example/telephony/kh/calls/7/status",
)
_FORM = "application/x-www-form-urlencoded"

pytestmark = [
    pytest.mark.enable_socket,
    needs("prism"),
    pytest.mark.skipif(
        not DESCRIPTION.is_file(), reason=f"No OpenAPI description at {DESCRIPTION}."
    ),
]

Ask = Callable[[Callable[[TwilioGateway], Awaitable[Any]]], Any]


def with_overlay(node: Any) -> Any:
    """The published document, amended where it does not say what Twilio does.

    Lists in forms are repeated fields; links to pages are relative; every operation may
    be refused; and an example list ends, for the links in the examples break the rules.
    """
    if isinstance(node, list):
        return [with_overlay(one) for one in node]
    if not isinstance(node, dict):
        return node
    amended = {key: with_overlay(value) for key, value in node.items()}
    if amended.get("format") == "uri":
        amended["format"] = "uri-reference"
    if not isinstance(amended.get("next_page_uri", {}), dict):
        amended["next_page_uri"] = None
    if "operationId" in amended:
        content = {"application/json": {"schema": {"type": "object"}}}
        amended["responses"]["default"] = {"description": "Refused", "content": content}
    if _FORM in amended:
        fields = amended[_FORM]["schema"].get("properties", {})
        amended[_FORM]["encoding"] = {
            name: {"style": "form", "explode": True}
            for name, field in fields.items()
            if field.get("type") == "array"
        }
    return amended


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The amended document in a file."""
    path = tmp_path_factory.mktemp("prism") / "twilio.json"
    path.write_text(
        json.dumps(with_overlay(json.loads(DESCRIPTION.read_text("utf-8"))))
    )
    return path


@pytest.fixture(scope="module")
def mock(description: Path) -> Iterator[str]:
    """Prism alone."""
    command = ("mock", "-h", "127.0.0.1", "-p", "{port}", "--errors", str(description))
    with running("prism", *command, log=description.with_name("mock.log")) as base_url:
        yield base_url


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningSimulator]:
    config = SimulatorConfig(time_scale=1000.0, numbers=(OwnedNumber(number=OURS),))
    with running_simulator(config) as started:
        yield started


@pytest.fixture(scope="module")
def proxy(description: Path, simulator: RunningSimulator) -> Iterator[str]:
    """Prism in front of the built-in telco."""
    command = ("proxy", "-h", "127.0.0.1", "-p", "{port}", "--errors")
    files = (str(description), simulator.base_url)
    log = description.with_name("proxy.log")
    with running("prism", *command, *files, log=log) as base_url:
        yield base_url


def asker(base_url: str, account_sid: str, auth_token: str) -> Ask:
    account = CarrierAccount(
        name="prism",
        base_url=base_url,
        account_sid=account_sid,
        auth_token=auth_token,
        sms_from=OURS,
        voice_from=OURS,
    )
    return lambda question: asyncio.run(asked(account, question))


def test_every_question_is_one_the_description_knows(mock: str) -> None:
    """Whatever the gateway asks passes, and it reads the published examples."""
    ask = asker(mock, "AC" + "0" * 32, "token")
    assert ask(lambda gateway: gateway.check()) is None
    assert isinstance(ask(lambda gateway: gateway.send_message(MESSAGE)), Accepted)
    assert isinstance(ask(lambda gateway: gateway.place_call(CALL)), Accepted)
    assert ask(lambda gateway: gateway.fetch_message("SM" + "a" * 32)).to
    assert ask(lambda gateway: gateway.fetch_call("CA" + "a" * 32)).to
    assert ask(lambda gateway: gateway.hang_up("CA" + "a" * 32))
    assert ask(lambda gateway: gateway.messages_to(THEIRS, since=SINCE)) == []
    assert ask(lambda gateway: gateway.calls_to(THEIRS, since=SINCE)) == []


def test_both_sides_keep_to_the_description(
    proxy: str, simulator: RunningSimulator
) -> None:
    """A message and a call from first to last, with our telco at the other end."""
    ask = asker(proxy, simulator.config.account_sid, simulator.config.auth_token)
    simulator.force(THEIRS, sms="delivered", call="answered")
    message = ask(lambda gateway: gateway.send_message(MESSAGE))
    call = ask(lambda gateway: gateway.place_call(CALL))
    simulator.wait_until_quiet()
    assert isinstance(message, Accepted)
    assert isinstance(call, Accepted)
    sent = ask(lambda gateway: gateway.fetch_message(message.carrier_ref))
    assert (sent.status, sent.body) == ("delivered", MESSAGE.body)
    assert ask(lambda gateway: gateway.fetch_call(call.carrier_ref)).to == THEIRS
    assert ask(lambda gateway: gateway.messages_to(THEIRS, since=SINCE)) == [sent]
    assert len(ask(lambda gateway: gateway.calls_to(THEIRS, since=SINCE))) == 1
    assert ask(lambda gateway: gateway.check()) is None


def test_a_refusal_comes_through(proxy: str, simulator: RunningSimulator) -> None:
    """Who opted out at the carrier is known from the code, also through a proxy."""
    ask = asker(proxy, simulator.config.account_sid, simulator.config.auth_token)
    stopped = OutgoingMessage(
        to="+15005550004",
        body="Flood",
        status_callback=MESSAGE.status_callback,
        validity_s=600,
    )
    refused = ask(lambda gateway: gateway.send_message(stopped))
    assert isinstance(refused, Refused)
    assert (refused.failure, refused.code) == (FailureClass.OPTED_OUT, "21610")


def test_the_judge_is_awake(mock: str) -> None:
    """A message that breaks the description is refused: the tests above can fail."""
    account = "AC" + "0" * 32
    request = urllib.request.Request(  # noqa: S310 - a loopback address of this test
        f"{mock}/2010-04-01/Accounts/{account}/Messages.json",
        data=b"To=%2B85512345678&ValidityPeriod=soon",
        headers={"Authorization": "Basic eDp5", "Content-Type": _FORM},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)  # noqa: S310 - as above
    with refused.value:
        assert refused.value.code == HTTPStatus.UNPROCESSABLE_ENTITY
