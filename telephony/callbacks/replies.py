"""What a text says about the message it answers, in the words of a call's outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ivr_scripts.keywords import CommandKind, Keywords
from ivr_scripts.model import Outcome

#: What the digits mean that every warning offers.
_DIGITS: Mapping[str, Outcome] = MappingProxyType(
    {"1": Outcome.CONFIRMED, "2": Outcome.SAFE, "3": Outcome.NEED_HELP}
)
_COMMANDS: Mapping[CommandKind, Outcome] = MappingProxyType(
    {
        CommandKind.STOP: Outcome.OPTED_OUT,
        CommandKind.START: Outcome.OPTED_IN,
        CommandKind.HELP: Outcome.NEED_HELP,
        CommandKind.SAFE: Outcome.SAFE,
    }
)


class Replies:
    """Understands texts as answers.

    Parameters
    ----------
    keywords : Keywords
        The words of every language.
    """

    def __init__(self, keywords: Keywords) -> None:
        self._keywords = keywords

    def __call__(self, text: str, language: str = "") -> str | None:
        """Name of the outcome, e.g. ``CONFIRMED``; None if the text answers nothing."""
        command = self._keywords.parse(text, language)
        if command.kind is CommandKind.REPLY:
            outcome = _DIGITS.get(command.digit)
        else:
            outcome = _COMMANDS.get(command.kind)
        return outcome.name if outcome is not None else None
