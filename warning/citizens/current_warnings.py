"""Which warnings hold for a place now, for those who ask by text or call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shapely import Point
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from warning.alert import AlertCase, AlertId, AlertState
from warning.cap import CapStatus, Info
from warning.cap_documents.target import GeocodeLookup
from warning.citizens.citizen_ports import UnitOfWork
from warning.errors import InvalidAlertError
from warning.intake.intake import geometry_of
from warning.people.whereabout import Whereabout
from warning.validity import valid_until

#: An alert never changes, so its outline is worked out once.
_REMEMBERED = 256


class CurrentWarnings:
    """Finds live warnings by place.

    Parameters
    ----------
    now : callable
        Aware UTC.
    codes : callable, optional
        Gives the table of geocodes of this moment.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        codes: Callable[[], GeocodeLookup] | None = None,
    ) -> None:
        self._now = now
        self._codes = codes
        self._outlines: dict[AlertId, Polygon | MultiPolygon | None] = {}

    def at(self, uow: UnitOfWork, where: Whereabout) -> list[AlertCase]:
        """Actual warnings that hold for a place, newest first."""
        spot = _spot(uow, where)
        if spot is None:
            return []
        now = self._now()
        return [
            case
            for case in uow.alerts.all(states=[AlertState.LIVE])
            if case.cap.status is CapStatus.ACTUAL
            and not case.kind.is_closing
            and now < valid_until(case)
            and self._touches(case, spot)
        ]

    def _touches(self, case: AlertCase, spot: BaseGeometry) -> bool:
        if case.alert_id not in self._outlines:
            if len(self._outlines) >= _REMEMBERED:
                self._outlines.clear()
            self._outlines[case.alert_id] = self._outline(case)
        outline = self._outlines[case.alert_id]
        return outline is not None and bool(outline.intersects(spot))

    def _outline(self, case: AlertCase) -> Polygon | MultiPolygon | None:
        try:
            lookup = self._codes() if self._codes else None
            return geometry_of(case.cap, lookup=lookup)
        except InvalidAlertError:
            return None  # It is live by areas we no longer have.


def info_in(case: AlertCase, language: str) -> Info:
    """What an alert says in a language, else what it says first."""
    wanted = language.partition("-")[0]
    infos = case.cap.infos
    near = (one for one in infos if one.language.partition("-")[0] == wanted)
    return next(near, infos[0])


def headline(info: Info) -> str:
    """One line on a warning."""
    return info.headline or info.event


def full_text(info: Info) -> str:
    """All that a warning says."""
    parts = (headline(info), info.description, info.instruction)
    return " ".join(part.strip() for part in parts if part)


def _spot(uow: UnitOfWork, where: Whereabout) -> BaseGeometry | None:
    if where.lon is not None and where.lat is not None:
        return Point(where.lon, where.lat)
    if where.area_code is not None:
        return uow.citizens.area_shape(where.area_code)
    return None
