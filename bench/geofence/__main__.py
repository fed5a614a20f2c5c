"""Measure the geofence against every peer: ``python -m bench.geofence``.

One run, the same points, the same areas; every method's ids are compared. Prints
Markdown tables of times and ratios, and writes the figures as JSON. Peers come from
requirements/bench.txt; one that is missing is skipped with a sentence.
"""

import argparse
import json
import platform
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import shapely

from bench.geofence.data import GRID, Data, make_data
from bench.geofence.measures import Seen, growth, measures
from bench.geofence.own import OwnFigures, measure_own, own_index
from bench.geofence.worker import ALL_PEERS, TooSlowError, Worker, fingerprint, timed

QUESTIONS = ("district", "province", "flood", "country", "small")
OURS = "geofence.PointIndex"
BUDGET_S = 60.0
BUILD_BUDGET_S = 900.0
PACKAGES = ("numpy", "numba", "shapely", "rtree", "geopandas", "geoindex-rs", "duckdb")


@dataclass
class Row:
    """One method: seconds to build and to answer each question.

    Parameters
    ----------
    name : str
        Of the method.
    build_s : float or None
        None if it is missing.
    seconds : dict of str to float
        By question.
    wrong : list of str
        Questions whose ids differ from ours.
    note : str
        Why something is missing.
    """

    name: str
    build_s: float | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    note: str = ""
    #: Of the question that took too long.
    at_least_s: dict[str, float] = field(default_factory=dict)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark.

    Parameters
    ----------
    arguments : list of str, optional
        Command line.

    Returns
    -------
    int
        0 if all ids agree.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1e6,10e6", help="numbers of points")
    parser.add_argument(
        "--only", default="", help="peers whose name contains one of these"
    )
    parser.add_argument("--no-peers", action="store_true", help="our own figures only")
    parser.add_argument("--budget-s", type=float, default=BUDGET_S)
    parser.add_argument(
        "--minutes", type=float, default=25.0, help="then no further peer is begun"
    )
    parser.add_argument("--json", type=Path, default=Path("var/bench/geofence.json"))
    parser.add_argument(
        "--markdown", type=Path, default=Path("var/bench/geofence.md"), help="tables"
    )
    options = parser.parse_args(arguments)
    deadline = time.monotonic() + 60 * options.minutes
    report: dict[str, Any] = {"machine": machine(), "sizes": {}}
    text = [f"# Geofence benchmark\n\n{machine()}\n"]
    runs, wrong = [], False
    for size in options.sizes.split(","):
        n = int(float(size))
        progress(f"{n:,} points: our own index")
        data = make_data(n)
        expected, own = ours(data)
        figures = measure_own(data)
        rows = [own]
        if not options.no_peers:
            wanted = options.only.split(",")
            for name in (key for key in ALL_PEERS if any(p in key for p in wanted)):
                progress(f"{n:,} points: {name}")
                rows.append(peer(name, n, expected, options.budget_s, deadline))
        wrong |= any(row.wrong for row in rows)
        runs.append(seen(n, rows, figures))
        text.append(tables(n, data, rows, figures) + asked(measures(runs[-1])))
        sys.stdout.write(text[-1] + "\n")
        report["sizes"][n] = {
            "rows": [vars(row) for row in rows],
            "own": vars(figures),
        }
        write(options.json, json.dumps(report, indent=2))
        write(options.markdown, "\n".join(text))
    grown = growth(runs)
    if grown:
        text.append("\n## Growth\n" + asked(grown))
        sys.stdout.write(text[-1] + "\n")
        write(options.markdown, "\n".join(text))
    progress(f"done; the tables are in {options.markdown}")
    return 1 if wrong else 0


def progress(what: str) -> None:
    """Say on stderr what is being done."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")
    sys.stderr.flush()


def write(path: Path, text: str) -> None:
    """Write a file and the folder it is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def seen(n: int, rows: list[Row], figures: OwnFigures) -> Seen:
    """Times and ratios of one size, for the comparison with what is asked."""
    own = rows[0]
    ratios: dict[str, dict[str, float]] = {}
    for row in rows[1:]:
        for question, seconds in (row.at_least_s | row.seconds).items():
            ratio = seconds / own.seconds[question]
            ratios.setdefault(question, {})[row.name] = ratio
    return Seen(n, own.seconds | {"build": own.build_s or 0}, ratios, figures.figures)


