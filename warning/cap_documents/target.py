"""Whom an alert is meant for, on the map: an area, or the named reason there is none.

CAP says the target of an info is the union of its shapes. What cannot be targeted (an
epicentre, a code nobody knows, a mere text) gets a name here, so that it can never pass
for an area in which simply nobody lives.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry import MultiPolygon, Polygon

from geofence.area import Area, area_of, unite
from geofence.errors import GeofenceError
from warning import cap
from warning.cap_documents.shapes import ShapeReader, ShapeReading

#: ``(value_name, value) -> polygon``, WGS 84, x = longitude; None for an unknown code.
GeocodeLookup = Callable[[str, str], Polygon | MultiPolygon | None]


class Targeting(StrEnum):
    """What the areas of an alert come to."""

    #: Polygons (and circles, if any) say where.
    POLYGON = "polygon"
    #: Circles alone say where.
    CIRCLE = "circle"
    #: Known geocodes alone say where.
    GEOCODE = "geocode"
    #: Part can be targeted; ``Target.missing`` says what cannot.
    PARTIAL = "partial"
    #: A latitude beyond 90: the pairs are most likely lon,lat.
    SWAPPED_AXES = "swapped_axes"
    #: A shape is there and cannot be read.
    UNREADABLE_SHAPE = "unreadable_shape"
    #: Only geocodes, and no table knows them.
    GEOCODE_UNKNOWN = "geocode_unknown"
    #: Only a circle of radius 0: a place, not a target.
    EPICENTRE_ONLY = "epicentre_only"
    #: Only polygons without a point.
    EMPTY_POLYGON = "empty_polygon"
    #: An area is named, with nothing a map knows.
    TEXT_ONLY = "text_only"
    #: No area at all; an operator must draw one.
    NO_AREA = "no_area"


_TARGETABLE = (Targeting.POLYGON, Targeting.CIRCLE, Targeting.GEOCODE)
# An epicentre or an empty element beside a real shape takes nothing away from it.
_HARMLESS = frozenset({Targeting.EPICENTRE_ONLY, Targeting.EMPTY_POLYGON})
# Of several reasons the one a person can do most about is told first.
#: Codes that are named where several are unknown.
_SHOWN = 5
_GRAVEST_FIRST = (
    Targeting.SWAPPED_AXES,
    Targeting.UNREADABLE_SHAPE,
    Targeting.GEOCODE_UNKNOWN,
    Targeting.EPICENTRE_ONLY,
    Targeting.EMPTY_POLYGON,
    Targeting.TEXT_ONLY,
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where an alert, or one of its infos, is aimed."""

    state: Targeting
    #: United; None exactly if nothing can be targeted. Never empty.
    area: Area | None = None
    #: One sentence for each area that is not, or not wholly, in ``area``.
    missing: tuple[str, ...] = ()
    #: For swapped axes: the other reading, for an operator to accept or not.
    swapped: Area | None = None

    @property
    def is_targetable(self) -> bool:
        """Whether there is an area to warn in."""
        return self.area is not None


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one CAP area comes to."""

    state: Targeting
    areas: tuple[Area, ...] = ()
    missing: str | None = None
    swapped: tuple[Area, ...] = ()


def target(
    infos: Iterable[cap.Info],
    *,
    lookup: GeocodeLookup | None = None,
    shapes: ShapeReader | None = None,
) -> Target:
    """Unite the areas of infos into one target.

    Parameters
    ----------
    infos : iterable of Info
        ``alert.infos`` for the alert, ``(info,)`` for one of them.
    lookup : callable, optional
        Table of geocodes; without one every code is unknown.
    shapes : ShapeReader, optional
        Shares what another step has read already.

    Returns
    -------
    Target
        Always named; ``area`` is None rather than empty.

    Notes
    -----
    Within one CAP area polygons and circles are the truer shape, and geocodes count
    only where there is none (as Canada and Australia do): a code for a whole state
    beside a 25 km circle must not warn the state.
    """
    areas = dict.fromkeys(area for info in infos for area in info.areas)
    reader = shapes or ShapeReader(
        (text for area in areas for text in area.polygons),
        (text for area in areas for text in area.circles),
    )
    pieces = [_piece(area, lookup, reader) for area in areas]
    swapped = [one for piece in pieces for one in piece.swapped]
    return Target(
        _state(pieces),
        _united([one for piece in pieces for one in piece.areas]),
        tuple(piece.missing for piece in pieces if piece.missing is not None),
        _united(swapped),
    )


def _state(pieces: list[_Piece]) -> Targeting:
    if not pieces:
        return Targeting.NO_AREA
    states = {piece.state for piece in pieces}
    if not any(piece.areas for piece in pieces):
        return next(state for state in _GRAVEST_FIRST if state in states)
    if states - _HARMLESS - set(_TARGETABLE):
        return Targeting.PARTIAL
    return next(state for state in _TARGETABLE if state in states)


def _united(areas: list[Area]) -> Area | None:
    # The same shape read once stands in every language's info: unite it once.
    different = list({id(area): area for area in areas}.values())
    return unite(different) if different else None


def _piece(area: cap.Area, lookup: GeocodeLookup | None, reader: ShapeReader) -> _Piece:
    polygons = [reader.polygon(text) for text in area.polygons]
    circles = [reader.circle(text) for text in area.circles]
    readings = polygons + circles
    found = tuple(one.area for one in readings if one.area is not None)
    fault = _fault(readings)
    if fault is not None:
        swapped = tuple(one.swapped for one in readings if one.swapped is not None)
        reason = f"{_name(area)}: a shape of it cannot be used as it stands."
        return _Piece(fault, found, reason, swapped)
    if found:
        drawn = any(one.area is not None for one in polygons)
        return _Piece(Targeting.POLYGON if drawn else Targeting.CIRCLE, found)
    if area.geocodes:
        return _by_geocode(area, lookup)
    return _without_shape(area)


def _fault(readings: list[ShapeReading]) -> Targeting | None:
    """Name what keeps a shape from being read; empty and radius 0 are no faults."""
    codes = {one.notes[-1].code for one in readings if one.area is None}
    if "swapped_axes" in codes:
        return Targeting.SWAPPED_AXES
    harmless = {"polygon_empty", "circle_empty", "circle_radius_zero"}
    return Targeting.UNREADABLE_SHAPE if codes - harmless else None


def _by_geocode(area: cap.Area, lookup: GeocodeLookup | None) -> _Piece:
    looked_up = [(code, _looked_up(code, lookup)) for code in area.geocodes]
    found = tuple(one for _, one in looked_up if one is not None)
    unknown = [f"{code.value_name} {code.value}" for code, one in looked_up if not one]
    if not unknown:
        return _Piece(Targeting.GEOCODE, found)
    shown = ", ".join(unknown[:_SHOWN]) + (", …" if unknown[_SHOWN:] else "")
    reason = f"{_name(area)}: no table knows the code {shown}."
    return _Piece(Targeting.GEOCODE_UNKNOWN, found, reason)


def _looked_up(code: cap.NamedValue, lookup: GeocodeLookup | None) -> Area | None:
    geometry = lookup(code.value_name, code.value) if lookup is not None else None
    if geometry is None:
        return None
    try:
        return area_of(geometry)
    except GeofenceError:
        # An unusable shape in the table is a code we do not know.
        return None


def _without_shape(area: cap.Area) -> _Piece:
    if any(area.circles):
        reason = "only a circle of radius 0, which is a place and no target."
        return _Piece(Targeting.EPICENTRE_ONLY, (), f"{_name(area)}: {reason}")
    if area.polygons or area.circles:
        reason = "its polygon is empty."
        return _Piece(Targeting.EMPTY_POLYGON, (), f"{_name(area)}: {reason}")
    reason = "only a name, nothing a map knows. Draw it."
    return _Piece(Targeting.TEXT_ONLY, (), f"{_name(area)}: {reason}")


def _name(area: cap.Area) -> str:
    return repr(area.area_desc[:60]) if area.area_desc else "An area without a name"
