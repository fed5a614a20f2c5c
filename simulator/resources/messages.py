"""The Messages resource: create, fetch, list, cancel, redact, delete."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from simulator.exchange import Exchange
from simulator.forms import Form, Pairs, first_values
from simulator.message_line import MessageLine
from simulator.numbering import is_alphanumeric, is_dialable, normalized
from simulator.pace import Pace
from simulator.records import Message
from simulator.refusals import (
    MAGIC_MESSAGE_FROM,
    MAGIC_MESSAGE_TO,
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
    integer,
    require_url,
)
from simulator.resources.listing import Test, date_tests, page
from simulator.segments import n_segments

_ADDRESSING = Addressing(
    to_missing=Reason.TO_MISSING,
    to_forbidden=Reason.UNROUTABLE,
    magic_to=MAGIC_MESSAGE_TO,
    from_missing=Reason.FROM_MISSING,
    magic_from=MAGIC_MESSAGE_FROM,
)
_MAX_BODY = 1600


class Messages:
    """Text messages as the customer sees them.

    Parameters
    ----------
    exchange, line, pace
        The telco's own.
    """

    def __init__(self, *, exchange: Exchange, line: MessageLine, pace: Pace) -> None:
        self._exchange = exchange
        self._line = line
        self._pace = pace
        # Bodies of a broadcast are one text many times over: kept once.
        self._bodies: dict[str, str] = {}

    def create(self, pairs: Pairs) -> Answer:
        """Accept a message.

        Raises
        ------
        RefusedError
            If it is not acceptable or over the pace.
        """
        form = first_values(pairs)
        message = self._checked(form)
        if self._exchange.rules.refuses_over_pace:
            admit(self._pace)
        answer = self._exchange.rules.message_json(message)
        self._line.accept(message)
        return CREATED, answer

    def fetch(self, sid: str) -> Answer:
        """Return one message."""
        return OK, self._exchange.rules.message_json(self._get(sid))

    def list_page(self, query: Pairs) -> Answer:
        """List a page, newest first."""
        form = dict(query)
        tests: list[Test[Message]] = []
        phone = None
        if self._exchange.rules.filters_lists:
            phone = self._phone_filter(form, tests)
            tests += date_tests(form, "DateSent", _sent_or_created)
        path = f"{self._exchange.rules.root}/Messages.json"
        to_json = self._exchange.rules.message_json
        return OK, page(
            self._exchange.ledger.messages,
            query,
            tests,
            phone=phone,
            path=path,
            name="messages",
            to_json=to_json,
        )

    def update(self, sid: str, pairs: Pairs) -> Answer:
        """Cancel a message, or redact its body.

        Raises
        ------
        RefusedError
            If it cannot be cancelled any more.
        """
        message, form = self._get(sid), dict(pairs)
        if form.get("Status") == "canceled" and not self._line.cancel(message):
            raise RefusedError(Reason.MESSAGE_NOT_CANCELABLE)
        if form.get("Body") == "":
            message.body = ""
        return OK, self._exchange.rules.message_json(message)

    def delete(self, sid: str) -> Answer:
        """Forget the text of a message that is over.

        Raises
        ------
        RefusedError
            If it is not over.
        """
        message = self._get(sid)
        if not message.is_final:
            raise RefusedError(Reason.MESSAGE_NOT_CANCELABLE)
        message.body = ""
        return HTTPStatus.NO_CONTENT.value, {}

    def _checked(self, form: Form) -> Message:
        """Make the message.

        Raises
        ------
        RefusedError
            With what is wrong with the request.
        """
        to, from_ = normalized(form.get("To", "")), normalized(form.get("From", ""))
        body = form.get("Body", "")
        _ADDRESSING.check_to(to, self._exchange.rules, self._exchange.phones)
        self._check_from(from_)
        if not body:
            raise RefusedError(Reason.BODY_MISSING)
        if len(body) > _MAX_BODY:
            raise RefusedError(Reason.BODY_TOO_LONG)
        validity_s = integer(
            form.get("ValidityPeriod"),
            low=1,
            high=self._exchange.rules.max_validity_s,
            reason=Reason.VALIDITY,
        )
        callback = require_url(form.get("StatusCallback"), Reason.CALLBACK_INVALID)
        if (to, from_) in self._exchange.ledger.opt_outs:
            raise RefusedError(Reason.OPTED_OUT)
        now = self._exchange.now()
        return Message(
            sid=self._exchange.rules.new_sid("SM"),
            to=to,
            from_=self._bodies.setdefault(from_, from_),
            body=self._bodies.setdefault(body, body),
            status="queued",
            direction="outbound-api",
            created_s=now,
            updated_s=now,
            status_callback=callback,
            validity_s=validity_s,
            n_segments=n_segments(body),
        )

    def _check_from(self, from_: str) -> None:
        if _ADDRESSING.is_magic_from(from_, self._exchange.rules):
            return
        # Somleng has no alphanumeric senders: digits that belong to the account.
        is_name = self._exchange.rules.has_magic_numbers and is_alphanumeric(from_)
        if not (is_dialable(from_) or is_name):
            raise RefusedError(Reason.FROM_INVALID)
        if not self._exchange.numbers.owns(from_):
            raise RefusedError(Reason.FROM_NOT_OURS)

    def _phone_filter(self, form: Form, tests: list[Test[Message]]) -> str | None:
        to, from_ = form.get("To"), form.get("From")
        if to:
            tests.append(partial(_is_to, normalized(to)))
        if from_:
            tests.append(partial(_is_from, normalized(from_)))
        # A message to a citizen hangs on the chain of that citizen's phone; one to a
        # number of the account hangs on its sender's.
        if to and not self._exchange.numbers.lists(normalized(to)):
            return normalized(to)
        return None

    def _get(self, sid: str) -> Message:
        return found(self._exchange.ledger.messages.find(sid))


def _is_to(number: str, message: Message) -> bool:
    return message.to == number


def _is_from(number: str, message: Message) -> bool:
    return message.from_ == number


def _sent_or_created(message: Message) -> float:
    # A message that waits has no date of sending: it must not fall out of a list
    # by which a customer looks for what was accepted.
    return message.created_s if message.sent_s is None else message.sent_s
