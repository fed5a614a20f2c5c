"""Who is inside: pure geometry over numpy, shapely and numba; no people, no files."""

from geofence.area import Area, Circle, area_of, from_geojson, to_geojson, unite
from geofence.errors import GeofenceError

__all__ = [
    "Area",
    "Circle",
    "GeofenceError",
    "area_of",
    "from_geojson",
    "to_geojson",
    "unite",
]
