"""What the dispatch benchmark has seen, as Markdown, beside what is to be reached."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.dispatch.figures import Rate, table
from bench.dispatch.rounds import OURS, RIVALS, Way

if TYPE_CHECKING:
    from bench.dispatch.callbacks import Figures as Callbacks
    from bench.dispatch.million import Million
    from bench.dispatch.simulator import Figures as Telco

_PACKAGES = ("twilio", "pycurl", "sqlalchemy", "granian", "celery", "redis")


@dataclass
class Seen:
    """What each part has measured; empty where a part was left out or failed."""

    ways: list[Way] = field(default_factory=list)
    million: Million | None = None
    callbacks: list[Callbacks] = field(default_factory=list)
    telco: list[Telco] = field(default_factory=list)
    system: list[Rate] = field(default_factory=list)
    #: Of the whole system: seconds until the last message was taken.
    system_sent_s: float = 0.0
    #: Part → why it has no figures.
    failures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Goal:
    """One figure beside what it should be."""

    what: str
    seen: float
    goal: float
    unit: str
    is_limit: bool = False

    @property
    def is_reached(self) -> bool:
        """Whether it is as good as it should be."""
        return self.seen <= self.goal if self.is_limit else self.seen >= self.goal


def as_markdown(seen: Seen) -> str:
    """All tables."""
    parts = [f"# Dispatch benchmark\n\n{machine()}\n"]
    reached = goals(seen)
    if reached:
        parts.append("## Goals\n\n" + _goal_table(reached))
    for latency_ms in RIVALS:
        rows = _rows_of(seen.ways, latency_ms)
        if rows:
            head = ["way", "messages/s", "ours is", "CPU each", "ours costs", "keeps"]
            parts.append(
                f"## Sending, telco answering after {latency_ms} ms\n\n"
                + table(head, rows)
            )
    if seen.million:
        parts.append(_million(seen.million))
    if seen.callbacks:
        parts.append(_callbacks(seen.callbacks))
    if seen.telco:
        parts.append(_telco(seen.telco))
    if seen.system:
        parts.append(_system(seen))
    parts += [f"{part} has no figures: {why}\n" for part, why in seen.failures.items()]
    return "\n".join(parts)


def machine() -> str:
    """Processor, cores, load and versions in one sentence."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":")[1].strip()
    versions = [f"{name} {_version(name)}" for name in _PACKAGES]
    return (
        f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end, "
        f"Python {platform.python_version()}, " + ", ".join(versions)
    )


def goals(seen: Seen) -> list[Goal]:
    """Every goal for which there is a figure."""
    found = [*_sending_goals(seen.ways)]
    if (million := seen.million) is not None:
        n = f"{million.n_people:,} people"
        found += [
            Goal(f"{n}, approval to first message", million.first_s, 1, "s", True),
            Goal(f"{n}, worker memory", max(million.resident_mib), 300, "MiB", True),
            Goal(f"{n}, growth of memory", million.growth_mib, 20, "MiB", True),
        ]
        if million.lanes_s:
            slowest_ms = 1e3 * sorted(million.lanes_s)[int(len(million.lanes_s) * 0.95)]
            found.append(Goal("lane switch, p95", slowest_ms, 200, "ms", True))
    for one in seen.callbacks:
        if one.way == "ahead of Flask, group commit":
            found.append(Goal("callbacks, durable", one.per_s, 5_000, "/s"))
            found.append(Goal("callbacks, p99", one.p99_ms, 60, "ms", True))
        elif one.way == "Flask view, group commit":
            found.append(Goal("callbacks, Flask view", one.per_s, 1_800, "/s"))
    for telco in seen.telco:
        if telco.whole_per_s is None:
            found.append(Goal("telco, accepting", telco.accepted_per_s, 5_000, "/s"))
        else:
            found.append(
                Goal("telco, two callbacks each", telco.whole_per_s, 2_500, "/s")
            )
    return found


def _sending_goals(ways: Sequence[Way]) -> list[Goal]:
    rates = {(way.key, way.latency_ms): way.rate for way in ways}
    found = []
    for latency_ms, factor in ((0, 4.0), (100, 8.0)):
        ours = rates.get((OURS, latency_ms))
        rivals = [
            rates[key, latency_ms]
            for key in RIVALS[latency_ms]
            if (key, latency_ms) in rates
        ]
        if ours is None or not rivals:
            continue
        best = max(rivals, key=lambda rate: rate.per_s)
        what = f"telco after {latency_ms} ms, speed against {best.name}"
        found.append(Goal(what, ours.per_s / best.per_s, factor, "times"))
        share = ours.cpu_us / min(rate.cpu_us for rate in rivals)
        what = f"telco after {latency_ms} ms, CPU a message of the shipped client's"
        found.append(Goal(what, share, 1 / 3, "of it", is_limit=True))
    return found


