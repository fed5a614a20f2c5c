"""The gateway: what it asks of a carrier, and what it makes of each answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from telephony.carriers.curl_multi import CurlMulti
from telephony.carriers.curl_transfer import CurlFailure, FailureKind
from telephony.carriers.gateway import (
    Accepted,
    CarrierRecord,
    FailureClass,
    Gateway,
    OutgoingCall,
    OutgoingMessage,
    Refused,
    SendResult,
)
from telephony.carriers.twilio_gateway import TwilioGateway
from telephony.errors import CarrierUnavailableError
from tests.unit.telephony.fake_transport import (
    NOW,
    RECORD,
    SID,
    TO,
    Answer,
    FakeTransport,
    T,
    account,
    answer,
    ask,
    gateway_on,
    page,
    result_of,
)
from tests.unit.telephony.raw_server import Behaviour, always, once, serving

UUID = "3f0d3f0e-0000-4000-8000-000000000001"
MESSAGE = OutgoingMessage(to=TO, body="ទឹកជំនន់!", status_callback="https://t.example/s/7")
CALL = OutgoingCall(
    to=TO, url="https://t.example/c/7", status_callback="https://t.example/s/7"
)
LOST = CurlFailure(FailureKind.TIMEOUT, sent=True)
UNSENT = CurlFailure(FailureKind.CONNECT, sent=False)


def send(*answers: Answer) -> SendResult:
    """Send one message to a carrier that answers so."""
    return ask(lambda gateway: gateway.send_message(MESSAGE), *answers)


def asked_by(question: Callable[[TwilioGateway], Awaitable[Any]], **change: Any) -> Any:
    """The one request that a question becomes."""
    transport = FakeTransport(answer(201, {"sid": SID, "status": "queued"}))
    asyncio.run(_drive(question, gateway_on(transport, **change)))
    (asked,) = transport.asked
    return asked


async def _drive(question: Callable[[T], Awaitable[Any]], gateway: T) -> None:
    await question(gateway)


def test_it_is_a_gateway() -> None:
    """The seam and the carrier fit."""
    gateway: Gateway = gateway_on(FakeTransport())
    assert gateway.name == "kh"


def test_message_as_it_goes_out() -> None:
    """Form, address under the base URL, credentials."""
    asked = asked_by(lambda gateway: gateway.send_message(MESSAGE))
    assert asked.method == "POST"
    assert asked.url == (
        "https://telco.example/api/2010-04-01/Accounts/AC1/Messages.json"
    )
    assert asked.auth == ("AC1", "token")
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert dict(asked.form) == {
        "To": TO,
        "From": "Tocsin",
        "Body": MESSAGE.body,
        "StatusCallback": MESSAGE.status_callback,
    }


@pytest.mark.parametrize(
    ("validity_s", "sent"), [(600, "600"), (0, "1"), (100_000, "14400")]
)
def test_validity_fits_both_carriers(validity_s: int, sent: str) -> None:
    """A late warning dies at the carrier; the range is the narrower one."""
    message = OutgoingMessage(
        to=TO, body="x", status_callback="https://t/", validity_s=validity_s
    )
    asked = asked_by(lambda gateway: gateway.send_message(message))
    assert dict(asked.form)["ValidityPeriod"] == sent


def test_call_as_it_goes_out() -> None:
    """Only the events that change an attempt are ordered."""
    asked = asked_by(lambda gateway: gateway.place_call(CALL))
    assert asked.path == "/api/2010-04-01/Accounts/AC1/Calls.json"
    assert asked.form == [
        ("To", TO),
        ("From", "+85510000001"),
        ("StatusCallback", CALL.status_callback),
        ("StatusCallbackEvent", "completed"),
        ("Timeout", "40"),
        ("Url", CALL.url),
    ]


def test_who_answers_is_asked_for_beside_the_call() -> None:
    """Nobody waits in silence until a carrier has made up its mind."""
    call = replace(CALL, answerer_callback="https://t.example/a/7")
    asked = asked_by(lambda gateway: gateway.place_call(call), tells_machines=True)
    assert {name: value for name, value in asked.form if "Amd" in name} == {
        "AsyncAmd": "true",
        "AsyncAmdStatusCallback": "https://t.example/a/7",
        "AsyncAmdStatusCallbackMethod": "POST",
    }
    assert ("MachineDetection", "Enable") in asked.form


@pytest.mark.parametrize(
    ("callback", "tells_machines"), [("https://t.example/a/7", False), (None, True)]
)
def test_nobody_listens_unasked(callback: str | None, tells_machines: bool) -> None:
    """Not where the carrier cannot or shall not, nor where nobody wants to know."""
    call = replace(CALL, answerer_callback=callback)
    asked = asked_by(
        lambda gateway: gateway.place_call(call), tells_machines=tells_machines
    )
    assert not [name for name, _ in asked.form if "Amd" in name or "Machine" in name]


def test_region_and_edge_of_the_environment_are_ignored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A variable on the machine does not send warnings elsewhere."""
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    asked = asked_by(
        lambda gateway: gateway.send_message(MESSAGE), base_url="https://a.b.c.d.e"
    )
    assert asked.url.startswith("https://a.b.c.d.e/2010-04-01/")


