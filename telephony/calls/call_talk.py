"""What a call of ours says next: the script's turn, and the document that speaks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from ivr_scripts import interpreter
from ivr_scripts.catalogue import Catalogue, LanguageLookup
from ivr_scripts.model import Dial, Lookup, Script, StepKind, Turn
from ivr_scripts.position import Position
from telephony.calls import twiml
from telephony.calls.audible import AudibleLanguages
from telephony.calls.call_answers import CITIZEN_SCRIPTS
from telephony.calls.call_replies import CallReply
from telephony.calls.kept_speech import KeptSpeech
from telephony.calls.own_sound import with_own_sound
from telephony.calls.spoken import NO_SOUNDS, Sounds, SpokenSource
from telephony.calls.twiml import Dialect
from telephony.delivery import CallContext
from telephony.sealing import PinLookup, Seals

#: What is told of a bridge to a number that we do not have (any more).
_NOT_DIALLED = "failed/0"


def no_take(_recording: str) -> None:
    """Nothing that is recorded can be played."""


def no_numbers(_owner_ref: str) -> Mapping[str, str]:
    """Nobody is to be dialled."""
    return {}


@dataclass(frozen=True, kw_only=True, slots=True)
class CallTalk:
    """Works out what calls say.

    Parameters
    ----------
    catalogue : Catalogue
        The scripts and their words.
    sounds : Sounds
        What can be played instead of the carrier's voice.
    seals : Seals, optional
        Seals PINs that are entered.
    lookup_of : callable, optional
        Number → lists from outside for calls in which people speak of themselves.
    take_of : callable, optional
        Recording (``RecordingRef`` as text) → name of the sound that plays it; None if
        there is nothing to hear. Asked where a script plays back what was recorded.
    numbers_of : callable, optional
        Owner of a call → numbers to dial, by the variable a script names. Asked when
        a number is dialled, so that no copy of it is kept anywhere.
    """

    catalogue: Catalogue
    sounds: Sounds = NO_SOUNDS
    seals: Seals | None = None
    lookup_of: Callable[[str], Lookup] | None = None
    take_of: Callable[[str], str | None] = no_take
    numbers_of: Callable[[str], Mapping[str, str]] = no_numbers
    _kept: KeptSpeech = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_kept", KeptSpeech(self.sounds.edition))

    def turn(
        self,
        context: CallContext,
        position: str | None,
        reply: CallReply,
        phone: str,
        *,
        dialect: Dialect = Dialect.TWILIO,
    ) -> tuple[Turn, Mapping[str, str]]:
        """Judge an answer; returns the turn, and the numbers that it may dial.

        Raises
        ------
        PositionError
            If the position does not belong to the script.
        """
        script = self.catalogue.script(context.content.script)
        at = (
            interpreter.start(script, context.content.language)
            if position is None
            else Position.decode(position)
        )
        lookup = AudibleLanguages(
            lookup=self._lookup(context, phone),
            catalogue=self.catalogue,
            sounds=self.sounds,
            dialect=dialect,
        )
        turn = interpreter.advance(
            script,
            at,
            reply.digits,
            lookup=lookup,
            recording=self._recording(script, at, reply),
            dialled=reply.dialled,
        )
        if not isinstance(turn.wait, Dial):
            return turn, {}
        numbers = self.numbers_of(context.content.owner_ref)
        if turn.wait.variable in numbers:
            return turn, numbers
        # The person was erased, or somebody else has dealt with it meanwhile.
        after = interpreter.advance(
            script, turn.position, lookup=lookup, dialled=_NOT_DIALLED
        )
        return replace(after, results=(*turn.results, *after.results)), {}

    def document(
        self,
        turn: Turn,
        context: CallContext,
        *,
        dialect: Dialect,
        action_url: Callable[[Position], str],
        numbers: Mapping[str, str],
        caller_id: str | None,
    ) -> str:
        """TwiML that speaks a turn."""
        return twiml.document(
            turn,
            self._kept.speech(
                (context.content_id, dialect, turn.prompts),
                lambda: self._speech(turn, context, dialect),
            ),
            action_url=action_url,
            numbers=numbers,
            caller_id=caller_id,
        )

    def _speech(self, turn: Turn, context: CallContext, dialect: Dialect) -> str:
        variables = partial(_variables_in, context)
        source = SpokenSource(
            self.catalogue, variables=variables, sounds=self.sounds, dialect=dialect
        )
        own = with_own_sound(turn, variables, self.sounds)
        return twiml.speech(own.prompts, source, dialect)

    def _recording(self, script: Script, at: Position, reply: CallReply) -> str | None:
        """What was recorded; the sound itself where the script plays it back."""
        step = script.steps.get(at.step)
        is_played = step is not None and step.kind is StepKind.RECORD and step.pick
        if reply.recording is None or not is_played or at.said == 0:
            return reply.recording
        return self.take_of(reply.recording)

    def _lookup(self, context: CallContext, phone: str) -> Lookup:
        """Places and warnings for scripts in which people speak of themselves."""
        if context.content.script in CITIZEN_SCRIPTS and self.lookup_of is not None:
            return self.lookup_of(phone)
        languages = LanguageLookup(self.catalogue, tuple(context.translations))
        if self.seals is None:
            return languages
        return PinLookup(self.seals, phone, languages)


def _variables_in(context: CallContext, language: str) -> Mapping[str, str]:
    """What the owner has to say, in the language of the call or else as it has it.

    The very tag first: Chinese in the wrong script is hardly better than none.
    """
    if language in context.translations:
        return context.translations[language].variables
    wanted = language.partition("-")[0]
    for tag, content in context.translations.items():
        if tag.partition("-")[0] == wanted:
            return content.variables
    return context.content.variables
