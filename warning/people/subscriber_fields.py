"""One cell of a list of subscribers at a time: text in, value out, or why not.

The sentences here are read by whoever keeps the list, so they quote what stands there
and say what should; never a phone number or a name, because reports of rejected lines
are passed on.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from telephony.delivery import Channel
from warning.texts.language_tags import canonical_language

MAX_NAME = 200
MAX_GROUP = 64
MAX_AREA_CODE = 64
_MAX_QUOTED = 40
_BOTH = int(Channel.SMS | Channel.VOICE)
_CHANNEL_WORDS = {
    "both": _BOTH,
    "sms": int(Channel.SMS),
    "voice": int(Channel.VOICE),
}
_TRUTH = {
    **dict.fromkeys(("", "0", "no", "false"), False),
    **dict.fromkeys(("1", "yes", "true"), True),
}


class FieldError(ValueError):
    """A cell cannot be used.

    Parameters
    ----------
    column : str
        Its column; empty if the whole line is meant.
    code : str
        A stable word for machines.
    reason : str
        A sentence for people.
    """

    def __init__(self, column: str, code: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.code = code
        self.reason = reason


@lru_cache(maxsize=4096)
def parse_language(text: str) -> str:
    """Return a canonical BCP 47 tag.

    Raises
    ------
    FieldError
        If it is missing or none.
    """
    if not text:
        raise FieldError(
            "language", "language", "The language is missing; write a code such as km."
        )
    try:
        return canonical_language(text)
    except ValueError as error:
        sentence = f"The language {error}.".replace(repr(text), quoted(text))
        raise FieldError("language", "language", sentence) from error


@lru_cache(maxsize=256)
def parse_channels(text: str) -> int:
    """Return the sum of ``Channel`` a person can be reached by; empty means both.

    Raises
    ------
    FieldError
        If there is another word than ``sms``, ``voice``, ``both``.
    """
    words = text.lower().replace(";", " ").replace("+", " ").replace(",", " ").split()
    total = 0
    for word in words:
        if word not in _CHANNEL_WORDS:
            raise FieldError(
                "channels",
                "channels",
                f"The channel {quoted(word)} is unknown; write sms, voice or both.",
            )
        total |= _CHANNEL_WORDS[word]
    return total or _BOTH


@lru_cache(maxsize=4096)
def parse_groups(text: str) -> tuple[str, ...]:
    """Return groups in lower case, each once, in the order given.

    Raises
    ------
    FieldError
        If one is too long or has control characters.
    """
    groups = dict.fromkeys(part.strip().lower() for part in text.split(";"))
    groups.pop("", None)
    for group in groups:
        if len(group) > MAX_GROUP or _has_controls(group):
            raise FieldError(
                "groups",
                "groups",
                f"The group {quoted(group)} is longer than {MAX_GROUP} characters or "
                f"not plain text; separate groups with ';'.",
            )
    return tuple(groups)


def parse_vulnerable(text: str) -> bool:
    """Return whether somebody needs to be told early.

    Raises
    ------
    FieldError
        If it is neither 0 nor 1.
    """
    try:
        return _TRUTH[text.lower()]
    except KeyError:
        raise FieldError(
            "vulnerable", "vulnerable", f"Vulnerable is {quoted(text)}; write 0 or 1."
        ) from None


def parse_name(text: str) -> str | None:
    """Return a name, None if empty.

    Raises
    ------
    FieldError
        If it is too long or has control characters.
    """
    if len(text) > MAX_NAME:
        raise FieldError(
            "name", "name", f"The name is longer than {MAX_NAME} characters."
        )
    if _has_controls(text):
        raise FieldError(
            "name", "name", "The name holds control characters; type it again."
        )
    return text or None


def parse_area_code(text: str) -> str:
    """Return an area's code as written.

    Raises
    ------
    FieldError
        If it cannot be a code.
    """
    if len(text) > MAX_AREA_CODE or _has_controls(text):
        raise FieldError(
            "area",
            "area",
            f"The area {quoted(text)} is not a code of at most {MAX_AREA_CODE} "
            f"characters.",
        )
    return text


def parse_consent(text: str, *, latest: datetime | None) -> datetime | None:
    """Return when somebody agreed, UTC; None if not said.

    A date without time is its first moment in UTC.

    Raises
    ------
    FieldError
        If it is no date, has a time without zone, or lies after ``latest``.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise FieldError(
            "consent_at",
            "consent",
            f"The date of consent is {quoted(text)}; write it as 2025-03-31 or "
            f"2025-03-31T08:00:00+07:00.",
        ) from None
    if moment.tzinfo is None:
        if not _is_date_only(text):
            raise FieldError(
                "consent_at",
                "consent",
                f"The time of consent {quoted(text)} has no time zone; add Z or one "
                f"such as +07:00.",
            )
        moment = moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise FieldError(
            "consent_at", "consent", f"There is no such time as {quoted(text)}."
        ) from None
    if latest is not None and moment > latest:
        raise FieldError(
            "consent_at", "consent", f"The date of consent {quoted(text)} is to come."
        )
    return moment


def _is_date_only(text: str) -> bool:
    return len(text) <= len("2025-03-31")


def _has_controls(text: str) -> bool:
    """Tell control characters; zero-width spaces and joiners are part of Khmer."""
    return not text.isprintable() and any(ch < " " or ch == "\x7f" for ch in text)


def quoted(text: str) -> str:
    """Return what stands in a cell for use in a sentence: short and printable."""
    shown = text if len(text) <= _MAX_QUOTED else text[: _MAX_QUOTED - 1] + "…"
    return "'" + "".join(ch if ch.isprintable() else "\ufffd" for ch in shown) + "'"
