"""A volunteer's PIN: who shows it is the person who signed up, whoever has the phone.

Numbers are given to others after months of silence. So where the organisation asks for
it, the address of a home is told only for the PIN. Of a PIN there is only its seal
(``telephony.sealing``).
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from datetime import timedelta

from telephony.sealing import MARK

#: Wrong answers in a row after which only the dispatcher can open an address.
MAX_WRONG = 3
#: A first PIN may be chosen so long after the number was confirmed: a number that has
#: gone to somebody else meanwhile was silent for longer.
FIRST_PIN_WITHIN = timedelta(days=30)
_SEAL = re.compile(rf"{MARK}([0-9a-f]{{24}})")


@dataclass(frozen=True, slots=True)
class Pin:
    """What is known of somebody's PIN."""

    #: Empty if there is none.
    seal: str = ""
    #: Wrong answers in a row.
    n_wrong: int = 0

    @property
    def is_set(self) -> bool:
        """Whether there is one."""
        return bool(self.seal)

    @property
    def is_usable(self) -> bool:
        """Whether an answer would be looked at."""
        return self.is_set and self.n_wrong < MAX_WRONG

    def fits(self, seal: str) -> bool:
        """Whether an answer is this PIN, in a time that tells nothing."""
        return self.is_usable and hmac.compare_digest(self.seal, seal)

    def after(self, seal: str) -> Pin:
        """The PIN after an answer: tries are counted."""
        if self.fits(seal):
            return replace(self, n_wrong=0)
        return replace(self, n_wrong=min(self.n_wrong + 1, MAX_WRONG))


def seals_in(text: str) -> list[str]:
    """The seals of a text, in order.

    Examples
    --------
    >>> seals_in("PIN ~0123456789abcdef01234567")
    ['0123456789abcdef01234567']
    """
    return _SEAL.findall(text)


def without_seals(text: str) -> str:
    """What a text says beside its PIN."""
    return " ".join(_SEAL.sub(" ", text).split())
