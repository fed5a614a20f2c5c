"""Where an alert came from, and whether another one says the same.

Issuers re-publish what they have said under a new identifier and without references:
taken at its word, that would be a second alert to the same people. What an alert says
is therefore kept as a fingerprint, without who it says it is and when.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from warning.alert import AlertId
from warning.texts.fitting import one_line

if TYPE_CHECKING:
    from warning.cap import Alert, Area, Info

#: How long the same words of the same sender are taken for the same alert.
SAME_FOR = timedelta(minutes=60)
#: Source of what came over the API or the command line.
API = "api"


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """How one alert came in as a document."""

    alert_id: AlertId
    #: ``api``, ``feed:NAME``, ``push:NAME``, ``drop``.
    source: str
    #: SHA-256 of the document's bytes, hexadecimal.
    digest: str
    #: SHA-256 of what it says; None if it names the messages it replaces.
    fingerprint: str | None
    received_at: datetime
    #: The alert that says the same, from the same sender; an operator decides.
    duplicate_of: AlertId | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What came in, as it came."""

    #: ``api``, ``feed:NAME``, ``push:NAME``, ``drop``.
    source: str
    data: bytes


def digest_of(data: bytes) -> str:
    """SHA-256 of a document, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def fingerprint(cap: Alert) -> str | None:
    """SHA-256 of what an alert says; None if it refers to other messages.

    Neither identifier nor times of publication count, nor white space, nor the order
    of infos, areas and shapes. The end counts: a later end is news.
    """
    if cap.references:
        return None
    said = [
        cap.sender,
        cap.status.value,
        cap.msg_type.value,
        sorted(_info(info) for info in cap.infos),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _info(info: Info) -> list[str]:
    expires = info.expires
    return [
        info.language.casefold(),
        one_line(info.event),
        *(word.value for word in (info.urgency, info.severity, info.certainty)),
        "" if expires is None else expires.astimezone(UTC).isoformat(),
        one_line(info.headline),
        one_line(info.description),
        one_line(info.instruction),
        json.dumps(sorted(_area(area) for area in info.areas), ensure_ascii=False),
    ]


def _area(area: Area) -> list[list[str]]:
    shapes = (*area.polygons, *area.circles)
    codes = (f"{code.value_name}={code.value}" for code in area.geocodes)
    return [
        [one_line(area.area_desc)],
        sorted(" ".join(shape.split()) for shape in shapes),
        sorted(codes),
    ]
