"""Every way a geofence can refuse, as one tree.

A message says what is wrong, where (index, ring, line of the pair) and what to do
next, so that it can be shown to an operator as it stands.
"""

from typing import Any


class GeofenceError(Exception):
    """The base of every refusal of this package."""


class AreaSyntaxError(GeofenceError):
    """The text or JSON of an area cannot be read."""


class InvalidCoordinateError(GeofenceError):
    """A coordinate is not a number, not finite or out of range."""


class SwappedAxesError(InvalidCoordinateError):
    """Latitude and longitude are most likely exchanged.

    Parameters
    ----------
    message : str
        What was found, and where.
    swapped : object
        The same shape read the other way round, in the form it was given in (CAP
        text or a GeoJSON mapping); offered to the operator, never used silently.
    """

    def __init__(self, message: str, *, swapped: Any = None) -> None:
        super().__init__(message)
        #: The other reading, in the form the shape was given in; None if unknown.
        self.swapped = swapped


class UnsupportedGeometryError(GeofenceError):
    """The geometry is not an area: a point, a line, or an unknown type."""


class EmptyGeometryError(GeofenceError):
    """The geometry is empty or encloses nothing."""


class AreaTooLargeError(GeofenceError):
    """The area exceeds a limit in bytes, parts, vertices or nesting."""


class TangledAreaError(GeofenceError):
    """The outline crosses itself so often that no place can be meant."""


class InvalidCircleError(GeofenceError):
    """A circle's or buffer's radius cannot be used."""


class InvalidArrayError(GeofenceError):
    """An array has the wrong type, shape or length."""


class InvalidIdError(GeofenceError):
    """An id is negative or too large to be stored."""


class InvalidQueryError(GeofenceError):
    """A query parameter (limit, radius, field, mask) is out of range."""


class IndexFileError(GeofenceError):
    """The base of refusals of a saved index; the cure is always to rebuild it."""


class ForeignIndexError(IndexFileError):
    """The file is not a saved point index."""


class OldIndexError(IndexFileError):
    """The file was written by another version of the index format."""


class TornIndexError(IndexFileError):
    """The file is truncated, corrupted, or was left in the middle of a change."""


class IndexLockedError(IndexFileError):
    """Another process is already the one writer of this index."""
