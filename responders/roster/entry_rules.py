"""By what a volunteer's entry is read, whether a form or a line of a file gives it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from responders.roster.pins import Pin


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryRules:
    """What entries are checked against."""

    #: Text → E.164; raises ValueError with a sentence without the number.
    parse_phone: Callable[[str], str]
    now: datetime
    #: Number and PIN → seal; raises ValueError with a sentence without the PIN.
    seal: Callable[[str, str], str]

    def pin(self, phone: str, digits: str | None) -> Pin:
        """The PIN that an entry gives; none if it gives none.

        Raises
        ------
        ValueError
            If it is not four digits; the message does not repeat them.
        """
        return Pin(self.seal(phone, digits)) if digits else Pin()
