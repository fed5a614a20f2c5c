"""What the geofence does beyond ids inside one area, measured on its own."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import shapely

from bench.geofence.data import GRID, Data, holding
from bench.geofence.worker import timed
from geofence import Field, Mask, PointIndex

LANGUAGE = Field("language", 0, 2)
CHANNEL = Field("channel", 2, 1)
DISTRICT = Field("district", 8, 8)
N_DISTRICTS = 200
MOVES = 10_000
MANY_MOVES = 1_000_000
RESPONDERS = 1_000_000
#: Answers of the same size at every number of points: places, vertices.
FIXED = ((1_000, 20), (50_000, 500))
SKILLS = {"common 24 %": 0.24, "rare 0.6 %": 0.006, "very rare 0.03 %": 0.0003}


@dataclass
class OwnFigures:
    """Figures of our own index for one number of points.

    Parameters
    ----------
    found : dict of str to int
        Points in each area.
    figures : dict of str to float
        Value by what it measures; the unit ends the name.
    """

    found: dict[str, int] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)

    def lines(self) -> list[tuple[str, str]]:
        """Return name and value of each figure, for a table."""
        return [(name, f"{value:,.3g}") for name, value in self.figures.items()]


def own_index(data: Data) -> tuple[PointIndex, float]:
    """Build our index with attribute words.

    Parameters
    ----------
    data : Data
        The points.

    Returns
    -------
    index : PointIndex
    seconds : float
        Of the building.
    """
    n = len(data.x)
    rng = np.random.default_rng(1)
    words = rng.integers(0, 8, n, dtype=np.uint32)
    words |= (_district_of(data) << DISTRICT.shift).astype(np.uint32)
    lon, lat = data.x / GRID, data.y / GRID
    PointIndex.build([0], [0.0], [0.0])
    start = time.perf_counter()
    index = PointIndex.build(np.arange(n), lon, lat, attributes=words)
    return index, time.perf_counter() - start


def measure_own(data: Data) -> OwnFigures:
    """Measure counts, breakdowns, files, moves and nearest.

    Parameters
    ----------
    data : Data
        The points and areas.

    Returns
    -------
    OwnFigures
        Times of nearest in microseconds of CPU.
    """
    index, _ = own_index(data)
    result = OwnFigures()
    figures = result.figures
    areas = {name: _degrees(area) for name, area in data.areas.items()}
    fresh = {}
    for name, area in areas.items():
        result.found[name], fresh[name] = _measure_area(index, name, area, figures)
    for places, vertices in FIXED:
        if places > len(data.x) // 10:
            continue
        area = _degrees(holding(data, places, vertices))
        name = f"fixed answer of {places:,}: ids, ms"
        figures[name] = _ms(partial(index.inside, area))
    _measure_file(index, figures)
    _measure_moves(index, data, areas, fresh, figures)
    _measure_nearest(data, figures)
    return result


def _measure_area(
    index: PointIndex,
    name: str,
    area: shapely.Geometry,
    figures: dict[str, float],
) -> tuple[int, float]:
    """Ids, counts and breakdown of one area; returns points inside and seconds."""
    ids, seconds = timed(partial(index.inside, area), repeats=15)
    _, copy_s = timed(ids.copy, repeats=15)
    mask = Mask(all_of=CHANNEL.put(1), among={LANGUAGE: [1, 2]})
    by = [DISTRICT, LANGUAGE, CHANNEL]
    breakdown_ms = _ms(lambda: index.breakdown(area, by))
    figures[f"{name}: ids, ms"] = 1e3 * seconds
    figures[f"{name}: ids, x numpy's copy"] = seconds / copy_s
    figures[f"{name}: count, ms"] = _ms(lambda: index.count(area))
    figures[f"{name}: filtered ids, ms"] = _ms(lambda: index.inside(area, where=mask))
    figures[f"{name}: breakdown by 200 areas, 4 languages, 2 channels, ms"] = (
        breakdown_ms
    )
    figures[f"{name}: breakdown, x ids"] = breakdown_ms / (1e3 * seconds)
    return len(ids), seconds


def _measure_file(index: PointIndex, figures: dict[str, float]) -> None:
    """Save, open and size."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.index"
        start = time.perf_counter()
        index.save(path)
        figures["save, ms"] = 1e3 * (time.perf_counter() - start)
        figures["open and check a saved index, ms"] = _ms(lambda: PointIndex.open(path))
        figures["bytes per place on disk and in memory"] = index.n_bytes / len(index)


