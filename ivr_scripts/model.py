"""The values a telephone script is made of, and what one turn of a call gives.

A script is a graph of steps. The caller of the interpreter keeps nothing in memory
between two turns: everything a call needs to go on is in its ``Position``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Protocol

from ivr_scripts.position import Position


class Outcome(Enum):
    """What a person has told us by a key or by silence."""

    CONFIRMED = "confirmed"  #: has heard and understood
    NEED_HELP = "need_help"  #: asks for help, nobody's life is in danger
    SAFE = "safe"  #: is safe
    URGENT = "urgent"  #: somebody's life is in danger
    OPTED_OUT = "opted_out"  #: wants no more calls and messages; effective at once
    OPTED_IN = "opted_in"  #: takes an opt-out back
    LANGUAGE_CHANGED = "language_changed"  #: value: the language tag
    PLACE_CHANGED = "place_changed"  #: value: what the place lookup offered
    CHANNELS_CHANGED = "channels_changed"  #: value: ``sms``, ``voice`` or ``sms+voice``
    REGISTERED = "registered"  #: value: what the place lookup offered
    REPORTED = "reported"  #: an incident; kind, hurt and place are in ``picked``
    RECORDED = "recorded"  #: value: which recording, as the caller names it
    RECORDING_KEPT = "recording_kept"  #: the speaker is content; value: which one
    DIALLED = "dialled"  #: how a bridge went; value: as the caller says it
    ACCEPTED = "accepted"  #: a responder goes
    DECLINED = "declined"  #: a responder cannot go
    WITHDRAWN = "withdrawn"  #: a responder who had accepted cannot go after all
    PROVED = "proved"  #: entered a PIN; value: what the caller's lookup made of it
    DUTY = "duty"  #: a responder may be asked or not; value: ``on``, ``off``, ``pause``
    NO_ANSWER = "no_answer"  #: no key, or only unused keys; never a confirmation


@dataclass(frozen=True, slots=True)
class Result:
    """One outcome with its value; in a script the value may be ``@pick``."""

    outcome: Outcome
    value: str = ""

    def __str__(self) -> str:
        """``LANGUAGE_CHANGED:km``, or ``CONFIRMED`` when there is no value."""
        name = self.outcome.name
        return f"{name}:{self.value}" if self.value else name


class StepKind(StrEnum):
    """What a step waits for."""

    SAY = "say"  #: nothing: speaks and goes on
    MENU = "menu"  #: one key of a fixed list
    LANGUAGE = "language"  #: one key of the languages the caller offers
    LOOKUP = "lookup"  #: one key of a list the caller offers, page by page
    ENTER = "enter"  #: several digits, which the caller's lookup recognises or not
    RECORD = "record"  #: a spoken message
    DIAL = "dial"  #: a bridge to the number in a variable
    END = "end"  #: nothing: speaks and hangs up


@dataclass(frozen=True, slots=True)
class Choice:
    """One key of a menu."""

    digit: str  #: ``0``-``9``, ``*`` or ``#``
    to: str  #: name of the step it leads to
    say: str  #: key of what the key is for; "Press 3" is put before it
    results: tuple[Result, ...] = ()
    pick: tuple[str, str] | None = None  #: name and value to remember
    forget: tuple[str, ...] = ()  #: names of picks to drop


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to say and, unless it is ``SAY`` or ``END``, one thing to wait for."""

    name: str
    kind: StepKind
    #: ``key`` of a text, ``$variable`` of the alert, ``@pick`` made earlier, or
    #: ``>pick`` to play what was recorded under that name
    say: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    to: str = ""  #: the next step, where no choice names one
    results: tuple[Result, ...] = ()  #: happen when the step is left through ``to``
    tries: int = 3  #: how often it is said before ``on_give_up``
    timeout_s: int = 6  #: silence after the last word
    on_give_up: str = ""
    on_empty: str = ""  #: where a lookup without choices leads
    lookup: str = ""  #: which list to ask the caller for
    pick: str = ""  #: name under which the chosen value is remembered
    page_size: int = 8  #: choices per page of a lookup; ``9`` turns the page
    max_digits: int = 1  #: of an ``ENTER`` step
    max_s: int = 60  #: of a ``RECORD`` step
    dial: str = ""  #: variable that holds the number of a ``DIAL`` step


@dataclass(frozen=True, slots=True)
class Script:
    """A whole telephone conversation."""

    name: str
    start: str
    steps: Mapping[str, Step]
    variables: frozenset[str] = frozenset()
    max_turns: int = 30  #: questions in one call, however often a person asks again
    on_limit: str = ""  #: where a call goes that has used them up


@dataclass(frozen=True, slots=True)
class Prompt:
    """One piece of speech: a recording exists, or may be made, for each.

    Exactly one of ``key``, ``text`` and ``sound`` is filled.
    """

    language: str
    key: str = ""  #: key of a text, or ``$variable``
    text: str = ""  #: words the caller supplied, such as the name of a place
    sound: str = ""  #: name of a sound to play as it is


@dataclass(frozen=True, slots=True)
class Gather:
    """Wait for keys. Without ``finish_on_key`` every key counts as an answer."""

    max_digits: int
    timeout_s: int
    finish_on_key: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Record what is spoken after a tone, until ``#``, silence or ``max_s``."""

    max_s: int
    silence_s: int


@dataclass(frozen=True, slots=True)
class Dial:
    """Connect the call with the number that the caller keeps under ``variable``."""

    variable: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What to do now in a call.

    Apply ``results`` first: what is spoken next may depend on them (a responder who
    accepts hears a role, or that enough people are going).
    """

    prompts: tuple[Prompt, ...]
    position: Position  #: where the answer will be judged; also holds what was picked
    results: tuple[Result, ...] = ()
    wait: Gather | Record | Dial | None = None

    @property
    def ends(self) -> bool:
        """Whether the call is over when the prompts have been spoken."""
        return self.wait is None

    @property
    def language(self) -> str:
        """The language of the call from here on."""
        return self.position.language


@dataclass(frozen=True, slots=True)
class LookupRequest:
    """What a step asks the caller for."""

    name: str  #: which list: ``languages``, ``places``, ``place_by_code``, …
    language: str  #: the language of the names wanted
    picked: Mapping[str, str] = field(default_factory=dict)
    entered: str = ""  #: the digits of an ``ENTER`` step


@dataclass(frozen=True, slots=True)
class Option:
    """One choice supplied from outside. ``value`` holds only ``A-Za-z0-9_-``."""

    value: str
    text: str = ""  #: spoken name; or
    key: str = ""  #: key of a text
    language: str = ""  #: in which to speak it, the language of the call if empty


class Lookup(Protocol):
    """Where menus that need outside data get it; implemented by the caller."""

    def options(self, request: LookupRequest) -> Sequence[Option]:
        """Choices in the order to offer them, none if there are none."""
        ...

    def name(self, pick: str, value: str, language: str) -> str:
        """Words for a value picked earlier."""
        ...
