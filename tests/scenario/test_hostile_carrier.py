"""A carrier that answers whatever it likes, over real HTTP.

Nothing it says breaks the program, holds it up, or is taken for what it is not: what is
no plain yes or no stays unknown, and a list that cannot be read proves nothing.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from telephony.carriers.carrier_account import CarrierAccount
from telephony.carriers.curl_multi import CurlMulti
from telephony.carriers.gateway import (
    Accepted,
    CarrierRecord,
    FailureClass,
    OutgoingCall,
    OutgoingMessage,
    Refused,
    SendResult,
)
from telephony.carriers.twilio_gateway import TwilioGateway
from telephony.errors import CarrierUnavailableError
from tests.unit.telephony.raw_server import Behaviour, Exchange, once, serving

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket]

NOW = datetime(2026, 5, 1, 3, tzinfo=UTC)
TO = "+85512000001"
RECORD = {
    "sid": "SM1",
    "status": "queued",
    "to": TO,
    "direction": "outbound-api",
    "date_created": "Fri, 01 May 2026 03:00:00 +0000",
}
CALL = OutgoingCall(to=TO, url="http://tocsin/", status_callback="http://tocsin/")
MESSAGE = OutgoingMessage(to=TO, body="Go up!", status_callback="http://tocsin/")


def raw(body: bytes = b"", *, status: str = "201 Created", more: str = "") -> bytes:
    """An answer with the length that it has."""
    head = f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode("latin-1") + body


def record(**changes: object) -> bytes:
    """A plain yes, but for these fields."""
    return raw(json.dumps(RECORD | changes).encode())


def ask(
    behave: Behaviour, question: Callable[[TwilioGateway], Awaitable[object]]
) -> object:
    """What comes of asking a carrier that behaves so; nobody waits for long."""

    async def scene() -> object:
        async with serving(behave) as server:
            account = CarrierAccount(
                name="main",
                base_url=server.url.removesuffix("/2010-04-01/x"),
                account_sid="AC1",
                auth_token="secret",
                sms_from="1294",
                voice_from="+15550006",
            )
            transport = CurlMulti(max_in_flight=2, timeout_s=0.3)
            gateway = TwilioGateway(account, transport, now=lambda: NOW)
            try:
                return await question(gateway)
            finally:
                await gateway.aclose()

    return asyncio.run(scene())


def sent(behave: Behaviour, *, is_call: bool = False) -> SendResult:
    result = ask(
        behave,
        lambda one: one.place_call(CALL) if is_call else one.send_message(MESSAGE),
    )
    assert isinstance(result, Accepted | Refused)
    return result


#: Nobody can tell from these whether the message was taken.
UNCLEAR = {
    "html": raw(b"<html>Welcome to the hotel</html>"),
    "empty": raw(),
    "null": raw(b"null"),
    "list": raw(b"[]"),
    "number": raw(b"7"),
    "no fields": raw(b"{}"),
    "cut off": raw(b'{"sid": "SM'),
    "utf-16": raw(json.dumps(RECORD).encode("utf-16")),
    "no utf-8": raw(b'{"sid": "\xff\xfe"}'),
    "nested": raw(b'{"a":' + b"[" * 100_000),
    "huge number": raw(b'{"sid":' + b"9" * 10_000 + b"}"),
    "number for id": record(sid=5),
    "no id": record(sid=None),
    "long id": record(sid="x" * 65),
    "path for id": record(sid="../Accounts"),
    "too long": raw(b'{"sid":"' + b"x" * 1_100_000 + b'"}'),
    "packed": raw(gzip.compress(b" " * 10_000_000), more="Content-Encoding: gzip\r\n"),
    "length too large": b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{}",
    "length below zero": b"HTTP/1.1 201 Created\r\nContent-Length: -5\r\n\r\n{}",
    "two lengths": raw(b"{}", more="Content-Length: 9\r\n"),
    "no length": raw(b"{}", more="Content-Length: many\r\n"),
    "long header": raw(b"{}", more="X-A: " + "x" * 150_000 + "\r\n"),
    "many headers": raw(b"{}", more="X-A: 1234567890\r\n" * 30_000),
    "no header": raw(b"{}", more="nonsense\r\n"),
    "nul in header": raw(b"{}", more="X-A: \0\r\n"),
    "no status": b'{"sid": "SM1"}',
    "other protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "status of four digits": raw(b"{}", status="9999 What"),
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "only interim": b"HTTP/1.1 100 Continue\r\n\r\n" * 20,
    "500 with a code": raw(b'{"code": 21610}', status="500 Internal Server Error"),
    "nothing": b"",
}


@pytest.mark.parametrize("answer", UNCLEAR.values(), ids=UNCLEAR)
def test_what_nobody_can_tell_stays_unknown(answer: bytes) -> None:
    """Neither accepted nor made again before the list was asked."""
    for is_call in (False, True):
        result = sent(once(answer), is_call=is_call)
        assert isinstance(result, Refused)
        assert result.failure is FailureClass.UNKNOWN
        assert TO not in result.reason


@pytest.mark.parametrize("answer", UNCLEAR.values(), ids=UNCLEAR)
def test_a_list_that_cannot_be_read_proves_nothing(answer: bytes) -> None:
    """Whoever takes it for an empty one tells people twice."""
    answer = answer.replace(b" 201 Created", b" 200 OK")
    with pytest.raises(CarrierUnavailableError):
        ask(once(answer), lambda one: one.messages_to(TO, since=NOW))
    with pytest.raises(CarrierUnavailableError):
        ask(once(answer), lambda one: one.fetch_message("SM1"))


async def endless(exchange: Exchange) -> None:
    await exchange.read()
    await exchange.write(b"HTTP/1.1 201 Created\r\n\r\n")
    while True:
        await exchange.write(b"x" * 65_536)


async def dripping(exchange: Exchange) -> None:
    await exchange.read()
    await exchange.write(b"HTTP/1.1 201 Created\r\nContent-Length: 9999\r\n\r\n")
    while not exchange.reader.at_eof():
        await exchange.write(b"{")
        await asyncio.sleep(0.01)


async def silent(exchange: Exchange) -> None:
    await exchange.reader.read()


@pytest.mark.parametrize("behave", [endless, dripping, silent])
def test_an_answer_that_never_ends(behave: Behaviour) -> None:
    """Neither time nor memory goes with it."""
    result = sent(behave)
    assert isinstance(result, Refused)
    assert result.failure is FailureClass.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "failure", "code"),
    [
        (raw(status="301 Moved", more="Location: /x\r\n"), "CARRIER", "http_301"),
        (raw(status="304 Not Modified"), "CARRIER", "http_304"),
        (raw(b"<html>", status="400 Bad"), "PERSON", "http_400"),
        (raw(b'{"code": [21610]}', status="400 Bad"), "PERSON", "http_400"),
        (raw(b'{"code": "a b"}', status="400 Bad"), "PERSON", "http_400"),
        (raw(b'{"code": "21610"}', status="400 Bad"), "OPTED_OUT", "21610"),
        (raw(b'{"code": "99999"}', status="422 What"), "PERSON", "99999"),
        (raw(b'{"code": "99999"}', status="418 Teapot"), "CARRIER", "99999"),
    ],
)
def test_a_refusal_is_judged_by_its_status(
    answer: bytes, failure: str, code: str
) -> None:
    """A code only refines it, and only one that looks like one."""
    result = sent(once(answer))
    assert isinstance(result, Refused)
    assert (result.failure.name, result.code) == (failure, code)


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("7", 7.0),
        ("Fri, 01 May 2026 03:00:30 GMT", 30.0),
        ("Mon, 01 Jan 0001 00:00:00 +2300", 0.0),
        ("Wed, 21 Oct 9999 23:59:59 -2300", 3600.0),
        ("inf", 3600.0),
        ("nan", None),
        ("-1", None),
        ("soon", None),
        ("", None),
        ("Fri, 01 May 2026 03:00:30 +99999999", None),
    ],
)
def test_a_wish_to_wait(wish: str, seconds: float | None) -> None:
    """In seconds or as a date, an hour at most; nonsense is no wish."""
    answer = raw(b'{"code": 20429}', status="429 Slow", more=f"Retry-After: {wish}\r\n")
    result = sent(once(answer))
    assert isinstance(result, Refused)
    assert result.failure is FailureClass.NOT_PROCESSED
    assert result.retry_after_s == seconds


def test_strange_fields_do_not_hide_that_it_was_taken() -> None:
    """What counts is the id; a yes with a wrong status is a yes."""
    for changes in ({"status": ["?"]}, {"price": "?"}, {"error_code": [1]}):
        assert isinstance(sent(once(record(**changes))), Accepted)


def test_records_of_another_shape_are_read_or_leave_the_question_open() -> None:
    """Numbers as strings are read; an entry without an id spoils the list."""
    since = NOW - timedelta(hours=1)

    def search(*records: object) -> list[CarrierRecord]:
        body = json.dumps({"messages": records}).encode()
        found = ask(
            once(raw(body, status="200 OK")),
            lambda one: one.messages_to(TO, since=since),
        )
        assert isinstance(found, list)
        return found

    (one,) = search(RECORD | {"error_code": "30003"}, RECORD | {"sid": "B", "to": 5})
    assert (one.carrier_ref, one.error_code) == ("SM1", "30003")
    spoilt: list[object] = [None, "SM1", [], RECORD | {"sid": None}]
    for broken in spoilt:
        with pytest.raises(CarrierUnavailableError):
            search(RECORD, broken)
