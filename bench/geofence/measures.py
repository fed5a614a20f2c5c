"""What the geofence is asked to reach, beside what a run has seen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

#: Each ratio of a peer is how many times slower it was.
Ratios = dict[str, dict[str, float]]
LARGE = 10_000_000
RTREE, GEOINDEX = "rtree, one entry per point", "geoindex-rs + shapely"
POSTGIS, SUBDIVIDED = "PostGIS, GiST", "PostGIS, GiST, ST_Subdivide"


@dataclass(frozen=True)
class Seen:
    """One run at one number of points.

    Parameters
    ----------
    n : int
        Points.
    own_s : dict of str to float
        Seconds of our own index by question, and of its building as ``"build"``.
    ratios : dict of str to dict of str to float
        By question and peer; a peer that was stopped counts with its time so far.
    figures : dict of str to float
        See `bench.geofence.own.OwnFigures`.
    """

    n: int
    own_s: dict[str, float]
    ratios: Ratios
    figures: dict[str, float]

    def slower(self, question: str, peer: str | None = None) -> float | None:
        """How many times slower a peer was, or the fastest of all; None if unknown."""
        by_peer = self.ratios.get(question, {})
        if peer is not None:
            return by_peer.get(peer)
        return min(by_peer.values(), default=None)

    def most(self, ending: str) -> float | None:
        """Largest figure whose name ends so; None if there is none."""
        values = [v for name, v in self.figures.items() if name.endswith(ending)]
        return max(values, default=None)


def measures(seen: Seen) -> list[tuple[str, str, str]]:
    """Compare a run with what is asked.

    Parameters
    ----------
    seen : Seen
        The run.

    Returns
    -------
    list of tuple of str
        Work with what is asked, what was seen, and yes, no or -.
    """
    rows = _at_least(_asked_ratios(seen))
    if seen.n >= LARGE:
        rows += _at_most(_asked_limits(seen))
    return rows


def growth(runs: Iterable[Seen]) -> list[tuple[str, str, str]]:
    """Compare the time of answers of a fixed size, smallest run to largest.

    Parameters
    ----------
    runs : iterable of Seen
        At least two sizes, or nothing is compared.

    Returns
    -------
    list of tuple of str
        As of `measures`.
    """
    ordered = sorted(runs, key=lambda run: run.n)
    if len(ordered) < 2:
        return []
    small, large = ordered[0].figures, ordered[-1].figures
    return _at_most(
        [
            (f"{name}: growth from {ordered[0].n:,} points", large[name] / value, 2.0)
            for name, value in small.items()
            if name.startswith("fixed answer")
        ]
    )


def _asked_ratios(seen: Seen) -> list[tuple[str, float | None, float]]:
    """Ratios against peers that are asked at this size."""
    if seen.n < LARGE:
        return [
            (f"{question}: times {RTREE}", seen.slower(question, RTREE), 50.0)
            for question in ("province", "flood")
        ]
    return [
        (f"province: times {RTREE}", seen.slower("province", RTREE), 100.0),
        (f"province: times {POSTGIS}", seen.slower("province", POSTGIS), 100.0),
        (f"province: times {GEOINDEX}", seen.slower("province", GEOINDEX), 60.0),
        (f"flood: times {RTREE}", seen.slower("flood", RTREE), 200.0),
        (f"flood: times {GEOINDEX}", seen.slower("flood", GEOINDEX), 100.0),
        (f"flood: times {SUBDIVIDED}", seen.slower("flood", SUBDIVIDED), 100.0),
        ("country: times the fastest peer", seen.slower("country"), 100.0),
        (
            "responders' positions updated per second",
            seen.figures.get("responders' positions updated per second"),
            500_000.0,
        ),
    ]


def _asked_limits(seen: Seen) -> list[tuple[str, float | None, float]]:
    """Times and sizes that are asked at ten million points."""
    figure = seen.figures.get
    own_ms = {name: 1e3 * value for name, value in seen.own_s.items()}
    return [
        ("province, ms", own_ms.get("province"), 1.0),
        ("flood, ms", own_ms.get("flood"), 10.0),
        ("country, times numpy's copy", figure("country: ids, x numpy's copy"), 3.0),
        ("breakdown, times plain ids", seen.most("breakdown, x ids"), 5.0),
        ("1,000 small polygons, ms", own_ms.get("small"), 100.0),
        ("build, s", seen.own_s.get("build"), 12.0),
        ("open, ms", figure("open and check a saved index, ms"), 50.0),
        ("bytes per place", figure("bytes per place on disk and in memory"), 32.0),
        ("10,000 moves, ms", figure("10,000 moves, ms"), 30.0),
        ("after a million moves, x fresh", seen.most("moves, x fresh"), 2.0),
        ("nearest, rare skill, p99, us", figure("nearest 10, rare 0.6 %, p99"), 200.0),
    ]


def _rows(
    asked: list[tuple[str, float | None, float]],
    sign: str,
    holds: Callable[[float, float], bool],
) -> list[tuple[str, str, str]]:
    """One row of the table for each."""
    rows = []
    for name, seen, limit in asked:
        work = f"{name} ({sign} {limit:,.10g})"
        if seen is None:
            rows.append((work, "-", "-"))
        else:
            rows.append((work, f"{seen:,.3g}", "yes" if holds(seen, limit) else "no"))
    return rows


def _at_least(
    asked: list[tuple[str, float | None, float]],
) -> list[tuple[str, str, str]]:
    """Rows of what should be large."""
    return _rows(asked, ">=", lambda seen, limit: seen >= limit)


def _at_most(
    asked: list[tuple[str, float | None, float]],
) -> list[tuple[str, str, str]]:
    """Rows of what should be small."""
    return _rows(asked, "<=", lambda seen, limit: seen <= limit)
