"""One CAP ``polygon`` or ``circle`` text -> an area on the map, and what was odd.

Reads through ``geofence``, where the axes turn; mends what real feeds do (brackets,
open rings, crossings) and says so. Results are kept per text: an alert in four
languages repeats its 41,000 points four times.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from geofence.area import Area, area_of, parse_circle, parse_polygon
from geofence.errors import (
    EmptyGeometryError,
    GeofenceError,
    InvalidCoordinateError,
    SwappedAxesError,
)

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

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all notes."""
        return frozenset(note.code for note in self.notes)


class ShapeReader:
    """Reads shape texts, each different one once."""

    def __init__(self) -> None:
        self._polygons: dict[str, ShapeReading] = {}
        self._circles: dict[str, ShapeReading] = {}

    def polygon(self, text: str) -> ShapeReading:
        """Read the text of a ``polygon``: ``lat,lon`` pairs, degrees.

        Returns
        -------
        ShapeReading
            Valid area, x = longitude; repaired where the meaning is plain.
        """
        if text not in self._polygons:
            self._polygons[text] = _read_polygon(text)
        return self._polygons[text]

    def circle(self, text: str) -> ShapeReading:
        """Read the text of a ``circle``: ``lat,lon radius``, the radius in km.

        Returns
        -------
        ShapeReading
            An area that holds the whole circle. A radius of 0 is an epicentre: no
            area, and a note that says so.
        """
        if text not in self._circles:
            self._circles[text] = _read_circle(text)
        return self._circles[text]


def _read_polygon(text: str) -> ShapeReading:
    if not text.strip():
        return _unread("polygon_empty", "The polygon is empty and taken as not there.")
    clean, notes = _tidy(text, "polygon")
    if _is_open(clean):
        message = "The polygon's last point is not its first; the ring was closed."
        notes.append(ShapeNote("polygon_open", message))
    try:
        area = area_of(parse_polygon(clean))
    except SwappedAxesError as error:
        return _swapped(error, notes, _polygon_again)
    except EmptyGeometryError as error:
        return _unread("polygon_too_few_points", str(error), notes)
    except InvalidCoordinateError as error:
        return _unread("polygon_out_of_range", str(error), notes)
    except GeofenceError as error:
        return _unread("polygon_unreadable", str(error), notes)
    notes += (
        ShapeNote(_REPAIR_CODES[repair.code], repair.sentence)
        for repair in area.repairs
        if repair.code in _REPAIR_CODES
    )
    return ShapeReading(area, tuple(notes))


def _read_circle(text: str) -> ShapeReading:
    if not text.strip():
        return _unread("circle_empty", "The circle is empty and taken as not there.")
    clean, notes = _tidy(text, "circle")
    try:
        circle = parse_circle(clean)
        if circle.radius_km == 0:
            return _unread(
                "circle_radius_zero",
                "The circle has a radius of 0 km: a place, not a target. Nobody can be "
                "chosen by it; ask for a radius or draw the area.",
                notes,
            )
        area = _circle_area(clean)
    except SwappedAxesError as error:
        return _swapped(error, notes, _circle_area)
    except InvalidCoordinateError as error:
        return _unread("circle_out_of_range", str(error), notes)
    except GeofenceError as error:
        return _unread("circle_unreadable", str(error), notes)
    return ShapeReading(area, tuple(notes))


def _tidy(text: str, name: str) -> tuple[str, list[ShapeNote]]:
    """Take off what is no coordinate: brackets, blanks around commas."""
    clean = _LOOSE_COMMA.sub(",", _BRACKETS.sub(" ", text)).strip(" ,")
    if clean.split() == text.split():
        return text, []
    message = f"The {name} has brackets or stray blanks; they were passed over."
    return clean, [ShapeNote(f"{name}_brackets", message)]


def _is_open(text: str) -> bool:
    words = text.split()
    first, last = words[0], words[-1]
    if first == last:
        return False
    try:
        return [float(n) for n in first.split(",")] != [
            float(n) for n in last.split(",")
        ]
    except ValueError:
        return False


def _polygon_again(text: str) -> Area:
    return area_of(parse_polygon(text))


def _circle_area(text: str) -> Area:
    from geofence.metric import circle_polygon  # noqa: PLC0415 - loads PROJ

    return area_of(circle_polygon(parse_circle(text)))


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
