"""Who is inside, before any alert exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from warning.registry.registry import AudienceCounts, Registry

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon


class AudienceService:
    """Count people.

    Parameters
    ----------
    registry : callable
        Everybody as arrays, as the database is now.
    """

    def __init__(self, registry: Callable[[], Registry]) -> None:
        self._registry = registry

    def count(self, geometry: Polygon | MultiPolygon) -> AudienceCounts:
        """Count the people inside an area; who is left out of a warning, and why.

        Parameters
        ----------
        geometry : Polygon or MultiPolygon
            Valid, lon and lat in WGS 84 degrees.
        """
        return self._registry().count(geometry)
