"""What carriers say that no table of ours has: counted, never acted upon."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from telephony.carriers.failures import is_known_code

#: Long enough for every word of either telco; a telephone number is none.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,31}|[0-9]{3,6}", re.ASCII)
#: What stands for words that cannot be shown, or are too many.
OTHER = "other"


class StrangeWord(NamedTuple):
    """One word of one carrier."""

    carrier: str
    #: ``status``, ``code`` or ``attempt``.
    kind: str
    word: str

    @classmethod
    def of(cls, carrier: str, kind: str, word: str) -> StrangeWord:
        """The word as it may be kept and shown: short, and no telephone number."""
        tidy = word.strip().lower() if kind == "status" else word.strip()
        return cls(carrier, kind, tidy if _WORD.fullmatch(tidy) else OTHER)

    def as_other(self) -> StrangeWord:
        """The same, counted together with all the rest of its kind."""
        return self._replace(word=OTHER)


def strange_codes(codes: Iterable[tuple[str, str | None]]) -> list[StrangeWord]:
    """Those of (carrier, code) that are a carrier's and in no table."""
    return [
        StrangeWord.of(carrier, "code", code)
        for carrier, code in codes
        if code and not is_known_code(code)
    ]
