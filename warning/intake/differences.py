"""What an update changes about the alert whose place it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely
from shapely import Polygon

from geofence.area import Area
from warning.cap import Alert, Info
from warning.intake.intake import geometry_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from warning.cap_documents.target import GeocodeLookup

#: What is compared, as CAP's names in snake_case.
_FIELDS = (
    "event",
    "headline",
    "description",
    "instruction",
    "urgency",
    "severity",
    "certainty",
    "response_types",
    "effective",
    "onset",
    "expires",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is not what it was."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Differences:
    """Everything that has changed."""

    #: Language → fields, for languages that both have.
    changed: Mapping[str, Sequence[Change]]
    languages_added: Sequence[str]
    languages_removed: Sequence[str]
    area_km2_before: float
    area_km2_after: float
    #: Square kilometres that only the new, and only the old alert names.
    added_km2: float
    removed_km2: float


def differences_of(old: Alert, new: Alert, *, lookup: GeocodeLookup) -> Differences:
    """Compare two alerts, the first info of each language and the whole area.

    Parameters
    ----------
    lookup : callable
        Knows the geocodes of areas.
    """
    before, after = _by_language(old.infos), _by_language(new.infos)
    was, now = (geometry_of(one, lookup=lookup) for one in (old, new))
    return Differences(
        changed={
            language: changes
            for language, info in before.items()
            if language in after and (changes := _changes(info, after[language]))
        },
        languages_added=[tag for tag in after if tag not in before],
        languages_removed=[tag for tag in before if tag not in after],
        area_km2_before=_km2(was),
        area_km2_after=_km2(now),
        added_km2=_km2(now.difference(was)),
        removed_km2=_km2(was.difference(now)),
    )


def _km2(geometry: BaseGeometry) -> float:
    """Square kilometres; lines and points that are left over have none."""
    parts = shapely.get_parts(geometry).tolist()
    return sum(Area(part).area_km2 for part in parts if isinstance(part, Polygon))


def _by_language(infos: Iterable[Info]) -> dict[str, Info]:
    found: dict[str, Info] = {}
    for info in infos:
        found.setdefault(info.language, info)
    return found


def _changes(old: Info, new: Info) -> list[Change]:
    return [
        Change(name, before, after)
        for name in _FIELDS
        if (before := _words(getattr(old, name)))
        != (after := _words(getattr(new, name)))
    ]


def _words(value: object) -> str:
    """A value for people; empty if there is none."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat() if isoformat else value)
