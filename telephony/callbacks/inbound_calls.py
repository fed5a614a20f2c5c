"""Calls that people make to us: who may hear what, and what they are asked.

Nothing is remembered between two questions: where the call stands, and in which script,
is in the address that the carrier calls back, and the carrier's signature covers it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from ivr_scripts import interpreter
from ivr_scripts.catalogue import Catalogue
from ivr_scripts.errors import PositionError
from ivr_scripts.model import Lookup, Turn
from ivr_scripts.position import Position
from telephony.callbacks.intake import CallbackIntake, SignedForm
from telephony.calls import twiml
from telephony.calls.audible import AudibleLanguages
from telephony.calls.call_answers import ANSWERED_SCRIPTS, MISSED, REPORT, answers_of
from telephony.calls.call_replies import reply_of
from telephony.calls.spoken import NO_SOUNDS, Sounds, SpokenSource
from telephony.calls.twiml import Dialect
from telephony.delivery import EventKind

#: Some carriers leave the plus out.
_NUMBER = re.compile(r"\+?([0-9]{3,15})", re.ASCII)


class CallerDoor(Protocol):
    """Knows who calls."""

    def opening(self, phone: str) -> tuple[str, str]:
        """Script and language in which a number is answered."""
        ...

    def lookup(self, phone: str) -> Lookup:
        """Lists from outside for a call with this number."""
        ...


class InboundCalls:
    """Answers calls.

    Parameters
    ----------
    intake : CallbackIntake
        Believes carriers and keeps what they say.
    public_url : str
        Under which carriers reach us.
    door : CallerDoor
        Knows who calls.
    catalogue : Catalogue
        The scripts and their words.
    sounds : Sounds, optional
        What can be played instead of the carrier's voice.
    variables : callable, optional
        Number and language → what the scripts of volunteers say.
    """

    def __init__(
        self,
        *,
        intake: CallbackIntake,
        public_url: str,
        door: CallerDoor,
        catalogue: Catalogue,
        sounds: Sounds = NO_SOUNDS,
        variables: Callable[[str, str], Mapping[str, str]] | None = None,
    ) -> None:
        self._sounds = sounds
        self._variables = variables or _no_variables
        self._intake = intake
        self._base = f"{public_url.rstrip('/')}/telephony"
        self._door = door
        self._catalogue = catalogue

    def answer(self, carrier: str, request: SignedForm) -> str:
        """Take a call: registration for whoever is new, else their own settings.

        Raises
        ------
        SignatureError
            If it is not signed by this carrier.
        CallbackNotKeptError
            If the call could not be noted.
        """
        dialect = self._intake.check(carrier, request).dialect
        phone = _caller(request)
        if not phone:
            return twiml.rejection()
        script, language = self._door.opening(phone)
        return self._begin(carrier, script, language, request, dialect)

    def take_report(self, carrier: str, request: SignedForm) -> str:
        """Take a call to the number for reports; raises as ``answer``."""
        dialect = self._intake.check(carrier, request).dialect
        phone = _caller(request)
        if not phone:
            return twiml.rejection()
        _, language = self._door.opening(phone)
        return self._begin(carrier, REPORT, language, request, dialect)

    def miss(self, carrier: str, request: SignedForm) -> str:
        """Do not take a call, so that it costs nothing, and ring back.

        Raises as ``answer``.
        """
        self._intake.check(carrier, request)
        self._intake.keep(EventKind.INBOUND_CALL, carrier, request, None, [MISSED])
        return twiml.rejection()

    def step(
        self, carrier: str, script: str, position: str, request: SignedForm
    ) -> str:
        """Say the next thing in a call.

        Raises
        ------
        SignatureError
            If it is not signed by this carrier.
        PositionError
            If there is no such place in a call.
        CallbackNotKeptError
            If what the person decided could not be made durable.
        """
        dialect = self._intake.check(carrier, request).dialect
        if script not in ANSWERED_SCRIPTS:
            raise PositionError("No call to us is in this script; call again.")
        return self._say(carrier, script, Position.decode(position), request, dialect)

    def _begin(
        self,
        carrier: str,
        script: str,
        language: str,
        request: SignedForm,
        dialect: Dialect,
    ) -> str:
        self._intake.keep(EventKind.INBOUND_CALL, carrier, request, None)
        start = interpreter.start(self._catalogue.script(script), language)
        return self._say(carrier, script, start, request, dialect)

    def _say(
        self,
        carrier: str,
        script: str,
        at: Position,
        request: SignedForm,
        dialect: Dialect,
    ) -> str:
        turn = self._turn(carrier, script, at, request, dialect)
        if answers := answers_of(turn, script):
            self._intake.keep(EventKind.INBOUND_CALL, carrier, request, None, answers)
        return twiml.render(
            turn,
            action_url=partial(self._url, carrier, script),
            prompt_source=SpokenSource(
                self._catalogue,
                variables=partial(self._variables, _caller(request)),
                sounds=self._sounds,
                dialect=dialect,
            ),
            dialect=dialect,
        )

    def _turn(
        self,
        carrier: str,
        script: str,
        at: Position,
        request: SignedForm,
        dialect: Dialect,
    ) -> Turn:
        reply = reply_of(carrier, request.value)
        return interpreter.advance(
            self._catalogue.script(script),
            at,
            reply.digits,
            lookup=AudibleLanguages(
                lookup=self._door.lookup(_caller(request)),
                catalogue=self._catalogue,
                sounds=self._sounds,
                dialect=dialect,
            ),
            recording=reply.recording,
        )

    def _url(self, carrier: str, script: str, position: Position) -> str:
        return f"{self._base}/{carrier}/inbound/call/{script}/{position.encode()}"


def _caller(request: SignedForm) -> str:
    """Who calls, as E.164; empty if the number is withheld."""
    found = _NUMBER.fullmatch((request.value("From") or "").strip())
    return f"+{found.group(1)}" if found else ""


def _no_variables(_phone: str, _language: str) -> Mapping[str, str]:
    """Scripts of citizens say nothing that an alert or a case would have to give."""
    return {}
