"""CAP ``polygon`` and ``circle`` texts -> areas on the map, and what was odd.

Reads through ``geofence``, where the axes turn; mends what real feeds do (brackets,
open rings, crossings) and says so. Each different text is read once: an alert in four
languages repeats its 41,000 points four times.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shapely.errors import GEOSException
from shapely.geometry import MultiPolygon, Polygon

from geofence.area import Area, area_of, circle_area, parse_circle, parse_polygon
from geofence.errors import (
    EmptyGeometryError,
    GeofenceError,
    InvalidCoordinateError,
    SwappedAxesError,
)
from geofence.tangle import is_tangled

_BRACKETS = re.compile(r"[()\[\]{}]")
_LOOSE_COMMA = re.compile(r"\s*,\s*")
_REPAIR_CODES = {
    "made-valid": "polygon_crossing",
    "longitude-normalised": "polygon_longitude",
    "antimeridian-split": "polygon_antimeridian",
}


@dataclass(frozen=True, slots=True)
class ShapeNote:
    """One remark about one shape."""

    #: The code of the rule it belongs to, for example ``polygon_open``.
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ShapeReading:
    """What a shape's text means; without an area, the last note says why."""

    area: Area | None = None
    notes: tuple[ShapeNote, ...] = ()
    #: The shape with its axes exchanged, if that is what makes sense of it.
    swapped: Area | None = None


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A shape as drawn: perhaps invalid, not yet judged."""

    geometry: Polygon | MultiPolygon
    notes: tuple[ShapeNote, ...]


class ShapeReader:
    """Reads the shapes of one alert, each different text once.

    Parameters
    ----------
    polygons, circles : iterable of str
        All the texts there are: shapes that are harmless alone may be too much
        together, so they are weighed together before any is worked on.
    """

    def __init__(self, polygons: Iterable[str] = (), circles: Iterable[str] = ()):
        self._polygons = _read_together(dict.fromkeys(polygons), _draw_polygon)
        self._circles = _read_together(dict.fromkeys(circles), _draw_circle)
        united = [
            one.area.geometry
            for one in (*self._polygons.values(), *self._circles.values())
            if one.area is not None
        ]
        if self._circles and is_tangled(united):
            self._polygons = {text: _tangled() for text in self._polygons}
            self._circles = {text: _tangled() for text in self._circles}

    def polygon(self, text: str) -> ShapeReading:
        """Return what a ``polygon`` says: ``lat,lon`` pairs, degrees.

        Returns
        -------
        ShapeReading
            Valid area, x = longitude; repaired where the meaning is plain.
        """
        if text not in self._polygons:
            self._polygons |= _read_together([text], _draw_polygon)
        return self._polygons[text]

    def circle(self, text: str) -> ShapeReading:
        """Return what a ``circle`` says: ``lat,lon radius``, the radius in km.

        Returns
        -------
        ShapeReading
            An area that holds the whole circle. A radius of 0 is an epicentre: no
            area, and a note that says so.
        """
        if text not in self._circles:
            self._circles |= _read_together([text], _draw_circle)
        return self._circles[text]


def _read_together(
    texts: Iterable[str], draw: Callable[[str], _Drawn | ShapeReading]
) -> dict[str, ShapeReading]:
    drawn = {text: draw(text) for text in texts}
    shapes = [one.geometry for one in drawn.values() if isinstance(one, _Drawn)]
    name = "polygon" if draw is _draw_polygon else "circle"
    if is_tangled(shapes):
        return {
            text: one if isinstance(one, ShapeReading) else _tangled()
            for text, one in drawn.items()
        }
    return {
        text: one if isinstance(one, ShapeReading) else _finished(one, name)
        for text, one in drawn.items()
    }


def _draw_polygon(text: str) -> _Drawn | ShapeReading:
    if not text.strip():
        return _unread("polygon_empty", "The polygon is empty and taken as not there.")
    clean, notes = _tidy(text, "polygon")
    if _is_open(clean):
        message = "The polygon's last point is not its first; the ring was closed."
        notes.append(ShapeNote("polygon_open", message))
    try:
        return _Drawn(parse_polygon(clean), tuple(notes))
    except SwappedAxesError as error:
        return _swapped(error, notes, _polygon_area)
    except GeofenceError as error:
        return _refused(error, notes, "polygon")


def _draw_circle(text: str) -> _Drawn | ShapeReading:
    if not text.strip():
        return _unread("circle_empty", "The circle is empty and taken as not there.")
    clean, notes = _tidy(text, "circle")
    try:
        if parse_circle(clean).radius_km == 0:
            return _unread(
                "circle_radius_zero",
                "The circle has a radius of 0 km: a place, not a target. Nobody can be "
                "chosen by it; ask for a radius or draw the area.",
                notes,
            )
        return _Drawn(_circle_area(clean).geometry, tuple(notes))
    except SwappedAxesError as error:
        return _swapped(error, notes, _circle_area)
    except GeofenceError as error:
        return _refused(error, notes, "circle")


def _finished(drawn: _Drawn, name: str) -> ShapeReading:
    """Repair what was drawn and bring it onto the map."""
    try:
        area = area_of(drawn.geometry, weighed=True)
    except GeofenceError as error:
        return _refused(error, drawn.notes, name)
    except (GEOSException, MemoryError) as error:
        message = f"The {name} is too much for the map ({error}). Draw it more simply."
        return _unread(f"{name}_unreadable", message, drawn.notes)
    mended = (
        ShapeNote(_REPAIR_CODES[repair.code], repair.sentence)
        for repair in area.repairs
        if repair.code in _REPAIR_CODES and name == "polygon"
    )
    return ShapeReading(area, (*drawn.notes, *mended))


def _refused(
    error: GeofenceError, notes: Iterable[ShapeNote], name: str
) -> ShapeReading:
    code = f"{name}_unreadable"
    if isinstance(error, EmptyGeometryError):
        code = f"{name}_too_few_points"
    elif isinstance(error, InvalidCoordinateError):
        code = f"{name}_out_of_range"
    return _unread(code, str(error), notes)


def _tangled() -> ShapeReading:
    return _unread(
        "shapes_tangled",
        "The shapes cross themselves or each other so often that no place can be "
        "meant. Ask the sender, or draw the area.",
    )


def _tidy(text: str, name: str) -> tuple[str, list[ShapeNote]]:
    """Take off what is no coordinate: brackets, blanks around commas."""
    clean = _LOOSE_COMMA.sub(",", _BRACKETS.sub(" ", text)).strip(" ,")
    if clean.split() == text.split():
        return text, []
    message = f"The {name} has brackets or stray blanks; they were passed over."
    return clean, [ShapeNote(f"{name}_brackets", message)]


def _is_open(text: str) -> bool:
    words = text.split()
    if not words or words[0] == words[-1]:
        return False
    try:
        first, last = (
            [float(number) for number in word.split(",")]
            for word in (words[0], words[-1])
        )
    except ValueError:
        return False
    return first != last


def _polygon_area(text: str) -> Area:
    return area_of(parse_polygon(text))


def _circle_area(text: str) -> Area:
    return circle_area(parse_circle(text))


def _swapped(
    error: SwappedAxesError, notes: Iterable[ShapeNote], read: Callable[[str], Area]
) -> ShapeReading:
    try:
        swapped = read(str(error.swapped))
    except GeofenceError:
        swapped = None
    return ShapeReading(None, (*notes, ShapeNote("swapped_axes", str(error))), swapped)


def _unread(code: str, message: str, notes: Iterable[ShapeNote] = ()) -> ShapeReading:
    return ShapeReading(None, (*notes, ShapeNote(code, message)))
