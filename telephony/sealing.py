"""PINs, sealed at the door: what is kept of one is a keyed digest, never the digits.

Four digits are guessed in ten thousand tries, so a plain digest would hide nothing;
the key of the installation does. What comes in by key or by text is sealed before it is
kept, so that no table, file or log ever holds a PIN.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ivr_scripts.model import Lookup, LookupRequest, Option

N_DIGITS = 4
#: The list that scripts ask for where somebody enters a PIN.
PIN_LOOKUP = "pin"
#: What begins a seal in a text.
MARK = "~"
#: Hexadecimal digits of a seal: 96 bits.
_LENGTH = 24
_USE = b"pin:"
_FOUR = re.compile(rf"(?<!\d)\d{{{N_DIGITS}}}(?!\d)")
#: Texts in which four digits are a PIN: alone, with the word, after a yes and the code
#: of a case, after a code that confirms a number.
_WITH_PIN = re.compile(
    r"\W*(?:pin\W+\d{4}(?:\W+\d{4})?|(?:1\W+(?:[2-9a-z]{2}\W+)?)?\d{4}"
    r"|join\W+\d{6}\W+\d{4})\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Seals:
    """Seals PINs.

    Parameters
    ----------
    key : callable
        The key of the installation; asked for once, when the first PIN comes.
    """

    key: Callable[[], str]

    @cached_property
    def _key(self) -> bytes:
        return hashlib.sha256(_USE + self.key().encode()).digest()

    def of(self, phone: str, digits: str) -> str:
        """Seal the PIN of a number.

        Parameters
        ----------
        phone : str
            E.164; two people with one PIN have different seals.
        digits : str
            `N_DIGITS` of them, of any script.

        Raises
        ------
        ValueError
            If they are not; the message does not repeat them.
        """
        plain = "".join(str(unicodedata.digit(sign, -1)) for sign in digits.strip())
        if len(plain) != N_DIGITS or not plain.isdecimal():
            raise ValueError(f"A PIN has {N_DIGITS} digits and nothing else.")
        told = f"{phone.removeprefix('+')}:{plain}".encode()
        return hmac.new(self._key, told, hashlib.sha256).hexdigest()[:_LENGTH]

    def in_text(self, phone: str, body: str) -> str:
        """A text with its PIN sealed; any other text as it is."""
        if not _WITH_PIN.fullmatch(body):
            return body
        return _FOUR.sub(lambda found: MARK + self.of(phone, found.group()), body)


@dataclass(frozen=True, slots=True)
class PinLookup:
    """Takes the digits of a PIN in a call, and knows other lists from elsewhere.

    Any four digits are taken: a call that said whether they are right would let
    somebody try. They are judged where tries are counted.
    """

    seals: Seals
    phone: str
    other: Lookup

    def options(self, request: LookupRequest) -> Sequence[Option]:
        """The seal of what was entered; nothing if it is no PIN."""
        if request.name != PIN_LOOKUP:
            return self.other.options(request)
        try:
            return [Option(value=self.seals.of(self.phone, request.entered))]
        except ValueError:
            return []

    def name(self, pick: str, value: str, language: str) -> str:
        """Words for what was picked earlier; a PIN is never spoken."""
        return self.other.name(pick, value, language)
