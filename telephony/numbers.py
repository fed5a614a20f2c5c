"""Telephone numbers: read, checked, and masked before anybody logs them.

The ``phonenumbers`` library decides what a number is. Its parser costs three times its
check, so numbers that are plainly E.164 go straight to the check, with the same
verdict; everything else takes the long way.
"""

from __future__ import annotations

import functools
import re
from typing import NewType

import phonenumbers
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberFormat,
)

from telephony.errors import InvalidNumberError

#: A number in E.164: ``+``, country code, national number; at most 15 digits.
E164 = NewType("E164", str)

_INTERNATIONAL = re.compile(r"\+[1-9]\d{5,14}", re.ASCII)
_SEPARATORS = str.maketrans("", "", " -.\u00a0")
_LONGEST_TEXT = 64
_N_SHOWN = 2
_MATCHES_NOTHING = re.compile(r"(?!)")


def parse_number(text: str, *, region: str | None = None) -> E164:
    """Read one telephone number.

    Parameters
    ----------
    text : str
        As people write it: ``+855 12 345 678``, or ``012 345 678`` with a region.
    region : str, optional
        ISO 3166-1 alpha-2 of numbers written without a country code.

    Returns
    -------
    E164

    Raises
    ------
    InvalidNumberError
        If it is none that can be dialled. The message shows it masked.

    Examples
    --------
    >>> parse_number("+855 12 345 678")
    '+85512345678'
    >>> parse_number("012 345 678", region="KH")
    '+85512345678'
    """
    bare = text.translate(_SEPARATORS)
    is_valid = _plain_verdict(bare) if _INTERNATIONAL.fullmatch(bare) else None
    if is_valid is None:
        return _parse_slowly(text, region)
    if not is_valid:
        raise InvalidNumberError(_not_dialled(text))
    return E164(bare)


def mask(text: str) -> str:
    """Show only what helps to find a fault: country code and last two digits.

    Parameters
    ----------
    text : str
        A number, or what should have been one.

    Examples
    --------
    >>> mask("+85512345678")
    '+855******78'
    >>> mask("012345678"), mask("12"), mask("")
    ('*******78', '**', '')
    """
    if len(text) <= 2 * _N_SHOWN:
        return "*" * len(text)
    head = ""
    if _INTERNATIONAL.fullmatch(text):
        head = "+" + (_country_code(text) or "")
    return head + "*" * (len(text) - len(head) - _N_SHOWN) + text[-_N_SHOWN:]


def _parse_slowly(text: str, region: str | None) -> E164:
    if len(text) > _LONGEST_TEXT:
        raise InvalidNumberError(f"A text of {len(text)} characters is no number.")
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException as error:
        raise InvalidNumberError(
            f"{mask(text)!r} is not a telephone number; write it like +85512345678."
        ) from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise InvalidNumberError(_not_dialled(text))
    return E164(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _not_dialled(text: str) -> str:
    return f"{mask(text)!r} is not a number that can be dialled; check its digits."


def _country_code(international: str) -> str | None:
    """Country code of a text that begins with ``+``; None if there is no such code."""
    for n_digits in (1, 2, 3):
        code = international[1 : 1 + n_digits]
        if int(code) in COUNTRY_CODE_TO_REGION_CODE:
            return code
    return None


def _plain_verdict(international: str) -> bool | None:
    """Whether this is valid as it stands; None if only the long way can tell."""
    code = _country_code(international)
    if code is None:
        return None
    national = international[1 + len(code) :]
    # A trunk zero or another national prefix may have to be dropped first.
    if national[0] == "0" or _national_prefix(code).match(national):
        return None
    number = PhoneNumber(country_code=int(code), national_number=int(national))
    return phonenumbers.is_valid_number(number)


@functools.cache
def _national_prefix(country_code: str) -> re.Pattern[str]:
    """What may stand before a national number there and is no part of it."""
    region = phonenumbers.region_code_for_country_code(int(country_code))
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(
        int(country_code), region
    )
    prefix = metadata.national_prefix_for_parsing if metadata else None
    return re.compile(prefix) if prefix else _MATCHES_NOTHING
