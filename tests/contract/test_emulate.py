"""Our client and our callbacks against ``emulate``, somebody else's Twilio.

It keeps messages and calls, and it signs its callbacks by its own reading of Twilio's
documents. It runs no TwiML and refuses no number.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from ivr_scripts.catalogue import load_catalogue
from telephony.callback_urls import CallbackUrls
from telephony.callbacks.intake import CallbackIntake, CarrierIdentity
from telephony.calls.call_talk import CallTalk
from telephony.calls.twiml import Dialect
from telephony.carriers.carrier_account import CarrierAccount
from telephony.carriers.gateway import (
    Accepted,
    FailureClass,
    OutgoingCall,
    OutgoingMessage,
    Refused,
)
from telephony.carriers.twilio_gateway import TwilioGateway
from telephony.delivery import AttemptId, CarrierEvent, EventKind
from tests.contract.foreign_programs import asked, needs, running
from tests.web.fakes import FakeServices, context_of
from web import WebOptions, register

ACCOUNT = "AC" + "0" * 32
TOKEN = "twilio_test_auth_token"
OURS = "+15551234567"
THEIRS = "+15558675310"
SINCE = datetime(2000, 1, 1, tzinfo=UTC)

pytestmark = [pytest.mark.enable_socket, needs("emulate")]

Ask = Callable[[Callable[[TwilioGateway], Awaitable[Any]]], Any]


class Kept:
    """Keeps events, and lets a test wait for them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._events: list[CarrierEvent] = []

    def keep(self, event: CarrierEvent) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def wait_for(self, n: int) -> Sequence[CarrierEvent]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._events) >= n, 30)
            return list(self._events)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Ask the other Twilio something through our client."""
    log = tmp_path_factory.mktemp("emulate") / "log"
    command = ("start", "--service", "twilio", "--port", "{port}")
    with running("emulate", *command, log=log) as base_url:
        account = CarrierAccount(
            name="emulate",
            base_url=base_url,
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            sms_from=OURS,
            voice_from=OURS,
        )
        yield lambda question: asyncio.run(asked(account, question))


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def urls(kept: Kept, tmp_path: Path) -> Iterator[CallbackUrls]:
    """Our web side, served; gives where to report."""
    app = Flask("tocsin", static_folder=None, root_path=str(tmp_path))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    public_url = f"http://127.0.0.1:{server.server_port}"
    services = FakeServices()
    services.callbacks = CallbackIntake(
        carriers={"emulate": CarrierIdentity(auth_token=TOKEN, dialect=Dialect.TWILIO)},
        public_url=public_url,
        sink=kept,
        context_of=context_of,
        talk=CallTalk(catalogue=load_catalogue()),
        now=services.now,
    )
    options = WebOptions(secret_key="k" * 32, public_url=public_url)
    register(app, services=services, options=options, version="1.2.3")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield CallbackUrls(public_url)
    server.shutdown()
    thread.join(30)
    server.server_close()


def message(to: str, urls: CallbackUrls) -> OutgoingMessage:
    return OutgoingMessage(
        to=to,
        body="ចាកចេញឥឡូវនេះ",
        status_callback=urls.message_status("emulate", AttemptId(5)),
        validity_s=600,
    )


def test_a_message(ask: Ask, urls: CallbackUrls, kept: Kept) -> None:
    """Sent, found by its id and by its number, and reported with a signature."""
    sent = ask(lambda gateway: gateway.send_message(message(THEIRS, urls)))
    assert isinstance(sent, Accepted)
    found = ask(lambda gateway: gateway.fetch_message(sent.carrier_ref))
    assert (found.to, found.body) == (THEIRS, "ចាកចេញឥឡូវនេះ")
    listed = ask(lambda gateway: gateway.messages_to(THEIRS, since=SINCE))
    assert sent.carrier_ref in {one.carrier_ref for one in listed}
    event, *_ = kept.wait_for(1)
    assert (event.kind, event.attempt_id) == (EventKind.MESSAGE_STATUS, 5)
    assert event.value("MessageSid") == sent.carrier_ref


def test_a_call(ask: Ask, urls: CallbackUrls, kept: Kept) -> None:
    """Placed, ended by us, found by its number, and reported with a signature."""
    call = OutgoingCall(
        to=THEIRS,
        url=urls.call_step("emulate", AttemptId(7)),
        status_callback=urls.call_status("emulate", AttemptId(7)),
    )
    placed = ask(lambda gateway: gateway.place_call(call))
    assert isinstance(placed, Accepted)
    assert ask(lambda gateway: gateway.hang_up(placed.carrier_ref))
    ended = ask(lambda gateway: gateway.fetch_call(placed.carrier_ref))
    assert ended.status == "completed"
    listed = ask(lambda gateway: gateway.calls_to(THEIRS, since=SINCE))
    assert placed.carrier_ref in {one.carrier_ref for one in listed}
    event, *_ = kept.wait_for(1)
    assert (event.kind, event.attempt_id) == (EventKind.CALL_STATUS, 7)
    assert event.value("CallStatus") == "completed"


def test_a_number_that_is_none(ask: Ask, urls: CallbackUrls) -> None:
    """Refused for the person, not for the carrier."""
    refused = ask(lambda gateway: gateway.send_message(message("nonsense", urls)))
    assert isinstance(refused, Refused)
    assert refused.failure is FailureClass.PERSON


def test_what_it_does_not_know(ask: Ask) -> None:
    """An id that it never gave out is nothing."""
    assert ask(lambda gateway: gateway.fetch_message("SM" + "0" * 32)) is None
    assert ask(lambda gateway: gateway.check()) is None
