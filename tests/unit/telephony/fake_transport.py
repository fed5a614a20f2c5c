"""A carrier without a network: keeps what it is asked, answers from a list."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from telephony.carriers.carrier_account import CarrierAccount
from telephony.carriers.curl_transfer import CurlFailure, CurlResponse
from telephony.carriers.twilio_gateway import TwilioGateway

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
TO = "+85512345678"
SID = "SM" + "0" * 32
T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """One request as it went out."""

    method: str
    url: str
    body: bytes
    headers: Mapping[str, str]
    auth: tuple[str, str] | None

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.url).query, keep_blank_values=True)

    @property
    def form(self) -> list[tuple[str, str]]:
        return parse_qsl(self.body.decode(), keep_blank_values=True)


Answer = CurlResponse | CurlFailure


def answer(status: int, body: Any = b"", **headers: str) -> CurlResponse:
    """An answer; a body that is not bytes goes out as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return CurlResponse(status, named, raw)


class FakeTransport:
    """Answers requests in turn; the last answer serves for all that follow."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []
        self.is_closed = False

    async def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> CurlResponse:
        self.asked.append(Asked(method, url, body or b"", dict(headers or {}), auth))
        given = self.answers[0]
        if len(self.answers) > 1:
            del self.answers[0]
        if isinstance(given, CurlFailure):
            raise given
        return given

    async def aclose(self) -> None:
        self.is_closed = True


def account(**change: Any) -> CarrierAccount:
    """An account with both senders."""
    return CarrierAccount(
        **{
            "name": "kh",
            "base_url": "https://telco.example/api/",
            "account_sid": "AC1",
            "auth_token": "token",
            "sms_from": "Tocsin",
            "voice_from": "+85510000001",
            **change,
        }
    )


def gateway_on(transport: FakeTransport, **change: Any) -> TwilioGateway:
    """A gateway that speaks to a fake carrier."""
    return TwilioGateway(account(**change), transport, now=lambda: NOW)


def ask(question: Callable[[TwilioGateway], Awaitable[T]], *answers: Answer) -> T:
    """Put one question to a carrier that answers so."""

    async def scene() -> T:
        return await question(gateway_on(FakeTransport(*answers)))

    return asyncio.run(scene())


async def result_of(question: Awaitable[T]) -> T:
    """Await anything inside ``asyncio.run``."""
    return await question


RECORD = {
    "sid": SID,
    "to": TO,
    "status": "undelivered",
    "direction": "outbound-api",
    "date_created": "Fri, 01 May 2026 02:59:00 +0000",
    "error_code": 30003,
}


def page(*records: dict[str, Any], more: bool = False) -> Answer:
    """One page of a list."""
    return answer(
        200,
        {
            "messages": list(records),
            "next_page_uri": "/2010-04-01/Accounts/AC1/Messages.json?Page=1"
            if more
            else None,
            "page": 0,
        },
    )