def _goal_table(reached: Sequence[Goal]) -> str:
    return table(
        ["measure", "seen", "goal", ""],
        [
            [
                goal.what,
                f"{goal.seen:,.2f} {goal.unit}",
                f"{'at most' if goal.is_limit else 'at least'} {goal.goal:,.2f}",
                "reached" if goal.is_reached else "**missed**",
            ]
            for goal in reached
        ],
    )


def _rows_of(ways: Sequence[Way], latency_ms: int) -> list[list[str]]:
    rates = [way.rate for way in ways if way.latency_ms == latency_ms]
    if not rates:
        return []
    ours = rates[0]
    return [
        [
            rate.name,
            f"{rate.per_s:,.0f}",
            f"{ours.per_s / rate.per_s:.1f} times as fast",
            f"{rate.cpu_us:,.0f} us",
            f"{ours.cpu_us / rate.cpu_us:.2f} of it",
            rate.note,
        ]
        for rate in rates
    ]


def _million(seen: Million) -> str:
    lanes_ms = sorted(1e3 * lane_s for lane_s in seen.lanes_s) or [float("nan")]
    rows = [
        ["alert live (answer to the approval)", f"{seen.live_s:.2f} s"],
        ["first message taken by the carrier", f"{seen.first_s:.2f} s"],
        [
            "all rows written",
            f"{seen.planned_s:.0f} s" if seen.planned_s else "not yet",
        ],
        [
            "last message taken" if seen.is_whole else "stopped before the last, after",
            f"{seen.last_s:.0f} s",
        ],
        [
            "messages",
            (
                f"{seen.n_warned:,} ({seen.n_warned / seen.n_people:.0%}), "
                f"{seen.n_warned / seen.last_s:,.0f}/s"
            ),
        ],
        ["rows written", f"{seen.rows_per_s:,.0f}/s"],
        ["CPU of the worker a message", f"{seen.cpu_s / seen.n_warned * 1e6:,.0f} us"],
        [
            "worker memory, highest",
            (
                f"{max(seen.resident_mib):.0f} MiB resident, "
                f"{max(seen.own_mib):.0f} of it its own"
            ),
        ],
        ["resident at the start, half-way, at the end", _course(seen)],
        ["its own, last third against first", f"{seen.growth_mib:+.0f} MiB"],
        [
            "processes that it has started, most of the time and at most",
            f"{median(seen.helpers_mib):.0f} and {max(seen.helpers_mib):.0f} MiB",
        ],
        [
            f"{len(seen.lanes_s)} urgent messages through the full queue",
            (
                f"p50 {median(lanes_ms):.0f} ms, p95 "
                f"{lanes_ms[int(len(lanes_ms) * 0.95)]:.0f} ms, slowest "
                f"{lanes_ms[-1]:.0f} ms"
            ),
        ],
    ]
    return f"## A warning for {seen.n_people:,}\n\n" + table(["what", "seen"], rows)


def _course(seen: Million) -> str:
    return ", ".join(f"{mib:.0f}" for mib in seen.course_mib) + " MiB"


def _callbacks(figures: Sequence[Callbacks]) -> str:
    return "## Callbacks\n\n" + table(
        ["way", "callbacks/s", "p50", "p99", "CPU each"],
        [
            [
                one.way,
                f"{one.per_s:,.0f}",
                f"{one.p50_ms:.0f} ms",
                f"{one.p99_ms:.0f} ms",
                f"{one.cpu_us:.0f} us",
            ]
            for one in figures
        ],
    )


def _telco(figures: Sequence[Telco]) -> str:
    return "## The built-in telco alone\n\n" + table(
        ["load", "messages/s while accepting", "with both callbacks", "CPU each"],
        [
            [
                one.name,
                f"{one.accepted_per_s:,.0f}",
                "-" if one.whole_per_s is None else f"{one.whole_per_s:,.0f}",
                f"{one.cpu_us:.0f} us",
            ]
            for one in figures
        ],
    )


def _system(seen: Seen) -> str:
    whole = seen.system[0]
    text = (
        f"{whole.n:,} messages, each with two signed callbacks: the last was taken "
        f"after {seen.system_sent_s:.1f} s, all was folded after {whole.seconds:.1f} s "
        f"({whole.per_s:,.0f} messages/s).\n\n"
    )
    return f"## The whole system\n\n{text}" + table(
        ["process", "CPU a message"],
        [[rate.name, f"{rate.cpu_us:,.0f} us"] for rate in seen.system],
    )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"