def asked(rows: list[tuple[str, str, str]]) -> str:
    """Markdown table of what is asked and what was seen."""
    lines = ["", _line(["asked", "seen", "reached"]), _line(["---"] * 3)]
    return "\n".join(lines + [_line(list(row)) for row in rows]) + "\n"


def machine() -> str:
    """Return processor, cores and versions in one sentence."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [li for li in info.read_text().splitlines() if "model name" in li]
        model = lines[0].split(":")[1].strip() + f" x {len(lines)}" if lines else model
    versions = []
    for package in PACKAGES:
        try:
            versions.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            versions.append(f"{package} missing")
    geos = ".".join(map(str, shapely.geos_version))
    return f"{model}, Python {platform.python_version()}, GEOS {geos}, " + ", ".join(
        versions
    )


def ours(data: Data) -> tuple[dict[str, list[tuple[int, int]]], Row]:
    """Our answers, which every other method must give too, and their times."""
    index, build_s = own_index(data)
    row = Row(OURS, build_s)
    expected = {}
    for question in QUESTIONS:
        if question == "small":
            small = [in_degrees(area) for area in data.small]
            ids, seconds = timed(partial(index.inside_many, small), repeats=7)
            expected[question] = [fingerprint(some) for some in ids]
        else:
            area = in_degrees(data.areas[question])
            found, seconds = timed(partial(index.inside, area), repeats=15)
            expected[question] = [fingerprint(found)]
        row.seconds[question] = seconds
    return expected, row


def in_degrees(area: Any) -> Any:
    """Grid units to the degrees our own API takes."""
    return shapely.transform(area, lambda xy: xy / GRID)


def peer(
    name: str,
    n: int,
    expected: dict[str, list[tuple[int, int]]],
    budget_s: float,
    deadline: float,
) -> Row:
    """Measure one peer in its own process, unless the time is up."""
    row, left_s = Row(name), BUILD_BUDGET_S
    if time.monotonic() > deadline:
        row.note = "left out: the time was up"
        return row
    worker = Worker(name, n)
    try:
        state, value = worker.answer(None, BUILD_BUDGET_S)
        if state == "missing":
            row.note = value
            progress(f"{name} is skipped: {value}")
            return row
        row.build_s = value
        for question in QUESTIONS:
            left_s = max(1.0, deadline - time.monotonic())
            answer, seconds = worker.answer(question, min(budget_s, left_s))
            row.seconds[question] = seconds
            if answer != expected[question]:
                row.wrong.append(question)
    except TooSlowError:
        row.note = f"stopped: more than {min(budget_s, left_s):.0f} s for one question"
        if row.build_s is not None and left_s >= budget_s:
            row.at_least_s[QUESTIONS[len(row.seconds)]] = budget_s
    finally:
        worker.stop()
    return row


def tables(n: int, data: Data, rows: list[Row], figures: OwnFigures) -> str:
    """Markdown of one size."""
    lines = [f"\n## {n:,} points\n"]
    for name, area in data.areas.items():
        vertices = shapely.get_num_coordinates(area)
        share = 100 * figures.found[name] / n
        lines.append(f"- {name}: {vertices:,} vertices, {share:.1f} % of the points")
    lines += ["", _line(["ms for ids", *QUESTIONS, "build s", ""])]
    lines.append(_line(["---"] * (len(QUESTIONS) + 3)))
    own = rows[0].seconds
    for row in rows:
        cells = []
        for question in QUESTIONS:
            if question in row.at_least_s:
                cells.append(f"over {1e3 * row.at_least_s[question]:,.0f}")
                continue
            if question not in row.seconds:
                cells.append("-")
                continue
            seconds = row.seconds[question]
            ratio = f" ({seconds / own[question]:,.0f} x)" if row is not rows[0] else ""
            mark = " **wrong**" if question in row.wrong else ""
            cells.append(f"{1e3 * seconds:,.2f}{ratio}{mark}")
        built = "-" if row.build_s is None else f"{row.build_s:.1f}"
        lines.append(_line([row.name, *cells, built, row.note[:80]]))
    lines += ["", _line(["our own figures", ""]), _line(["---", "---"])]
    lines += [_line([key, value]) for key, value in figures.lines()]
    return "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    """One row of a Markdown table."""
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    raise SystemExit(main())
