"""How many parts a text message is sent in (GSM 03.38 and UCS-2)."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")


@lru_cache(maxsize=1024)
def n_segments(body: str) -> int:
    """Parts that `body` takes, at least 1.

    160 septets in one part or 153 in each of several; 70 or 67 UTF-16 units as soon as
    one character is outside the GSM alphabet.
    """
    if all(char in _BASIC or char in _EXTENDED for char in body):
        size = len(body) + sum(char in _EXTENDED for char in body)
        return _parts(size, alone=160, joined=153)
    return _parts(len(body.encode("utf-16-le")) // 2, alone=70, joined=67)


def _parts(size: int, *, alone: int, joined: int) -> int:
    return 1 if size <= alone else ceil(size / joined)