def _measure_moves(
    index: PointIndex,
    data: Data,
    areas: dict[str, shapely.Geometry],
    fresh: dict[str, float],
    figures: dict[str, float],
) -> None:
    """Moves of ten thousand, and queries after a million."""
    n = len(data.x)
    rng = np.random.default_rng(2)
    start = time.perf_counter()
    index.upsert([0], data.x[:1] / GRID, data.y[:1] / GRID)
    figures["first change (finds every id once), ms"] = 1e3 * (
        time.perf_counter() - start
    )
    seconds = []
    for _ in range(MANY_MOVES // MOVES):
        ids = rng.choice(n, MOVES, replace=False)
        # Half walk about; half go to where somebody else lives.
        to = np.where(rng.random(MOVES) < 0.5, ids, rng.choice(n, MOVES))
        lon = data.x[to] / GRID + rng.normal(0, 0.002, MOVES)
        lat = data.y[to] / GRID + rng.normal(0, 0.002, MOVES)
        start = time.perf_counter()
        index.upsert(ids, lon, lat)
        seconds.append(time.perf_counter() - start)
    figures["10,000 moves, ms"] = 1e3 * float(np.median(seconds))
    for name, area in areas.items():
        _, after = timed(partial(index.inside, area), repeats=15)
        figures[f"{name}: ids after a million moves, x fresh"] = after / fresh[name]


def _measure_nearest(data: Data, figures: dict[str, float]) -> None:
    """Nearest 10 with a skill within 30 km, among a million responders who move."""
    n = min(RESPONDERS, len(data.x))
    lon, lat = data.x[:n] / GRID, data.y[:n] / GRID
    rng = np.random.default_rng(3)
    words = np.zeros(n, dtype=np.uint32)
    for bit, share in enumerate(SKILLS.values()):
        words |= (rng.random(n) < share).astype(np.uint32) << np.uint32(bit)
    index = PointIndex.build(np.arange(n), lon, lat, attributes=words)
    for bit, name in enumerate(SKILLS):
        mask = Mask(all_of=1 << bit)
        seconds = []
        for at in rng.choice(n, 2_000):
            here = float(lon[at]) + 0.003, float(lat[at]) - 0.002
            # Of this thread only: who shares the machine is not the index's doing.
            start = time.thread_time()
            index.nearest(*here, within_m=30_000, limit=10, where=mask)
            seconds.append(time.thread_time() - start)
        for share in (50, 99):
            figures[f"nearest 10, {name}, p{share}"] = 1e6 * float(
                np.percentile(seconds, share)
            )
    index.upsert([0], lon[:1], lat[:1])
    start = time.perf_counter()
    for _ in range(10):
        ids = rng.choice(n, MOVES, replace=False)
        near = rng.normal(0, 0.001, (2, MOVES))
        index.upsert(ids, lon[ids] + near[0], lat[ids] + near[1], attributes=words[ids])
    rate = 10 * MOVES / (time.perf_counter() - start)
    figures["responders' positions updated per second"] = rate


def _district_of(data: Data) -> np.ndarray:
    """Number of the district of each point: cells of a grid, 200 in all."""
    x = (data.x - data.x.min()) / (np.ptp(data.x) + 1)
    y = (data.y - data.y.min()) / (np.ptp(data.y) + 1)
    cells = (x * 20).astype(np.int64) * 10 + (y * 10).astype(np.int64)
    return np.minimum(cells, N_DISTRICTS - 1)


def _degrees(area: shapely.Geometry) -> shapely.Geometry:
    """Grid units to degrees."""
    return shapely.transform(area, lambda xy: xy / GRID)


def _ms(ask: Callable[[], object]) -> float:
    """Median milliseconds of a question."""
    return 1e3 * timed(ask, repeats=15)[1]
