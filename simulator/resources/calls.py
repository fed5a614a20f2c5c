"""The Calls resource: create, fetch, list, end, redirect, delete."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from simulator.call_desk import CallDesk
from simulator.errors import TwimlError
from simulator.exchange import Exchange
from simulator.forms import Form, Pairs, all_values, first_values
from simulator.numbering import is_dialable, normalized
from simulator.pace import Pace
from simulator.records import Call
from simulator.refusals import (
    MAGIC_CALL_FROM,
    MAGIC_CALL_TO,
    Reason,
)
from simulator.resources.addressing import Addressing
from simulator.resources.checks import (
    CREATED,
    OK,
    Answer,
    RefusedError,
    admit,
    found,
    require_url,
)
from simulator.resources.listing import Test, date_tests, page
from simulator.twiml import parse
from simulator.twiml_steps import Fetch, Fetched

_ADDRESSING = Addressing(
    to_missing=Reason.CALL_TO_MISSING,
    to_forbidden=Reason.CALL_TO_FORBIDDEN,
    magic_to=MAGIC_CALL_TO,
    from_missing=Reason.CALL_FROM_MISSING,
    magic_from=MAGIC_CALL_FROM,
)
_MAX_TWIML = 4000
_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
_DEFAULT_RING_S = 60.0
_MAX_RING_S = 600.0
_DEFAULT_TIME_LIMIT_S = 14_400.0


class Calls:
    """Calls as the customer sees them.

    Parameters
    ----------
    exchange, desk, pace
        The telco's own.
    """

    def __init__(self, *, exchange: Exchange, desk: CallDesk, pace: Pace) -> None:
        self._exchange = exchange
        self._desk = desk
        self._pace = pace

    def create(self, pairs: Pairs) -> Answer:
        """Accept a call.

        Raises
        ------
        RefusedError
            If it is not acceptable, or over the pace or the lines there are.
        """
        call = self._checked(first_values(pairs), pairs)
        if self._exchange.rules.refuses_over_pace:
            if self._desk.is_full:
                raise RefusedError(Reason.TOO_MANY, retry_after_s=1)
            admit(self._pace)
        answer = self._exchange.rules.call_json(call)
        self._desk.accept(call)
        return CREATED, answer

    def fetch(self, sid: str) -> Answer:
        """Return one call."""
        return OK, self._exchange.rules.call_json(self._get(sid))

    def list_page(self, query: Pairs) -> Answer:
        """List a page, newest first."""
        form = dict(query)
        tests: list[Test[Call]] = []
        phone = None
        if self._exchange.rules.filters_lists:
            phone = self._field_filters(form, tests)
            tests += date_tests(form, "StartTime", _started_or_created)
            tests += date_tests(form, "EndTime", _ended)
        return OK, page(
            self._exchange.ledger.calls,
            query,
            tests,
            phone=phone,
            path=f"{self._exchange.rules.root}/Calls.json",
            name="calls",
            to_json=self._exchange.rules.call_json,
        )

    def update(self, sid: str, pairs: Pairs) -> Answer:
        """End a call, or send it to another document.

        Raises
        ------
        RefusedError
            If the call does not allow it.
        """
        call, form = self._get(sid), dict(pairs)
        status = form.get("Status")
        if status is not None:
            if status not in {"canceled", "completed"}:
                raise RefusedError(Reason.CALL_STATUS_INVALID)
            if not call.is_final:
                self._desk.hang_up(call, status)
        elif form.get("Url") or form.get("Twiml"):
            self._redirect(call, form)
        return OK, self._exchange.rules.call_json(call)

    def delete(self, sid: str) -> Answer:
        """Forget what was said in a call that is over.

        Raises
        ------
        RefusedError
            If it is not over.
        """
        call = self._get(sid)
        if not call.is_final:
            raise RefusedError(Reason.CALL_NOT_LIVE)
        call.transcript.clear()
        return HTTPStatus.NO_CONTENT.value, {}

    def _redirect(self, call: Call, form: Form) -> None:
        if not self._exchange.rules.redirects_live_calls:
            # Somleng says yes and does nothing: only hanging up works.
            return
        url = require_url(form.get("Url"), Reason.CALL_URL_INVALID)
        method = "GET" if form.get("Method") == "GET" else "POST"
        start: Fetch | Fetched = Fetched(form.get("Twiml", ""), "")
        if url:
            start = Fetch(url, method, [])
        if not self._desk.redirect(call, start):
            raise RefusedError(Reason.CALL_NOT_LIVE)

    def _checked(self, form: Form, pairs: Pairs) -> Call:
        """Make the call.

        Raises
        ------
        RefusedError
            With what is wrong with the request.
        """
        to, from_ = normalized(form.get("To", "")), normalized(form.get("From", ""))
        _ADDRESSING.check_to(to, self._exchange.rules, self._exchange.phones)
        self._check_from(from_)
        url = require_url(form.get("Url"), Reason.CALL_URL_INVALID)
        twiml = None if url else self._checked_twiml(form.get("Twiml"))
        if url is None and twiml is None:
            raise RefusedError(Reason.CALL_URL_MISSING)
        now = self._exchange.now()
        call = Call(
            sid=self._exchange.rules.new_sid("CA"),
            to=to,
            from_=from_,
            status="queued",
            direction="outbound-api",
            created_s=now,
            updated_s=now,
            url=url,
            method=_method(form.get("Method")),
            twiml=twiml,
            status_callback=require_url(
                form.get("StatusCallback"), Reason.CALLBACK_INVALID
            ),
            status_callback_method=_method(form.get("StatusCallbackMethod")),
        )
        if self._exchange.rules.obeys_call_options:
            _set_options(call, form, pairs)
        return call

    def _checked_twiml(self, twiml: str | None) -> str | None:
        if not twiml:
            return None
        if len(twiml) > _MAX_TWIML:
            raise RefusedError(Reason.CALL_TWIML_TOO_LONG)
        try:
            parse(twiml)
        except TwimlError as error:
            raise RefusedError(Reason.CALL_TWIML_INVALID) from error
        return twiml

    def _check_from(self, from_: str) -> None:
        if _ADDRESSING.is_magic_from(from_, self._exchange.rules):
            return
        if not is_dialable(from_) or not self._exchange.numbers.owns(from_):
            raise RefusedError(Reason.CALL_FROM_NOT_OURS)

    def _field_filters(self, form: Form, tests: list[Test[Call]]) -> str | None:
        filters = {
            "To": lambda call, value: call.to == normalized(value),
            "From": lambda call, value: call.from_ == normalized(value),
            "Status": lambda call, value: call.status == value,
            "ParentCallSid": lambda call, value: call.parent_sid == value,
        }
        for name, matches in filters.items():
            if form.get(name):
                tests.append(partial(_matches, matches, form[name]))
        to = normalized(form.get("To", ""))
        if to and not self._exchange.numbers.lists(to):
            return to
        return None

    def _get(self, sid: str) -> Call:
        return found(self._exchange.ledger.calls.find(sid))


def _set_options(call: Call, form: Form, pairs: Pairs) -> None:
    """Obey what only Twilio obeys."""
    wanted = {word for value in all_values(pairs, "StatusCallbackEvent")
              for word in value.split()}  # fmt: skip
    if wanted & _EVENTS:
        call.events = frozenset(wanted & _EVENTS)
    call.ring_limit_s = _seconds(form.get("Timeout"), _DEFAULT_RING_S, _MAX_RING_S)
    call.time_limit_s = _seconds(
        form.get("TimeLimit"), _DEFAULT_TIME_LIMIT_S, _DEFAULT_TIME_LIMIT_S
    )
    if form.get("MachineDetection") in {"Enable", "DetectMessageEnd"}:
        call.machine_detection = form["MachineDetection"]
        if form.get("AsyncAmd") == "true":
            call.detection_callback = require_url(
                form.get("AsyncAmdStatusCallback"), Reason.CALLBACK_INVALID
            )
    call.fallback_url = form.get("FallbackUrl") or None


def _matches(matches: Callable[[Call, str], bool], value: str, call: Call) -> bool:
    return matches(call, value)


def _seconds(text: str | None, default: float, high: float) -> float:
    return min(float(text), high) if text and text.isdecimal() else default


def _method(text: str | None) -> str:
    return "GET" if (text or "").upper() == "GET" else "POST"


def _started_or_created(call: Call) -> float:
    return call.created_s if call.start_s is None else call.start_s


def _ended(call: Call) -> float | None:
    return call.end_s
