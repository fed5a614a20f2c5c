"""One carrier that speaks Twilio's API: Twilio, Somleng or our own simulator.

Nobody else uses the ``twilio`` REST client. Every answer becomes a value of
``gateway``; nothing a carrier sends raises anything here but
``CarrierUnavailableError``, where a question stays open. Decides nothing about trying
again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from twilio.base import values
from twilio.base.exceptions import TwilioException

from telephony.carriers.carrier_account import CarrierAccount
from telephony.carriers.carrier_answers import (
    refused_by_answer,
    refused_by_silence,
    unreadable,
)
from telephony.carriers.curl_transfer import CurlFailure
from telephony.carriers.gateway import (
    Accepted,
    CarrierRecord,
    FailureClass,
    OutgoingCall,
    OutgoingMessage,
    Refused,
    SendResult,
)
from telephony.carriers.twilio_client import LeanClient
from telephony.carriers.twilio_http import (
    CurlHttpClient,
    ForeignAddressError,
    HttpTransport,
    NoPlainAnswerError,
)
from telephony.delivery import is_carrier_ref
from telephony.errors import CarrierUnavailableError

T = TypeVar("T")

#: What the library raises on an answer that is not what it expects: it checks nothing.
_UNREADABLE = (
    TwilioException,
    ForeignAddressError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    RecursionError,
)
#: About 100 KB; Somleng gives what it likes.
_PAGE_SIZE = 100
#: Pages of one search. When they do not reach back far enough the question stays open.
_MAX_PAGES = 100
#: Both carriers take it (Somleng's longest), seconds.
_LONGEST_VALIDITY_S = 14_400
#: Each event is a request to us; these two are all that changes an attempt.
#: The end alone: that somebody answered is known when the first TwiML is asked for.
_CALL_EVENTS = ["completed"]
_NOT_FOUND = 404

_BEGINNING_OF_TIME = datetime.min.replace(tzinfo=UTC)


class TwilioGateway:
    """One carrier, ready to be asked (``gateway.Gateway``).

    Parameters
    ----------
    account : CarrierAccount
    transport : HttpTransport
        The carrier's own; closed with the gateway.
    now : callable
        Aware UTC, for a ``Retry-After`` that is a date.
    """

    def __init__(
        self,
        account: CarrierAccount,
        transport: HttpTransport,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._account = account
        self._transport = transport
        self._now = now
        client = LeanClient(
            account.account_sid,
            account.auth_token,
            http_client=CurlHttpClient(transport, account.base_url),
            user_agent_extensions=["tocsin"],
        )
        # Taken from TWILIO_EDGE and TWILIO_REGION, they would rewrite any host.
        client.edge = client.region = None
        client.api.base_url = account.base_url
        self._messages = client.messages
        self._calls = client.calls

    @property
    def name(self) -> str:
        """The carrier's name in the settings."""
        return self._account.name

    async def send_message(self, message: OutgoingMessage) -> SendResult:
        """Send one text message."""
        if self._account.sms_from is None:
            return _no_sender("sms_from")
        validity_s: object = values.unset
        if message.validity_s is not None:
            validity_s = max(1, min(message.validity_s, _LONGEST_VALIDITY_S))
        return await self._create(
            self._messages.create_async(
                to=message.to,
                from_=self._account.sms_from,
                body=message.body,
                status_callback=message.status_callback,
                validity_period=validity_s,
            )
        )

    async def place_call(self, call: OutgoingCall) -> SendResult:
        """Place one call."""
        if self._account.voice_from is None:
            return _no_sender("voice_from")
        detection: dict[str, str] = {}
        if self._account.tells_machines and call.answerer_callback:
            detection = {
                "machine_detection": "Enable",
                # Beside the call: whoever picks up is spoken to at once.
                "async_amd": "true",
                "async_amd_status_callback": call.answerer_callback,
                "async_amd_status_callback_method": "POST",
            }
        return await self._create(
            self._calls.create_async(
                to=call.to,
                from_=self._account.voice_from,
                url=call.url,
                status_callback=call.status_callback,
                status_callback_event=_CALL_EVENTS,
                timeout=call.ring_timeout_s,
                **detection,
            )
        )

    async def fetch_message(self, carrier_ref: str) -> CarrierRecord | None:
        """Return the carrier's record of one message; None when it has none.

        Raises
        ------
        CarrierUnavailableError
            If the carrier cannot be asked.
        """
        return await self._fetch(self._messages, carrier_ref)

    async def fetch_call(self, carrier_ref: str) -> CarrierRecord | None:
        """Return the carrier's record of one call; raises as ``fetch_message``."""
        return await self._fetch(self._calls, carrier_ref)

    async def messages_to(
        self, number: str, *, since: datetime
    ) -> Sequence[CarrierRecord]:
        """List what the carrier sent to a number since a time, oldest first.

        Parameters
        ----------
        number : str
            E.164.
        since : datetime
            Aware. Carriers write whole seconds of their own clock: allow for a skew.

        Raises
        ------
        CarrierUnavailableError
            If the carrier cannot be asked, or its list is too long to reach back so
            far: the question stays open.
        """
        return await self._search(self._messages, number, since)

    async def calls_to(
        self, number: str, *, since: datetime
    ) -> Sequence[CarrierRecord]:
        """List the calls to a number since a time; as ``messages_to``."""
        return await self._search(self._calls, number, since)

    async def hang_up(self, carrier_ref: str) -> bool:
        """End a live or cancel a queued call; False when the carrier refused.

        Raises
        ------
        CarrierUnavailableError
            If the carrier cannot be asked, or its answer was lost.
        """
        if not is_carrier_ref(carrier_ref):
            return False
        call = self._calls(carrier_ref)
        answer = await self._ask(call.update_async(status="completed"))
        if not isinstance(answer, Refused):
            return True
        if answer.failure in {FailureClass.UNKNOWN, FailureClass.NOT_PROCESSED}:
            raise self._unavailable(answer)
        return False

    async def check(self) -> Refused | None:
        """Ask a harmless question: None if address and credentials are right."""
        answer = await self._ask(self._messages.page_async(page_size=1))
        return answer if isinstance(answer, Refused) else None

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def _ask(self, question: Awaitable[T]) -> T | Refused:
        try:
            return await question
        except CurlFailure as failure:
            return refused_by_silence(failure)
        except NoPlainAnswerError as error:
            return refused_by_answer(error.response, now=self._now())
        except _UNREADABLE:
            return unreadable()

    async def _create(self, question: Awaitable[Any]) -> SendResult:
        answer = await self._ask(question)
        if isinstance(answer, Refused):
            return answer
        if not is_carrier_ref(answer.sid):
            return unreadable()
        return Accepted(carrier_ref=answer.sid, status=str(answer.status or ""))

    async def _fetch(self, resources: Any, carrier_ref: str) -> CarrierRecord | None:
        if not is_carrier_ref(carrier_ref):
            return None

        async def read() -> CarrierRecord:
            return _record(await resources(carrier_ref).fetch_async())

        answer = await self._ask(read())
        if not isinstance(answer, Refused):
            return answer
        # Without a code of its own a 404 is some other server's, and no proof.
        if answer.http_status == _NOT_FOUND and not answer.code.startswith("http_"):
            return None
        raise self._unavailable(answer)

    async def _search(
        self, resources: Any, number: str, since: datetime
    ) -> Sequence[CarrierRecord]:
        """Look through a list that may be neither filtered nor ordered.

        Only the number is asked for: a filter by date would leave out what is queued
        and has no date yet. Somleng ignores filters, so both are applied here. Reading
        stops early only as long as the list has been newest first.

        Raises
        ------
        CarrierUnavailableError
            If a page cannot be had, or there are too many.
        """
        found: dict[str, CarrierRecord] = {}
        dates: list[datetime | None] = []
        since = since.replace(microsecond=0)
        question = resources.page_async(to=number, page_size=_PAGE_SIZE)
        for _ in range(_MAX_PAGES):
            page = await self._page(question)
            for record, direction in page.records:
                dates.append(record.created_at)
                if _is_ours(record, direction, number, since):
                    found[record.carrier_ref] = record
            if page.read_next is None or _is_past(dates, since):
                return sorted(found.values(), key=_age)
            question = page.read_next()
        question.close()
        raise CarrierUnavailableError(
            f"Carrier {self.name!r} has too many records to look through."
        )

    async def _page(self, question: Awaitable[Any]) -> _Page:
        async def read() -> _Page:
            page = await question
            return _Page(
                [(_record(one), str(one.direction or "")) for one in page],
                page.next_page_async if page.next_page_url else None,
            )

        answer = await self._ask(read())
        if isinstance(answer, Refused):
            raise self._unavailable(answer)
        return answer

    def _unavailable(self, refused: Refused) -> CarrierUnavailableError:
        return CarrierUnavailableError(
            f"Carrier {self.name!r} cannot be asked now ({refused.code}): "
            f"{refused.reason}"
        )


