"""An operator calls back somebody who asked for help: we ring both and connect them.

The operator's phone first: whoever asked for help is rung when somebody is there to
talk to. The number to dial is looked up when it is dialled, so that no copy of it is
kept, and somebody else who has closed the request meanwhile is heeded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from telephony.calls.call_answers import CALL_BACK as SCRIPT
from telephony.calls.call_answers import parse
from telephony.delivery import (
    CALL_OVER,
    Channel,
    Content,
    DeliveryEvent,
    Lane,
)
from telephony.sending.own_phones import queue_to_own_phone
from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.help_requests import (
    CALLING,
    NOT_TAKEN,
    HelpRequest,
    HelpState,
)
from warning.errors import HelpRequestNotFoundError

OWNER_PREFIX = "help:"
#: The variable under which the script dials.
NUMBER = "citizen_number"
_OWNER = re.compile(rf"{OWNER_PREFIX}([0-9]{{1,18}}):([0-9]{{1,9}})", re.ASCII)


class CallBacks:
    """Connects operators with those who asked for help.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    parse_phone : callable
        Text → E.164; raises ``InvalidNumberError``.
    language : str
        In which operators are spoken to.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        parse_phone: Callable[[str], str],
        language: str,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._parse_phone = parse_phone
        self._language = language
        self._now = now

    def call(self, number: int, own_phone: str, *, by: str) -> HelpRequest:
        """Have an operator's phone called, to be connected with who asked for help.

        Parameters
        ----------
        number : int
            Of the request.
        own_phone : str
            The operator's.

        Raises
        ------
        InvalidNumberError
            If the operator's number cannot be dialled.
        HelpRequestNotFoundError
            If there is no request of this number.
        HelpRequestError
            If it is closed, or the person was erased.
        """
        phone, now = self._parse_phone(own_phone), self._now()
        with self._new_uow() as uow:
            found = uow.help_requests.get(number)
            if found is None:
                raise HelpRequestNotFoundError(
                    f"There is no request for help of the number {number}."
                )
            called = found.call_back(by, now)
            uow.help_requests.save(called)
            self._queue(uow, called, phone, now)
            uow.audit.append(
                at=now,
                actor=by,
                action="help.call",
                subject=f"help:{number}",
                details={"before": found.state.value, "nth": called.n_call_backs},
            )
            uow.commit()
        return called

    def numbers_of(self, owner_ref: str) -> Mapping[str, str]:
        """The number to dial in a call, if it is still to be dialled."""
        with self._read_uow() as uow:
            request = _request_of(uow, owner_ref)
        if request is None or not request.phone or request.state is HelpState.CLOSED:
            return {}
        return {NUMBER: request.phone}

    def on_delivery_events(
        self, uow: UnitOfWork, events: Sequence[DeliveryEvent]
    ) -> None:
        """Write down what came of calls; repeats and disorder are harmless."""
        for event in events:
            outcome = _outcome(event)
            request = _request_of(uow, event.owner_ref) if outcome else None
            if request is None or outcome is None:
                continue
            # That the operator was not reached is known before anybody is dialled.
            if outcome == NOT_TAKEN and request.call_outcome != CALLING:
                continue
            uow.help_requests.save(request.call_ended(outcome))

    def _queue(
        self, uow: UnitOfWork, request: HelpRequest, phone: str, now: datetime
    ) -> None:
        content = Content(
            owner_ref=f"{OWNER_PREFIX}{request.number}:{request.n_call_backs}",
            variant=SCRIPT,
            language=self._language,
            sms_text="",
            script=SCRIPT,
        )
        queue_to_own_phone(
            uow.outbox,
            content,
            phone,
            channel=Channel.VOICE,
            lane=Lane.WARNING,
            now=now,
            is_ahead=True,
        )


def _request_of(uow: UnitOfWork, owner_ref: str) -> HelpRequest | None:
    """The request that a call is about, unless it has been called again since."""
    place = _OWNER.fullmatch(owner_ref)
    found = uow.help_requests.get(int(place[1])) if place else None
    if found is None or place is None or found.n_call_backs != int(place[2]):
        return None
    return found


def _outcome(event: DeliveryEvent) -> str | None:
    """What a piece of news says about a call; None if it says nothing."""
    answer = parse(event.answer or "")
    if answer.name == "DIALLED":
        return answer.value
    if answer.name in {"NO_ANSWER", CALL_OVER} or event.state.is_lost:
        return NOT_TAKEN
    return None
