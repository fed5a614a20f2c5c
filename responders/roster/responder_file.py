"""A list of volunteers as CSV: every line becomes a person, or a reason.

What an organisation puts into its file it has seen: its credentials count as verified.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from responders.deciding.travel import Mode
from responders.errors import (
    ImportFileError,
    InvalidPositionError,
    InvalidResponderError,
    ResponderError,
)
from responders.roster.entry_rules import EntryRules
from responders.roster.hours import Hours
from responders.roster.import_report import Line, without_repeats
from responders.roster.places import Place, PlaceKind
from responders.roster.skills import DEFAULT_VALIDITY, Credential, parse_skill
from responders.roster.volunteer import (
    BOTH,
    DEFAULT_MAX_ALERTS,
    Availability,
    Consent,
    Responder,
    Standing,
)
from telephony.delivery import Channel

T = TypeVar("T")

COLUMNS = frozenset(
    {
        "phone",
        "name",
        "organisation",
        "language",
        "skills",
        "valid_until",
        "home_lon",
        "home_lat",
        "home_hours",
        "work_lon",
        "work_lat",
        "work_hours",
        "channels",
        "quiet",
        "mode",
        "max_alerts",
        "consent_at",
        "number_verified_at",
        "pin",
    }
)
_NEEDED = frozenset({"phone", "skills"})
_MAX_CELL = 1_000
_MAX_ALERTS = 1_000
_CHANNELS = {"sms": Channel.SMS, "voice": Channel.VOICE, "both": BOTH, "": BOTH}
_MODES = {"": Mode.DEFAULT, **{mode.name.lower(): mode for mode in Mode}}
_CONSENT = "file"


def read_responders(data: bytes, rules: EntryRules) -> list[Line[Responder]]:
    """Read a list of volunteers.

    Parameters
    ----------
    data : bytes
        UTF-8 CSV with a header row; columns as in docs/how-to/import-responders.md.
    rules : EntryRules

    Raises
    ------
    ImportFileError
        If the file cannot be used at all.
    """
    lines = [_line(no, cells, rules) for no, cells in csv_rows(data, COLUMNS, _NEEDED)]
    return without_repeats(lines, key=lambda person: person.phone, column="phone")


def csv_rows(
    data: bytes, known: frozenset[str], needed: frozenset[str]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Number and cells of each line of a CSV file that is not empty.

    Raises
    ------
    ImportFileError
        If it is not UTF-8, or its columns are not the known ones.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportFileError(
            f"The file is not UTF-8 (byte {error.start}); save it as CSV UTF-8."
        ) from error
    reader = csv.DictReader(io.StringIO(text), restkey="", restval="")
    names = frozenset(name.strip().lower() for name in reader.fieldnames or ())
    if missing := sorted(needed - names):
        raise ImportFileError(f"The header has no column {', '.join(missing)}.")
    if unknown := sorted(names - known):
        raise ImportFileError(
            f"The header has the unknown column {unknown[0][:40]!r}; there are "
            f"{', '.join(sorted(known))}."
        )
    try:
        for row in reader:
            cells = {
                (name or "").strip().lower(): value.strip()[:_MAX_CELL]
                for name, value in row.items()
                if isinstance(value, str)
            }
            if any(cells.values()):
                yield reader.line_num, cells
    except csv.Error as error:
        raise ImportFileError(f"Line {reader.line_num} is no CSV: {error}.") from error


def _line(line_no: int, cells: Mapping[str, str], rules: EntryRules) -> Line[Responder]:
    column = "phone"
    try:
        phone = rules.parse_phone(cells["phone"])
        column = "skills"
        credentials = _credentials(cells, rules.now)
        column = "home_lon"
        places = _places(cells)
        column = "quiet"
        quiet = Hours.parse(cells["quiet"]) if cells.get("quiet") else None
        column = "channels"
        channels = _of(_CHANNELS, cells, "channels")
        column = "mode"
        mode = _of(_MODES, cells, "mode")
        column = "max_alerts"
        most = _max_alerts(cells.get("max_alerts", ""))
        column = "consent_at"
        consent_at = parse_time(cells.get("consent_at", ""), rules.now)
        column = "number_verified_at"
        verified_at = parse_time(cells.get("number_verified_at", ""), rules.now)
        column = "pin"
        pin = rules.pin(phone, cells.get("pin"))
    except (ResponderError, ValueError) as error:
        return Line(line_no=line_no, column=column, reason=str(error))
    consent = Consent(version=_CONSENT, given_at=consent_at) if consent_at else None
    person = Responder(
        phone=phone,
        name=cells.get("name", ""),
        organisation=cells.get("organisation", ""),
        language=cells.get("language") or "en",
        channels=channels,
        # Without the person's own agreement nobody is called.
        standing=Standing.ACTIVE if consent else Standing.PENDING,
        credentials=credentials,
        consent=consent,
        number_verified_at=verified_at,
        availability=Availability(quiet=quiet),
        places=places,
        mode=mode,
        max_alerts_30d=most,
        pin=pin,
    )
    return Line(line_no=line_no, value=person)


def _credentials(cells: Mapping[str, str], now: datetime) -> tuple[Credential, ...]:
    """Read ``cpr;nurse:2027-05-01``; a skill without a date takes ``valid_until``."""
    found = []
    for part in filter(None, (one.strip() for one in cells["skills"].split(";"))):
        word, _, until = part.partition(":")
        end = parse_day(until or cells.get("valid_until", ""))
        found.append(
            Credential(
                skill=parse_skill(word),
                valid_until=end or now + DEFAULT_VALIDITY,
                verified_at=now,
            )
        )
    return tuple(found)


def _places(cells: Mapping[str, str]) -> tuple[Place, ...]:
    """Read home and work, as far as they are there.

    Raises
    ------
    InvalidPositionError
        If a position is no pair of numbers on the earth.
    """
    places = []
    for kind in (PlaceKind.WORK, PlaceKind.HOME):
        lon, lat = (cells.get(f"{kind}_{axis}", "") for axis in ("lon", "lat"))
        if not lon and not lat:
            continue
        try:
            position = float(lon), float(lat)
        except ValueError as error:
            raise InvalidPositionError(
                f"The {kind} position is not two numbers in degrees."
            ) from error
        hours = cells.get(f"{kind}_hours", "")
        places.append(
            Place(
                kind=kind,
                lon=position[0],
                lat=position[1],
                hours=Hours.parse(hours) if hours else None,
            )
        )
    return tuple(places)


def parse_day(text: str) -> datetime | None:
    """Read ``2027-05-01``, which holds to its end; None for nothing.

    Raises
    ------
    InvalidResponderError
        If it is written another way.
    """
    if not text.strip():
        return None
    try:
        day = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidResponderError(
            f"{text[:20]!r} is no day; write it like 2027-05-01."
        ) from error
    whole = day.replace(hour=23, minute=59, second=59) if day.hour == 0 else day
    return whole if whole.tzinfo else whole.replace(tzinfo=UTC)


def parse_time(text: str, now: datetime) -> datetime | None:
    """Read a moment in the past; None for nothing.

    Raises
    ------
    InvalidResponderError
        If it is written another way, or in the future.
    """
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidResponderError(
            f"{text[:40]!r} is no time; write it like 2026-05-01T10:00:00+07:00."
        ) from error
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at > now:
        raise InvalidResponderError("This time is in the future.")
    return at


def _of(known: Mapping[str, T], cells: Mapping[str, str], name: str) -> T:
    """What a word of a cell stands for.

    Raises
    ------
    InvalidResponderError
        If it stands for nothing.
    """
    word = cells.get(name, "").lower()
    if word not in known:
        words = ", ".join(filter(None, known))
        raise InvalidResponderError(f"{word[:40]!r} is none of {words}.")
    return known[word]


def _max_alerts(text: str) -> int:
    """Read how many alerts in 30 days somebody wants at most.

    Raises
    ------
    InvalidResponderError
        If it is no such number.
    """
    if not text:
        return DEFAULT_MAX_ALERTS
    if not text.isdecimal() or int(text) > _MAX_ALERTS:
        raise InvalidResponderError(f"{text[:20]!r} is no number of alerts.")
    return int(text)
