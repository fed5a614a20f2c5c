"""The questions an index answers, apart from how it is kept and changed."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofence.area import Area
from geofence.arrival import as_arrivals, earliest_of
from geofence.attributes import Field, Mask
from geofence.repair import AreaGeometry
from geofence.rings import rings_of, united
from geofence.snapshot import Snapshot

if TYPE_CHECKING:
    from geofence.nearby import Hit
    from geofence.reading import Breakdown

T = TypeVar("T")


class Questions:
    """Base of `geofence.index.PointIndex`: asks whatever snapshot is current."""

    def _ask(self, question: Callable[[Snapshot], T]) -> T:
        """Ask the current snapshot; the index knows which it is."""
        raise NotImplementedError

    def inside(
        self, geometry: AreaGeometry | Area, *, where: Mask | None = None
    ) -> NDArray[np.int64]:
        """Ids inside an area or on its boundary.

        Parameters
        ----------
        geometry : shapely Polygon or MultiPolygon, or Area
            Degrees, x = longitude. Parts that overlap count as united; other invalid
            geometry should be repaired first (`area_of`), which also tells.
        where : Mask, optional
            Only points whose attribute word satisfies it.

        Returns
        -------
        ndarray of int64
            Each id once, in no particular order; a fresh array.

        Raises
        ------
        EmptyGeometryError, InvalidCoordinateError, UnsupportedGeometryError
            If it is not an area on the earth.
        """
        return self.inside_many([geometry], where=where)[0]

    def inside_many(
        self, geometries: Sequence[AreaGeometry | Area], *, where: Mask | None = None
    ) -> list[NDArray[np.int64]]:
        """Ids inside each of many areas; see `inside`.

        Parameters
        ----------
        geometries : sequence of shapely Polygon, MultiPolygon or Area
            Any number.
        where : Mask, optional
            As for `inside`.

        Returns
        -------
        list of ndarray of int64
            One per area.
        """
        from geofence.reading import ids_inside  # noqa: PLC0415 - loads numba

        rings = rings_of(geometries)
        return self._ask(lambda held: ids_inside(held, rings, where))

    def inside_any(
        self, geometries: Sequence[AreaGeometry | Area], *, where: Mask | None = None
    ) -> NDArray[np.int64]:
        """Ids inside at least one of several areas, each once; see `inside`.

        Parameters
        ----------
        geometries : sequence of shapely Polygon, MultiPolygon or Area
            May overlap; no union is computed.
        where : Mask, optional
            As for `inside`.

        Returns
        -------
        ndarray of int64
        """
        from geofence.reading import ids_inside  # noqa: PLC0415 - loads numba

        rings = united(rings_of(geometries))
        return self._ask(lambda held: ids_inside(held, rings, where)[0])

    def count(self, geometry: AreaGeometry | Area, *, where: Mask | None = None) -> int:
        """How many different ids are inside an area or on its boundary.

        Parameters
        ----------
        geometry, where
            As for `inside`.

        Returns
        -------
        int
        """
        return int(self.count_many([geometry], where=where)[0])

    def count_many(
        self, geometries: Sequence[AreaGeometry | Area], *, where: Mask | None = None
    ) -> NDArray[np.int64]:
        """How many different ids are inside each of many areas.

        Parameters
        ----------
        geometries, where
            As for `inside_many`.

        Returns
        -------
        ndarray of int64
            One per area.
        """
        from geofence.reading import counts_inside  # noqa: PLC0415 - loads numba

        rings = rings_of(geometries)
        return self._ask(lambda held: counts_inside(held, rings, where))

    def breakdown(
        self,
        geometry: AreaGeometry | Area | Sequence[AreaGeometry | Area],
        fields: Sequence[Field],
        *,
        where: Mask | None = None,
    ) -> "Breakdown":
        """Count people inside by the values of fields, without a list of ids.

        Parameters
        ----------
        geometry : shapely Polygon or MultiPolygon, Area, or a sequence of them
            Several mean their union.
        fields : sequence of Field
            What to count by, for example language, channel, area number.
        where : Mask, optional
            As for `inside`.

        Returns
        -------
        Breakdown
            ``total`` and, by field name, an array of counts per value.
        """
        from geofence.reading import breakdown_inside  # noqa: PLC0415 - loads numba

        several = geometry if isinstance(geometry, Sequence) else [geometry]
        rings = united(rings_of(several))
        return self._ask(lambda held: breakdown_inside(held, rings, fields, where))

    def earliest(
        self,
        geometries: Sequence[AreaGeometry | Area],
        arrival_s: ArrayLike,
        *,
        where: Mask | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Whom a hazard reaches, and when first.

        Parameters
        ----------
        geometries : sequence of shapely Polygon, MultiPolygon or Area
            Areas reached; may overlap.
        arrival_s : array_like of float
            When each is reached, seconds from any common origin.
        where : Mask, optional
            As for `inside`.

        Returns
        -------
        ids : ndarray of int64
            Everybody in any area once, ascending.
        arrival_s : ndarray of float64
            The earliest arrival of each, over all their places.

        Raises
        ------
        InvalidArrayError
            If there is not one time per area, or one is NaN.
        """
        times = as_arrivals(arrival_s, len(geometries))
        return earliest_of(self.inside_many(geometries, where=where), times)

    def nearest(
        self,
        lon: float,
        lat: float,
        *,
        within_m: float,
        limit: int,
        where: Mask | None = None,
    ) -> "list[Hit]":
        """Different ids around a point, nearest first.

        Parameters
        ----------
        lon, lat : float
            Degrees, WGS 84, x before y.
        within_m : float
            Geodesic radius, metres, > 0.
        limit : int
            At most this many, >= 1.
        where : Mask, optional
            As for `inside`: skills, availability.

        Returns
        -------
        list of Hit
            ``(id, distance_m)``, ascending distance, ties by id; a person with
            several places stands at the nearest. Empty if there is nobody.

        Raises
        ------
        InvalidCoordinateError, InvalidQueryError
            If the point is not on the earth, or limit or radius not positive.
        """
        from geofence.nearby import nearest  # noqa: PLC0415 - loads numba

        return self._ask(
            lambda held: nearest(
                held, lon, lat, within_m=within_m, limit=limit, where=where
            )
        )
