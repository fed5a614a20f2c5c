"""What the views that carriers ask need, as protocols."""

from __future__ import annotations

from typing import Protocol

from telephony.callbacks.intake import SignedForm
from telephony.delivery import AttemptId


class InboundCalls(Protocol):
    """Calls that people make to us; as ``telephony.callbacks.inbound_calls``."""

    def answer(self, carrier: str, request: SignedForm) -> str:
        """Take a call; TwiML."""
        ...

    def take_report(self, carrier: str, request: SignedForm) -> str:
        """Take a call to the number for reports; TwiML."""
        ...

    def miss(self, carrier: str, request: SignedForm) -> str:
        """Do not take a call, and ring back; TwiML."""
        ...

    def step(
        self, carrier: str, script: str, position: str, request: SignedForm
    ) -> str:
        """Say the next thing in a call; TwiML."""
        ...


class Callbacks(Protocol):
    """What carriers ask of us; ``telephony.callbacks.CallbackIntake``."""

    def message_status(
        self, carrier: str, attempt_id: AttemptId, request: SignedForm
    ) -> None:
        """Keep a message's status; durable when this returns."""
        ...

    def call_status(
        self, carrier: str, attempt_id: AttemptId, request: SignedForm
    ) -> None:
        """Keep a call's status; durable when this returns."""
        ...

    def call_answerer(
        self, carrier: str, attempt_id: AttemptId, request: SignedForm
    ) -> None:
        """Keep who took a call; durable when this returns."""
        ...

    def call_step(
        self,
        carrier: str,
        attempt_id: AttemptId,
        position: str | None,
        request: SignedForm,
    ) -> str:
        """Return the next words of a call as TwiML."""
        ...

    def inbound_message(self, carrier: str, request: SignedForm) -> str:
        """Keep a text that somebody sent us; return an empty TwiML answer."""
        ...
