"""Who is inside: pure geometry over numpy, shapely and numba; no people, no files."""

from geofence.area import Area, Circle, area_of, from_geojson, to_geojson, unite
from geofence.attributes import Field, Mask
from geofence.errors import GeofenceError
from geofence.index import PointIndex

__all__ = [
    "Area",
    "Circle",
    "Field",
    "GeofenceError",
    "Mask",
    "PointIndex",
    "area_of",
    "from_geojson",
    "to_geojson",
    "unite",
]