def test_missing_sender_is_a_fault_of_the_set_up() -> None:
    """Nothing leaves without a sender of the channel."""
    transport = FakeTransport()
    gateway = gateway_on(transport, sms_from=None, voice_from=None)
    for question, setting in (
        (gateway.send_message(MESSAGE), "sms_from"),
        (gateway.place_call(CALL), "voice_from"),
    ):
        result = asyncio.run(result_of(question))
        assert isinstance(result, Refused)
        assert (result.failure, result.code) == (FailureClass.CARRIER, "no_sender")
        assert setting in result.reason
    assert not transport.asked


@pytest.mark.parametrize("sid", [SID, UUID])
@pytest.mark.parametrize("status", [200, 201, 202])
def test_accepted(sid: str, status: int) -> None:
    """Either carrier's id is opaque text."""
    result = send(answer(status, {"sid": sid, "status": "queued"}))
    assert result == Accepted(carrier_ref=sid, status="queued")
    assert send(answer(201, {"sid": sid})) == Accepted(carrier_ref=sid, status="")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html>OK</html>",
        b'{"sid": "SM',
        b"{",
        b"null",
        b"[]",
        b'"SM1"',
        {},
        {"sid": None},
        {"sid": 7},
        {"sid": "../x"},
        {"sid": "x" * 65},
        {"sid": SID, "date_created": 7},
        {"sid": SID, "date_created": "Fri, 01 May 99999999999999999999 03:00:00 +0000"},
        b'{"sid": ' + b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_success_that_cannot_be_read_is_unknown(body: object) -> None:
    """A 201 without a usable id may still have been taken: reconcile it."""
    result = send(answer(201, body))
    assert isinstance(result, Refused)
    assert result.failure is FailureClass.UNKNOWN


@pytest.mark.parametrize(
    ("given", "failure", "code"),
    [
        (answer(400, {"code": 21211}), FailureClass.PERSON, "21211"),
        (answer(400, {"code": 21610}), FailureClass.OPTED_OUT, "21610"),
        (answer(422, {"code": "S1004"}), FailureClass.CARRIER, "S1004"),
        (answer(401, {"code": 20003}), FailureClass.CARRIER, "20003"),
        (answer(500, b"<html>"), FailureClass.UNKNOWN, "http_500"),
        (answer(302, b"", location="https://x/"), FailureClass.CARRIER, "http_302"),
        (LOST, FailureClass.UNKNOWN, "timeout"),
        (UNSENT, FailureClass.NOT_PROCESSED, "connect"),
    ],
)
def test_refusals(given: Answer, failure: FailureClass, code: str) -> None:
    """Each refusal has its class, and its code as text."""
    result = send(given)
    assert isinstance(result, Refused)
    assert (result.failure, result.code) == (failure, code)


def test_too_fast_keeps_the_carriers_wish() -> None:
    """``Retry-After`` survives the library, which drops headers."""
    result = send(answer(429, {"code": 20429}, retry_after="7"))
    assert isinstance(result, Refused)
    assert (result.failure, result.retry_after_s, result.http_status) == (
        FailureClass.NOT_PROCESSED,
        7.0,
        429,
    )


def test_no_carriers_word_and_no_number_in_a_reason() -> None:
    """What the carrier wrote may hold a number; the reason is ours."""
    result = send(answer(400, {"code": 21211, "message": f"Invalid 'To' {TO}"}))
    assert isinstance(result, Refused)
    assert "12345678" not in repr(result)


