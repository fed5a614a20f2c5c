"""Where the people of the demo live: in towns, and in villages between them.

Three in four live in villages, as in Cambodia itself. Villages lie around towns, the
nearer the more, along the great rivers, or anywhere in their province; nobody lives on
the lake. Random, but the same for the same generator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from ops.demo.towns import Towns
from ops.demo.waters import LAKE, RIVERS

Floats = NDArray[np.float64]

KM_PER_DEG = 111.2
#: A degree of longitude is shorter by this in the middle of Cambodia.
LON_SHRINK = 0.976

_CAPITAL_URBAN_SHARE = 0.92
_URBAN_SHARE = 0.14
#: Subscribers of the demo a village, on average.
_PEOPLE_PER_VILLAGE = 7
_VILLAGE_SIZE_SIGMA = 0.8
_SCATTERED_SHARE = 0.4
#: Of provinces that a great river flows through.
_RIVERSIDE_SHARE = 0.25
_RIVERSIDE_KM = 1.8
#: Distance of a village from its town: median, and spread of the logarithm.
_VILLAGE_DISTANCE_KM = 8.0
_VILLAGE_DISTANCE_SIGMA = 0.8
_VILLAGE_RADIUS_KM = 0.35
#: A town of ten thousand has most of its people within this of its middle.
_TOWN_RADIUS_KM = 0.7
_TOWN_GROWTH = 0.33
#: Who is put off the land so often in a row lives in the middle.
_TRIES = 12


@dataclass(frozen=True, slots=True)
class Homes:
    """Places of people, as columns of equal length."""

    #: Degrees, WGS 84.
    lon: Floats
    lat: Floats
    #: Number of the town or village; neighbours share it.
    settlement: NDArray[np.int64]
    #: Number of the province, in the order given.
    province: NDArray[np.int64]
    is_urban: NDArray[np.bool_]


def settle(
    n: int,
    *,
    outlines: Sequence[BaseGeometry],
    weights: Sequence[float],
    capital: int,
    towns: Towns,
    rng: np.random.Generator,
) -> Homes:
    """Give ``n`` people a home.

    Parameters
    ----------
    n : int
        How many, >= 0.
    outlines : sequence of polygons
        Provinces.
    weights : sequence of float
        People of each province, in any unit.
    capital : int
        Index of the province that is a city.
    towns : Towns
        Those outside every outline are left out.
    rng : numpy Generator
        Decides everything.

    Returns
    -------
    Homes
        ``n`` of them, province by province, every one inside its province.
    """
    shares = np.asarray(weights, dtype=np.float64)
    counts = rng.multinomial(n, shares / shares.sum())
    rivers = shapely.MultiLineString(RIVERS)
    parts = []
    n_settlements = 0
    for number, (outline, count) in enumerate(zip(outlines, counts, strict=True)):
        land = shapely.difference(outline, LAKE)
        shapely.prepare(land)
        within = shapely.intersects_xy(land, towns.lon, towns.lat)
        province = _Province(
            land=land,
            rivers=shapely.intersection(rivers, land),
            town_lon=towns.lon[within],
            town_lat=towns.lat[within],
            town_population=towns.population[within],
            rng=rng,
        )
        share = _CAPITAL_URBAN_SHARE if number == capital else _URBAN_SHARE
        part = province.settle(int(count), urban_share=share)
        parts.append((part, number, n_settlements))
        n_settlements += int(part.settlement.max(initial=-1)) + 1
    return Homes(
        lon=np.concatenate([part.lon for part, _, _ in parts]),
        lat=np.concatenate([part.lat for part, _, _ in parts]),
        settlement=np.concatenate([p.settlement + first for p, _, first in parts]),
        province=np.concatenate([np.full(len(p.lon), i) for p, i, _ in parts]),
        is_urban=np.concatenate([part.is_urban for part, _, _ in parts]),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Homes of one province; settlements counted from 0."""

    lon: Floats
    lat: Floats
    settlement: NDArray[np.int64]
    is_urban: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Province:
    """The land of one province, and how it is settled."""

    land: BaseGeometry
    rivers: BaseGeometry
    town_lon: Floats
    town_lat: Floats
    town_population: Floats
    rng: np.random.Generator

    def settle(self, n: int, *, urban_share: float) -> _Part:
        """Towns first, then villages."""
        n_towns = len(self.town_lon)
        n_urban = int(self.rng.binomial(n, urban_share)) if n_towns else 0
        n_rural = n - n_urban
        town = self._choose(self.town_population, n_urban)
        radius_km = _TOWN_RADIUS_KM * (self.town_population / 10_000) ** _TOWN_GROWTH
        n_villages = -(-n_rural // _PEOPLE_PER_VILLAGE)
        village_lon, village_lat = self._villages(n_villages)
        sizes = self.rng.lognormal(0.0, _VILLAGE_SIZE_SIGMA, n_villages)
        village = self._choose(sizes, n_rural)
        lon, lat = self._around(
            np.concatenate([self.town_lon[town], village_lon[village]]),
            np.concatenate([self.town_lat[town], village_lat[village]]),
            np.concatenate([radius_km[town], np.full(n_rural, _VILLAGE_RADIUS_KM)]),
        )
        return _Part(
            lon=lon,
            lat=lat,
            settlement=np.concatenate([town, village + n_towns]),
            is_urban=np.arange(n) < n_urban,
        )

    def _choose(self, weights: Floats, n: int) -> NDArray[np.int64]:
        """Draw ``n`` numbers, each as likely as its weight."""
        if not n:
            return np.empty(0, dtype=np.int64)
        return self.rng.choice(len(weights), size=n, p=weights / weights.sum())

    def _villages(self, n: int) -> tuple[Floats, Floats]:
        """Middles of villages, all on the land."""
        lon, lat = self._anywhere(n)
        lot = self.rng.random(n)
        riverside_share = _RIVERSIDE_SHARE if self.rivers.length else 0.0
        riverside = lot < riverside_share
        near_town = lot >= riverside_share + _SCATTERED_SHARE
        if not len(self.town_lon):
            near_town[:] = False
        for chosen, draw in ((riverside, self._by_river), (near_town, self._by_town)):
            where = np.flatnonzero(chosen)
            new_lon, new_lat = draw(len(where))
            # What would lie on the water or across the border stays anywhere.
            on_land = shapely.intersects_xy(self.land, new_lon, new_lat)
            lon[where[on_land]] = new_lon[on_land]
            lat[where[on_land]] = new_lat[on_land]
        return lon, lat

    def _by_river(self, n: int) -> tuple[Floats, Floats]:
        """Draw points near the rivers, every stretch as likely as any other."""
        along = self.rng.uniform(0, self.rivers.length, n)
        # Stretches are laid end to end; a point falls on one of them.
        parts = shapely.get_parts(self.rivers)
        ends = np.cumsum(shapely.length(parts))
        part = np.minimum(np.searchsorted(ends, along), len(parts) - 1)
        starts = np.concatenate([[0.0], ends])[part]
        points = shapely.line_interpolate_point(parts[part], along - starts)
        aside = self.rng.normal(0.0, _RIVERSIDE_KM / KM_PER_DEG, (2, n))
        return shapely.get_x(points) + aside[0], shapely.get_y(points) + aside[1]

    def _by_town(self, n: int) -> tuple[Floats, Floats]:
        """Draw points around towns; the larger ones have somewhat more villages."""
        town = self._choose(np.sqrt(self.town_population), n)
        distance_deg = (
            self.rng.lognormal(0.0, _VILLAGE_DISTANCE_SIGMA, n)
            * _VILLAGE_DISTANCE_KM
            / KM_PER_DEG
        )
        bearing = self.rng.uniform(0, 2 * np.pi, n)
        lon = self.town_lon[town] + distance_deg * np.sin(bearing) / LON_SHRINK
        lat = self.town_lat[town] + distance_deg * np.cos(bearing)
        return lon, lat

    def _anywhere(self, n: int) -> tuple[Floats, Floats]:
        """Draw points of the land, each as likely as any other."""
        west, south, east, north = self.land.bounds
        lon, lat = np.empty(n), np.empty(n)
        missing = np.arange(n)
        while len(missing):
            lon[missing] = self.rng.uniform(west, east, len(missing))
            lat[missing] = self.rng.uniform(south, north, len(missing))
            off = ~shapely.intersects_xy(self.land, lon[missing], lat[missing])
            missing = missing[off]
        return lon, lat

    def _around(
        self, lon: Floats, lat: Floats, radius_km: Floats
    ) -> tuple[Floats, Floats]:
        """Scatter people around their settlement's middle, on the land."""
        spread_deg = radius_km * self.rng.lognormal(0.0, 0.5, len(lon)) / KM_PER_DEG
        home_lon, home_lat = lon.copy(), lat.copy()
        missing = np.arange(len(lon))
        for _ in range(_TRIES):
            spread = spread_deg[missing]
            try_lon = lon[missing] + self.rng.normal(0.0, spread) / LON_SHRINK
            try_lat = lat[missing] + self.rng.normal(0.0, spread)
            on_land = shapely.intersects_xy(self.land, try_lon, try_lat)
            home_lon[missing[on_land]] = try_lon[on_land]
            home_lat[missing[on_land]] = try_lat[on_land]
            missing = missing[~on_land]
        return home_lon, home_lat
