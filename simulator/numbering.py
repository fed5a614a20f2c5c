"""How phone numbers and senders are written."""

from __future__ import annotations

import re

_E164 = re.compile(r"\+?[1-9][0-9]{6,14}")
_SHORT_CODE = re.compile(r"[0-9]{3,6}")
_ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 _&+-]{1,11}")


def normalized(number: str) -> str:
    """E.164 with its plus; short codes and names as they are."""
    number = number.strip().replace(" ", "") if number[:1] in "+0123456789 " else number
    if number.isdecimal() and not _SHORT_CODE.fullmatch(number):
        return f"+{number}"
    return number


def is_dialable(number: str) -> bool:
    """Whether it is E.164 or a short code."""
    return bool(_E164.fullmatch(number) or _SHORT_CODE.fullmatch(number))


def is_alphanumeric(sender: str) -> bool:
    """Whether it can be an alphanumeric sender."""
    return bool(_ALPHANUMERIC.fullmatch(sender))