def test_fetch_message() -> None:
    """The record says state, error and when."""
    record = ask(lambda gateway: gateway.fetch_message(SID), answer(200, RECORD))
    assert record == CarrierRecord(
        carrier_ref=SID,
        to=TO,
        status="undelivered",
        created_at=NOW - timedelta(minutes=1),
        error_code="30003",
    )


def test_fetch_call() -> None:
    """A call has a duration, as text in either dialect."""
    body = {"sid": UUID, "status": "completed", "duration": "31"}
    record = ask(lambda gateway: gateway.fetch_call(UUID), answer(200, body))
    assert record == CarrierRecord(
        carrier_ref=UUID, to="", status="completed", created_at=None, duration_s=31
    )


def test_fetch_of_what_the_carrier_has_not() -> None:
    """A 404 with the carrier's own code is proof, and so is an impossible id."""
    missing = answer(404, {"code": 20404, "message": "not found"})
    assert ask(lambda gateway: gateway.fetch_message(SID), missing) is None
    assert ask(lambda gateway: gateway.fetch_call("../x")) is None


@pytest.mark.parametrize(
    "given",
    [
        answer(404, b"<html>nginx</html>"),
        answer(500),
        answer(401),
        answer(200, b"<html>"),
        answer(200, {}),
        answer(200, {"sid": SID, "duration": "long"}),
        LOST,
        UNSENT,
    ],
)
def test_fetch_that_proves_nothing(given: Answer) -> None:
    """Anything else leaves the question open, in one sentence."""
    with pytest.raises(CarrierUnavailableError, match="'kh' cannot be asked now"):
        ask(lambda gateway: gateway.fetch_call(SID), given)


def test_hang_up() -> None:
    """One word ends a live call and cancels a queued one."""
    asked = asked_by(lambda gateway: gateway.hang_up(SID))
    assert (asked.method, asked.form) == ("POST", [("Status", "completed")])
    assert asked.path == f"/api/2010-04-01/Accounts/AC1/Calls/{SID}.json"


def test_hang_up_of_what_cannot_be_ended() -> None:
    """A refusal is no error; a lost answer is."""

    def hang_up(given: Answer) -> bool:
        return ask(lambda gateway: gateway.hang_up(SID), given)

    assert hang_up(answer(200, {"sid": SID}))
    assert not hang_up(answer(404, {"code": 20404}))
    assert not ask(lambda gateway: gateway.hang_up("no/ref"))
    for given in (LOST, UNSENT, answer(503)):
        with pytest.raises(CarrierUnavailableError):
            hang_up(given)


def test_check() -> None:
    """A harmless question tells whether address and credentials are right."""

    def check(given: Answer) -> Refused | None:
        return ask(lambda gateway: gateway.check(), given)

    assert check(page()) is None
    refused = check(answer(401, {"code": 20003}))
    assert refused is not None
    assert "auth_token" in refused.reason


def test_closing_closes_the_connections() -> None:
    """The transport is the gateway's own."""
    transport = FakeTransport()
    asyncio.run(result_of(gateway_on(transport).aclose()))
    assert transport.is_closed


async def send_over_http(behave: Behaviour) -> SendResult:
    """Send one message over real HTTP to a server that behaves so."""
    async with serving(behave) as server:
        base_url = server.url.partition("/2010")[0]
        curl = CurlMulti(max_in_flight=1, timeout_s=2)
        gateway = TwilioGateway(account(base_url=base_url), curl, now=lambda: NOW)
        try:
            return await gateway.send_message(MESSAGE)
        finally:
            await gateway.aclose()


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("behave", "code"),
    [
        (once(b"HTTP/1.1 201 Created\r\n\r\n" + b"{" * (2 << 20)), "too_large"),
        (once(b'HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{"sid'), "receive"),
        (once(b""), "receive"),
        (always(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), "http_500"),
    ],
    ids=["endless", "truncated", "nothing", "500"],
)
def test_broken_answer_over_http_is_unknown(behave: Behaviour, code: str) -> None:
    """From the wire to the value: it may have been taken."""
    result = asyncio.run(send_over_http(behave))
    assert isinstance(result, Refused)
    assert (result.failure, result.code) == (FailureClass.UNKNOWN, code)


@pytest.mark.enable_socket
def test_accepted_over_http() -> None:
    """From the wire to the value: accepted."""
    body = b'{"sid": "SM1", "status": "queued"}'
    head = b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n" % len(body)
    result = asyncio.run(send_over_http(always(head + body)))
    assert result == Accepted(carrier_ref="SM1", status="queued")
