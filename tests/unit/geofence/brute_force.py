"""The slow truth the index is compared with, and shapes that try to break it."""

import numpy as np
import shapely
from hypothesis import assume
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon

GRID = 1e7


def on_grid(shape):
    """The same shape in whole grid units."""
    return shapely.transform(shape, lambda xy: np.rint(xy * GRID))


def ids_inside(area, lon, lat):
    """Positions of the points shapely finds inside or on the boundary, ascending."""
    x, y = np.rint(np.asarray(lon) * GRID), np.rint(np.asarray(lat) * GRID)
    return np.flatnonzero(shapely.intersects_xy(on_grid(area), x, y))


def population(n, seed):
    """Points clustered as people are, around towns of Cambodia's size."""
    rng = np.random.default_rng(seed)
    towns = rng.uniform((102.5, 10.4), (107.5, 14.6), (40, 2))
    town = rng.choice(40, n, p=rng.dirichlet(np.full(40, 0.4)))
    lon, lat = (towns[town] + rng.normal(0, 0.08, (n, 2))).T
    return lon, lat


def grid_points(area, seed, n=1500):
    """Points around an area: many exactly on its vertices, edges and their lines."""
    rng = np.random.default_rng(seed)
    corners = np.rint(shapely.get_coordinates(area) * GRID)
    low, high = corners.min(axis=0), corners.max(axis=0)
    random = rng.integers(low - 5, high + 6, (n, 2))
    start = corners[rng.integers(0, len(corners), n // 3)]
    at = rng.integers(0, len(corners) - 1, n // 3)
    step = corners[at + 1] - corners[at]
    on_edge = corners[at] + step * rng.integers(0, 9, (n // 3, 1)) / 8
    level = np.column_stack([random[: n // 3, 0], start[:, 1]])
    upright = np.column_stack([start[:, 0], random[: n // 3, 1]])
    points = np.rint(np.vstack([random, start, start + 1, on_edge, level, upright]))
    points = np.clip(points / GRID, (-180, -90), (180, 90))
    rng.shuffle(points)
    return points.T


@st.composite
def areas_near(draw):
    """Valid areas on the grid: tiny or huge, multi-part, with holes and slivers."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.sampled_from([4, 30, 10_000, 10_000_000, 600_000_000]))
    n = draw(st.sampled_from([4, 12, 60, 300]))
    parts = [_ragged(rng, size, n) for _ in range(draw(st.integers(1, 3)))]
    shape = shapely.union_all(parts)
    for _ in range(draw(st.integers(0, 2))):
        shape = shape.difference(_ragged(rng, size // 2 + 1, max(4, n // 4)))
    kept = [
        part
        for part in shapely.get_parts(shapely.set_precision(shape, 1.0))
        if isinstance(part, Polygon) and part.area > 0
    ]
    assume(kept)
    area = shapely.transform(MultiPolygon(kept), lambda xy: np.rint(xy) / GRID)
    assume(on_grid(area).is_valid)
    return area


def _ragged(rng, size, n):
    """A star-shaped or arbitrary outline, repaired."""
    centre = rng.integers(-size // 2 - 1, size // 2 + 2, 2)
    if rng.random() < 0.3:
        xy = rng.integers(-size, size + 1, (min(n, 12), 2))
    else:
        turn = np.sort(rng.uniform(0, 2 * np.pi, n))
        reach = size * rng.uniform(0.1, 1, n)
        xy = np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None]
    corners = np.rint(xy + centre)
    corners[:, 1] = np.clip(corners[:, 1], -89e7, 89e7)
    return shapely.make_valid(Polygon(corners))
