r"""How many parts a text message takes, exactly, before it costs anything.

A message in the GSM 7-bit alphabet (3GPP TS 23.038) holds 160 characters, or 153 in
each part when joined; a single other character (Khmer, Arabic, a curly quote, an emoji)
switches the whole message to UCS-2: 70, or 67 when joined. ``^{}[]~|\€`` and the form
feed come from the extension table and take two places. Neither such a pair nor an emoji
is ever cut in two, so a part may hold one place less than it could.
"""

from dataclasses import dataclass
from enum import StrEnum

#: The default alphabet; every character takes one place.
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: The extension table; every character takes two places.
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")

#: What a phone shows just as well, for characters that force UCS-2 by their look alone.
PLAIN_FOR = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2013": "-",
    "\u2014": "-",
    "\u2026": "...",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2022": "-",
    "\u00b4": "'",
}
_PLAIN_TABLE = str.maketrans(PLAIN_FOR)
_LAST_OF_PLANE_0 = 0xFFFF


class SmsEncoding(StrEnum):
    """The alphabet a whole message is sent in."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"

    @property
    def single(self) -> int:
        """Places of a message that stands alone."""
        return 160 if self is SmsEncoding.GSM_7 else 70

    @property
    def joined(self) -> int:
        """Places of each part of a longer message."""
        return 153 if self is SmsEncoding.GSM_7 else 67


@dataclass(frozen=True, slots=True)
class SmsParts:
    """What sending one text takes."""

    encoding: SmsEncoding
    #: Places used: septets in GSM-7, 16-bit units in UCS-2.
    n_units: int
    #: Messages the carrier bills; 0 for an empty text.
    n_parts: int
    #: Places left in the last part.
    n_left: int

    @property
    def is_single(self) -> bool:
        """Whether one message holds it all."""
        return self.n_parts <= 1


def sms_encoding(text: str) -> SmsEncoding:
    """Return the alphabet the whole text must be sent in."""
    alphabet = GSM_BASIC | GSM_EXTENSION
    return SmsEncoding.GSM_7 if alphabet.issuperset(text) else SmsEncoding.UCS_2


def sms_parts(text: str) -> SmsParts:
    """Count the parts of a text message.

    Parameters
    ----------
    text : str
        Exactly as it will be sent.

    Returns
    -------
    SmsParts
        Zero parts for an empty text.

    Examples
    --------
    >>> sms_parts("a" * 160).n_parts, sms_parts("a" * 161).n_parts
    (1, 2)
    >>> sms_parts("ទឹកជំនន់").encoding.value
    'UCS-2'
    """
    encoding = sms_encoding(text)
    widths = [_width(character, encoding) for character in text]
    n_units = sum(widths)
    if n_units <= encoding.single:
        return SmsParts(encoding, n_units, min(1, n_units), encoding.single - n_units)
    n_parts, used = 1, 0
    for width in widths:
        if used + width > encoding.joined:
            n_parts, used = n_parts + 1, 0
        used += width
    return SmsParts(encoding, n_units, n_parts, encoding.joined - used)


def split_sms(text: str) -> tuple[str, ...]:
    """Cut a text where the carrier will; the parts, joined, are the text itself."""
    encoding = sms_encoding(text)
    if sum(_width(character, encoding) for character in text) <= encoding.single:
        return (text,) if text else ()
    parts, start, used = [], 0, 0
    for at, character in enumerate(text):
        width = _width(character, encoding)
        if used + width > encoding.joined:
            parts.append(text[start:at])
            start, used = at, 0
        used += width
    return (*parts, text[start:])


def outside_gsm_7(text: str) -> tuple[str, ...]:
    """Return the characters that force UCS-2, each once, in order of appearance."""
    alphabet = GSM_BASIC | GSM_EXTENSION
    return tuple(dict.fromkeys(one for one in text if one not in alphabet))


def in_plain_characters(text: str) -> str:
    """Replace typographic quotes, dashes and blanks, if that alone brings GSM-7.

    Returns
    -------
    str
        The text itself when other characters need UCS-2 anyway: then nothing is won.

    Examples
    --------
    >>> in_plain_characters("Don\u2019t wait")
    "Don't wait"
    """
    plain = text.translate(_PLAIN_TABLE)
    return plain if sms_encoding(plain) is SmsEncoding.GSM_7 else text


def _width(character: str, encoding: SmsEncoding) -> int:
    if encoding is SmsEncoding.GSM_7:
        return 2 if character in GSM_EXTENSION else 1
    # Beyond the basic plane UTF-16 needs a pair.
    return 2 if ord(character) > _LAST_OF_PLANE_0 else 1
