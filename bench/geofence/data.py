"""Points and areas for the geofence benchmark, the same for every method.

A population of towns and countryside in a country of about 600 by 400 km. Everything
is on the 10**-7 degree grid and handed out in whole grid units, on which the
predicates of every method are exact and their ids must agree.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

GRID = 10_000_000
WEST, SOUTH, EAST, NORTH = 102.4, 10.2, 107.9, 13.9
N_TOWNS = 400
SEED = 20260101


@dataclass(frozen=True)
class Data:
    """Points in grid units and the areas asked for.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Whole numbers; the id of a point is its position.
    areas : dict of str to shapely geometry
        Single areas, whole numbers.
    small : list of shapely Polygon
        The thousand small ones.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    areas: dict[str, Polygon | MultiPolygon]
    small: list[Polygon]


def make_data(n: int) -> Data:
    """Draw a population and areas that hold the wanted shares of it.

    Parameters
    ----------
    n : int
        Number of points.

    Returns
    -------
    Data
        The same for the same `n`.
    """
    rng = np.random.default_rng(SEED)
    x, y = _population(n, rng)
    some = rng.choice(n, min(n, 50_000), replace=False)
    sample = x[some], y[some]
    middle = (WEST + EAST) / 2, (SOUTH + NORTH) / 2
    town = float(x[0]) / GRID, float(y[0]) / GRID
    areas: dict[str, Polygon | MultiPolygon] = {
        "district": _scaled(lambda r: _ragged(town, r, 20, 1), 0.001, sample),
        "province": _scaled(lambda r: _ragged(middle, r, 500, 2), 0.05, sample),
        "flood": _scaled(_flood, 0.07, sample),
        "country": _scaled(lambda r: _ragged(middle, r, 50_000, 4), 0.45, sample),
    }
    homes = rng.choice(n, 1_000)
    small = [
        _on_grid(_ragged((x[i] / GRID, y[i] / GRID), 0.01, 30, 1_000 + k))
        for k, i in enumerate(homes)
    ]
    return Data(x, y, areas, small)


def holding(data: Data, places: int, vertices: int) -> Polygon:
    """Draw an area in the first town that holds so many points, whatever the size.

    Parameters
    ----------
    data : Data
        The points.
    places : int
        How many it should hold, within a hundredth or so.
    vertices : int
        Of the outline.

    Returns
    -------
    shapely Polygon
        Whole grid units.
    """
    rng = np.random.default_rng(SEED)
    centre = rng.uniform((WEST, SOUTH), (EAST, NORTH))
    away = np.hypot(data.x - centre[0] * GRID, data.y - centre[1] * GRID)
    near = np.argpartition(away, min(8 * places, len(away) - 1))[: 8 * places]
    share = places / len(near)
    shape = _scaled(
        lambda r: _ragged((centre[0], centre[1]), r, vertices, 7),
        share,
        (data.x[near], data.y[near]),
    )
    if not isinstance(shape, Polygon):
        shape = max(shape.geoms, key=lambda part: part.area)
    return shape


def _population(
    n: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Four of five people around towns of uneven size, one in the countryside."""
    towns = rng.uniform((WEST, SOUTH), (EAST, NORTH), (N_TOWNS, 2))
    weight = rng.pareto(1.1, N_TOWNS) + 0.1
    town = rng.choice(N_TOWNS, n, p=weight / weight.sum())
    spread = rng.uniform(0.01, 0.12, N_TOWNS)[town, None]
    places = towns[town] + rng.normal(0, 1, (n, 2)) * spread
    rural = rng.random(n) < 0.2
    places[rural] = rng.uniform((WEST, SOUTH), (EAST, NORTH), (int(rural.sum()), 2))
    grid = np.rint(places * GRID)
    return np.ascontiguousarray(grid[:, 0]), np.ascontiguousarray(grid[:, 1])


def _ragged(centre: tuple[float, float], radius: float, n: int, seed: int) -> Polygon:
    """Outline with bays of every size, like a coast."""
    rng = np.random.default_rng(seed)
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    reach = np.ones(n)
    for k in range(1, min(n // 4, 400)):
        phase = rng.uniform(0, 2 * np.pi)
        reach += 0.12 * rng.normal() / k * np.cos(k * turn + phase)
    reach = np.clip(reach, 0.3, 2.5) * radius
    return Polygon(
        np.column_stack(
            [centre[0] + 1.3 * reach * np.cos(turn), centre[1] + reach * np.sin(turn)]
        )
    )


def _flood(scale: float) -> MultiPolygon:
    """Flooded stretches along two rivers, with dry islands."""
    wet, dry = [], []
    for k in range(48):
        along = k / 47
        centre = (
            WEST + 0.4 + along * 4.6,
            SOUTH + 0.6 + 2.2 * along + 0.4 * np.sin(9 * along) + 0.5 * (k % 2),
        )
        wet.append(_ragged(centre, scale, 420, 5_000 + k))
        dry.append(_ragged(centre, scale / 4, 60, 6_000 + k))
    shape = shapely.union_all(wet) - shapely.union_all(dry)
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return MultiPolygon(parts)


def _scaled(
    make: Callable[[float], Polygon | MultiPolygon],
    share: float,
    sample: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Polygon | MultiPolygon:
    """Find the size at which a shape holds a share of the sample, by halving."""
    low, high = 0.001, 3.0
    for _ in range(22):
        middle = (low * high) ** 0.5
        shape = _on_grid(make(middle))
        shapely.prepare(shape)
        if shapely.intersects_xy(shape, *sample).mean() < share:
            low = middle
        else:
            high = middle
    return _on_grid(make(high))


def _on_grid(shape: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    """Whole grid units; what rounding made invalid is repaired on the grid."""
    grid = shapely.transform(shape, lambda xy: np.rint(xy * GRID))
    if not grid.is_valid:
        grid = shapely.set_precision(shapely.make_valid(grid), 1.0)
        parts = [p for p in shapely.get_parts(grid) if isinstance(p, Polygon)]
        grid = MultiPolygon(parts)
    return grid
