"""What can be wrong with a boundary file."""

from __future__ import annotations

from geofence.errors import GeofenceError


class BoundaryFileError(GeofenceError):
    """The boundary file cannot be used; the message says where and what to do."""
