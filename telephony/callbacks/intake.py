"""What carriers ask of us and tell us: checked, kept, answered.

The one door for every signed request, whatever server stands in front of it. A status
is answered only when it is durable; what it means is worked out later, in batches
(``folding``). A script's next step is worked out at once, and what the person decided
is durable before the next word is spoken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from telephony.callback_urls import CallbackUrls
from telephony.calls.call_answers import answers_of
from telephony.calls.call_replies import reply_of
from telephony.calls.call_talk import CallTalk
from telephony.calls.twiml import Dialect
from telephony.carriers.signature import verify
from telephony.delivery import (
    AttemptId,
    CallContext,
    CarrierEvent,
    EventKind,
)
from telephony.errors import SignatureError, UnknownAttemptError


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedForm:
    """A POST of a carrier as the web server saw it."""

    #: Path and query exactly as they came; scheme and host are the configured ones.
    path_and_query: str
    #: Form fields in order, blank values kept.
    form: Sequence[tuple[str, str]]
    #: Header ``X-Twilio-Signature``; empty when there was none.
    signature: str

    def value(self, name: str) -> str | None:
        """The first field of this name."""
        return next((value for key, value in self.form if key == name), None)


class EventSink(Protocol):
    """Makes events durable (``group_commit``)."""

    def keep(self, event: CarrierEvent) -> None:
        """Return when the event is durable."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierIdentity:
    """What is needed to believe a carrier and to speak through it."""

    #: It signs with this.
    auth_token: str = field(repr=False)
    dialect: Dialect
    #: Number of ours that whoever is dialled sees.
    caller_id: str | None = None


class CallbackIntake:
    """Check, keep and answer what carriers send.

    Parameters
    ----------
    carriers : mapping of str to CarrierIdentity
        By the name that stands in the callback's URL.
    public_url : str
        Scheme, host and port under which carriers reach us; signatures cover it.
    sink : EventSink
        Makes events durable.
    context_of : callable
        Attempt → what its script says; None for an attempt that was never made.
    talk : CallTalk
        Works out what calls say.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        carriers: Mapping[str, CarrierIdentity],
        public_url: str,
        sink: EventSink,
        context_of: Callable[[AttemptId], CallContext | None],
        talk: CallTalk,
        now: Callable[[], datetime],
    ) -> None:
        self._carriers = dict(carriers)
        self._public_url = public_url.rstrip("/")
        self._urls = CallbackUrls(public_url)
        self._sink = sink
        self._context_of = context_of
        self._talk = talk
        self._now = now

    def message_status(
        self, carrier: str, attempt_id: AttemptId, request: SignedForm
    ) -> None:
        """Keep a message's status.

        Raises
        ------
        SignatureError
            If it is not signed by this carrier.
        CallbackNotKeptError
            If it could not be made durable.
        """
        self.check(carrier, request)
        self.keep(EventKind.MESSAGE_STATUS, carrier, request, attempt_id)

    def call_status(
        self, carrier: str, attempt_id: AttemptId, request: SignedForm
    ) -> None:
        """Keep a call's status; raises as ``message_status``."""
        self.check(carrier, request)
        self.keep(EventKind.CALL_STATUS, carrier, request, attempt_id)

    def call_answerer(
        self, carrier: str, attempt_id: AttemptId, request: SignedForm
    ) -> None:
        """Keep who took a call; raises as ``message_status``."""
        self.check(carrier, request)
        self.keep(EventKind.CALL_ANSWERER, carrier, request, attempt_id)

    def inbound_message(self, carrier: str, request: SignedForm) -> str:
        """Keep a text that somebody sent us; raises as ``message_status``.

        Returns
        -------
        str
            An empty TwiML answer: an empty body would count as an error and be
            repeated.
        """
        self.check(carrier, request)
        self.keep(EventKind.INBOUND_MESSAGE, carrier, request, None)
        return '<?xml version="1.0" encoding="UTF-8"?><Response/>'

    def call_step(
        self,
        carrier: str,
        attempt_id: AttemptId,
        position: str | None,
        request: SignedForm,
    ) -> str:
        """Say the next thing in a call.

        Parameters
        ----------
        position : str or None
            Where the call stands, from the URL; None when it has just been answered.

        Returns
        -------
        str
            TwiML.

        Raises
        ------
        SignatureError
            If it is not signed by this carrier.
        UnknownAttemptError
            If we never made this call; what came is kept for a look.
        PositionError
            If the position does not belong to the script.
        CallbackNotKeptError
            If what the person decided could not be made durable.
        """
        identity = self.check(carrier, request)
        context = self._context_of(attempt_id)
        if context is None:
            self.keep(EventKind.CALL_STEP, carrier, request, attempt_id)
            raise UnknownAttemptError(f"Attempt {attempt_id} was never made here.")
        reply = reply_of(carrier, request.value)
        phone = request.value("To") or ""
        turn, numbers = self._talk.turn(
            context, position, reply, phone, dialect=identity.dialect
        )
        answers = answers_of(turn, context.content.script)
        if answers:
            self.keep(EventKind.CALL_STEP, carrier, request, attempt_id, answers)
        return self._talk.document(
            turn,
            context,
            dialect=identity.dialect,
            action_url=partial(self._urls.call_step, carrier, attempt_id),
            numbers=numbers,
            caller_id=identity.caller_id,
        )

    def check(self, carrier: str, request: SignedForm) -> CarrierIdentity:
        """Believe a request, or not.

        Raises
        ------
        SignatureError
            If it is not signed by this carrier.
        """
        identity = self._carriers.get(carrier)
        if identity is None:
            raise SignatureError("No carrier of this name is configured here.")
        url = self._public_url + request.path_and_query
        if not verify(identity.auth_token, url, request.form, request.signature):
            raise SignatureError(
                "The signature does not fit. Check that TOCSIN_PUBLIC_URL is the URL "
                "the carrier calls, and that the carrier's auth_token is right."
            )
        return identity

    def keep(
        self,
        kind: EventKind,
        carrier: str,
        request: SignedForm,
        attempt_id: AttemptId | None,
        answers: Sequence[str] = (),
    ) -> None:
        """Make an event durable.

        Raises
        ------
        CallbackNotKeptError
            If it could not be.
        """
        self._sink.keep(
            CarrierEvent(
                kind=kind,
                received_at=self._now(),
                carrier=carrier,
                attempt_id=attempt_id,
                form=tuple(request.form),
                answers=tuple(answers),
            )
        )
