"""What a new warning may start from: a plan, a CAP document, another alert."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from geofence.area import to_geojson
from warning.cap import Alert, CapStatus, Info
from warning.cap_documents import cap_check
from warning.errors import InvalidAlertError
from warning.intake.intake import geometry_of
from warning.texts.hazard_recognition import hazard_of
from warning.texts.language_choice import primary
from warning.validity import latest_end
from web.services import options, services

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

#: Choices of the form, hours.
HOURS = (1, 2, 3, 6, 12, 24, 48)
_MAX_DEFECTS = 3


def read_cap(data: bytes) -> tuple[Alert, Polygon | MultiPolygon]:
    """Read a CAP document, and where it is.

    Raises
    ------
    InvalidAlertError
        If it cannot be used; says why.
    """
    verdict = cap_check.check(data, filename="file", lookup=outline_of_code)
    if verdict.alert is None or not verdict.usable:
        blocking = [str(defect) for defect in verdict.defects if defect.blocks]
        raise InvalidAlertError(" ".join(blocking[:_MAX_DEFECTS]))
    return verdict.alert, geometry_of(verdict.alert, lookup=outline_of_code)


def fields_of(
    cap: Alert, geometry: Polygon | MultiPolygon, *, now: datetime
) -> dict[str, str]:
    """What an alert says, as fields of the form of a new one.

    Parameters
    ----------
    cap : Alert
    geometry : shapely Polygon or MultiPolygon
        Where it is: lon and lat in WGS 84 degrees.
    now : datetime
        Aware; its hours count from here.
    """
    if not cap.infos:
        return {}
    first = cap.infos[0]
    hazard = hazard_of(first, services().texts.templates())
    fields = {
        "drill": "0" if cap.status is CapStatus.ACTUAL else "1",
        "area": json.dumps(to_geojson(geometry), separators=(",", ":")),
        "area_desc": ", ".join(area.area_desc for area in first.areas)[:200],
        "hazard": "" if hazard is None else hazard.value,
        "severity": first.severity.value,
        "urgency": first.urgency.value,
        "certainty": first.certainty.value,
        "responses": ",".join(one.value for one in first.response_types),
        "hours": _hours(latest_end(cap.infos, cap) - now),
    }
    for language in options().languages:
        info = _info_in(cap, language)
        if info is not None:
            fields[f"headline-{language}"] = info.headline or info.event
            fields[f"instruction-{language}"] = info.instruction or ""
            fields[f"description-{language}"] = info.description or ""
            fields[f"event-{language}"] = info.event
    # What the hazard is called belongs to that hazard alone.
    fields["event-of"] = fields["hazard"]
    return {name: text for name, text in fields.items() if text}


def outline_of_code(value_name: str, value: str) -> Polygon | MultiPolygon | None:
    """Where the area of a geocode is; of administrative areas that are imported."""
    del value_name
    rows = services().areas.list(level=None, after="", limit=100_000)
    return next((row.geometry for row in rows if row.code == value), None)


def _info_in(cap: Alert, language: str) -> Info | None:
    wanted = primary(language)
    return next((one for one in cap.infos if primary(one.language) == wanted), None)


def _hours(left: timedelta) -> str:
    """The choice that lasts at least as long as what is left, or the longest."""
    enough = (n for n in HOURS if timedelta(hours=n) >= left)
    return str(next(enough, HOURS[-1]))