class _Page(NamedTuple):
    """One page of a carrier's list."""

    #: With their directions.
    records: list[tuple[CarrierRecord, str]]
    read_next: Callable[[], Any] | None


def _no_sender(setting: str) -> Refused:
    return Refused(
        failure=FailureClass.CARRIER,
        code="no_sender",
        reason=f"The carrier has no sender for this channel; set {setting}.",
    )


def _record(resource: Any) -> CarrierRecord:
    """Read one resource; a message has no duration and a call no error code.

    Raises
    ------
    ValueError
        If it is none.
    """
    if not is_carrier_ref(resource.sid):
        raise ValueError("a record without an id")
    error_code = getattr(resource, "error_code", None)
    duration = getattr(resource, "duration", None)
    body = getattr(resource, "body", None)
    return CarrierRecord(
        carrier_ref=resource.sid,
        to=str(resource.to or ""),
        status=str(resource.status or ""),
        created_at=resource.date_created,
        error_code=None if error_code is None else str(error_code),
        duration_s=None if duration is None else int(duration),
        answered_by=str(getattr(resource, "answered_by", None) or ""),
        body=None if body is None else str(body),
    )


def _is_ours(
    record: CarrierRecord, direction: str, number: str, since: datetime
) -> bool:
    """Whether we sent it to this number since then; undated ones count."""
    return (
        record.to.lstrip("+") == number.lstrip("+")
        and not direction.startswith("inbound")
        and (record.created_at is None or record.created_at >= since)
    )


def _is_past(created: Sequence[datetime | None], since: datetime) -> bool:
    """Whether a list that is newest first has come to what is older than ``since``."""
    dated = [at for at in created if at is not None]
    return (
        bool(dated)
        and len(dated) == len(created)
        and dated[-1] < since
        and all(newer >= older for newer, older in pairwise(dated))
    )


def _age(record: CarrierRecord) -> datetime:
    return record.created_at or _BEGINNING_OF_TIME
