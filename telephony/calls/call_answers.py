"""What a person decided in a call, as one line of text that is kept with the event.

``CONFIRMED`` or ``RECORDED:https://…``. What people say of themselves needs more than
one value, so details follow: ``REPORTED:flood?language=km&place=1205&hurt=no``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from ivr_scripts.model import Outcome, Turn

#: Scripts in which people speak of themselves, and choose from lists from outside.
REGISTRATION, SETTINGS, REPORT = "registration", "my_settings", "report_incident"
CITIZEN_SCRIPTS = frozenset({REGISTRATION, SETTINGS, REPORT})
#: In which volunteers are answered who ring.
VOLUNTEER_SCRIPTS = frozenset(
    {"cardiac_dispatch", "cardiac_home", "case_pin", "case_role", "volunteer_duty"}
)
#: Of all calls to us.
ANSWERED_SCRIPTS = CITIZEN_SCRIPTS | VOLUNTEER_SCRIPTS
#: In which an operator is connected with somebody who asked for help.
CALL_BACK = "help_callback"
#: A call that was not taken: the caller is to be rung back.
MISSED = "MISSED"

#: Results that say something about the menu and not about the person.
_SILENT = frozenset({Outcome.LANGUAGE_CHANGED, Outcome.NO_ANSWER})
#: Where silence, or a language, is news.
_SILENT_IN = {
    SETTINGS: frozenset({Outcome.NO_ANSWER}),
    CALL_BACK: frozenset[Outcome](),
}
_DETAILED = frozenset(
    {
        Outcome.REGISTERED,
        Outcome.PLACE_CHANGED,
        Outcome.CHANNELS_CHANGED,
        Outcome.LANGUAGE_CHANGED,
        Outcome.REPORTED,
        Outcome.OPTED_OUT,
        Outcome.OPTED_IN,
    }
)


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """One answer, taken apart."""

    #: Name of the outcome.
    name: str
    value: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language of the call when it was given; empty if it was not noted."""
        return self.details.get("language", "")


def answers_of(turn: Turn, script: str) -> list[str]:
    """What is kept of a turn; empty if nobody has decided anything.

    Parameters
    ----------
    turn : Turn
        From the interpreter.
    script : str
        Its name: in some, people speak of themselves.
    """
    is_own = script in CITIZEN_SCRIPTS
    silent = _SILENT_IN.get(script, _SILENT)
    details = {"language": turn.language, **dict(turn.position.picked)}
    return [
        f"{result}?{urlencode(details)}"
        if is_own and result.outcome in _DETAILED
        else str(result)
        for result in turn.results
        if result.outcome not in silent
    ]


def parse(answer: str) -> CallAnswer:
    """Take an answer apart; the address of a recording keeps its question mark."""
    name, _, rest = answer.partition(":")
    if name == Outcome.RECORDED.name:
        return CallAnswer(name, rest)
    name, _, query = name.partition("?")
    value = ""
    if not query:
        value, _, query = rest.partition("?")
    return CallAnswer(name, value, dict(parse_qsl(query)))


def names_of(answers: Sequence[str]) -> list[str]:
    """Names of outcomes alone."""
    return [parse(answer).name for answer in answers]
