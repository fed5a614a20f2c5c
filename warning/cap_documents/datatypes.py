"""The few XML Schema datatypes CAP uses, as the lexical rules they are.

Each function takes the element's text as it stands and says whether it is in the
datatype's lexical space (XML Schema part 2). White space follows libxml2, the judge
everybody uses: collapsed for language, numbers and addresses, and for date-times only
where CAP restricts them by a pattern (1.2).
"""

import re
from calendar import monthrange
from collections.abc import Callable

Datatype = Callable[[str], bool]

_WHITE_SPACE = " \t\r\n"
#: A year of xs:dateTime has so many digits at least, and of more the first is no zero.
_YEAR_DIGITS = 4
#: The hour that ends a day, when nothing follows it.
_MIDNIGHT = 24
_FARTHEST_ZONE_MIN = 14 * 60
_DATE_TIME = re.compile(
    r"-?(?P<year>\d{4,})-(?P<month>\d\d)-(?P<day>\d\d)T"
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?P<fraction>\.\d+)?"
    r"(?P<offset>Z|[+-](?P<offset_hour>\d\d):(?P<offset_minute>\d\d))?",
    re.ASCII,
)
_CAP_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)

# RFC 3986, section 4.1: URI-reference.
_PCT = "%[0-9A-Fa-f]{2}"
_PCHAR = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|{_PCT})"
_AUTHORITY = (
    rf"(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|{_PCT})*@)?"
    rf"(?:\[[^\]/]*\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|{_PCT})*)(?::\d+)?"
)
_HIER = rf"(?://{_AUTHORITY}(?:/{_PCHAR}*)*|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?"
_TAIL = rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?[\]])*)?"
_NO_COLON = rf"(?:[A-Za-z0-9._~!$&'()*+,;=@-]|{_PCT})"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:{_HIER}|{_PCHAR}+(?:/{_PCHAR}*)*)?{_TAIL}"
    rf"|{_HIER}|{_NO_COLON}+(?:/{_PCHAR}*)*)?{_TAIL}",
    re.ASCII,
)
# XML Schema lets these stand unescaped in an anyURI (XLink 1.0, section 5.4).
_TO_ESCAPE = re.compile(r"[^\x21-\x7e]|[<>\"{}|\\^`]")


def is_date_time(text: str) -> bool:
    """``xs:dateTime``: a real date, offset of at most 14 hours if there is one.

    >>> is_date_time("2026-02-28T23:00:00Z"), is_date_time("2026-02-29T23:00:00Z")
    (True, False)
    """
    match = _DATE_TIME.fullmatch(text)
    return match is not None and _is_date(match) and _is_time(match)


def is_cap_time(text: str) -> bool:
    """``xs:dateTime`` in the one form CAP 1.2 allows.

    >>> is_cap_time("2026-02-28T23:00:00-00:00"), is_cap_time("2026-02-28T23:00:00Z")
    (True, False)
    """
    text = text.strip(_WHITE_SPACE)
    return _CAP_TIME.fullmatch(text) is not None and is_date_time(text)


def is_language(text: str) -> bool:
    """``xs:language``; an empty element takes the schema's default, so it is one."""
    return not text or _LANGUAGE.fullmatch(text.strip(_WHITE_SPACE)) is not None


def is_uri(text: str) -> bool:
    """``xs:anyURI``: absolute or relative, with what may stay unescaped."""
    text = text.strip(_WHITE_SPACE)
    return _URI.fullmatch(_TO_ESCAPE.sub("_", text)) is not None


def is_integer(text: str) -> bool:
    """``xs:integer``."""
    return _INTEGER.fullmatch(text.strip(_WHITE_SPACE)) is not None


def is_decimal(text: str) -> bool:
    """``xs:decimal``."""
    return _DECIMAL.fullmatch(text.strip(_WHITE_SPACE)) is not None


def describe(datatype: Datatype) -> str:
    """Return what a person calls the datatype, for a defect's sentence."""
    return _NAMES[datatype]


_NAMES: dict[Datatype, str] = {
    is_date_time: "date and time (2026-10-01T06:00:00+07:00)",
    is_cap_time: "date and time as CAP writes it (2026-10-01T06:00:00+07:00)",
    is_language: "language tag (for example km or en-US)",
    is_uri: "web address",
    is_integer: "whole number",
    is_decimal: "number",
}


def _is_date(match: re.Match[str]) -> bool:
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if len(match["year"]) > _YEAR_DIGITS and match["year"].startswith("0"):
        return False
    if not year or month not in range(1, 13):
        return False
    # The calendar repeats every 400 years; monthrange knows years 1 to 9999 only.
    return 1 <= day <= monthrange(2000 + year % 400, month)[1]


def _is_time(match: re.Match[str]) -> bool:
    hour, minute, second = (
        int(match["hour"]),
        int(match["minute"]),
        int(match["second"]),
    )
    if hour == _MIDNIGHT:
        fraction = (match["fraction"] or "").strip(".0")
        return not (minute or second or fraction) and _is_offset(match)
    is_on_clock = hour < _MIDNIGHT and minute in range(60) and second in range(60)
    return is_on_clock and _is_offset(match)


def _is_offset(match: re.Match[str]) -> bool:
    if match["offset_hour"] is None:
        return True
    hours, minutes = int(match["offset_hour"]), int(match["offset_minute"])
    return minutes in range(60) and hours * 60 + minutes <= _FARTHEST_ZONE_MIN
