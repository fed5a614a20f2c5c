"""Responders simulated: which rule brings help soonest, and whether the goals are met.

Run: ``python -m bench.responders [--cases N] [--seed S] [--only PART …]``. Prints
tables in Markdown with 95 % bootstrap intervals, and every goal with what was seen.
With few cases the intervals are wide; figures in the documentation name how many.
Goals 1, 2, 3 and 5 are judged by all cases, those that are met by far by half of them;
tables without a goal, and new cases after learning, are of an eighth, and the whole
service plays one of forty. All cores are used; progress goes to stderr.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable

from bench.responders.goals import Goal
from bench.responders.parts import PARTS

#: Seconds of a whole run on two cores: whatever the number of cases, and for each.
_FIXED_S, _CASE_S = 70.0, 0.031


def main() -> None:
    """Run the parts asked for and print."""
    arguments = _arguments()
    goals: list[Goal] = []
    print(
        f"{platform.machine()}, Python {platform.python_version()}, "
        f"{arguments.cases:,} cases, seed {arguments.seed}, about "
        f"{(_FIXED_S + _CASE_S * arguments.cases) / 60:.0f} min on two idle cores",
        flush=True,
    )
    began = time.monotonic()
    chosen: dict[str, Callable[[int, int], list[Goal]]] = {
        name: part
        for name, part in PARTS.items()
        if not arguments.only or name in arguments.only
    }
    for name, part in chosen.items():
        start = time.monotonic()
        print(f"\n## {name}\n", flush=True)
        goals += part(arguments.cases, arguments.seed)
        print(f"\n({time.monotonic() - start:.0f} s)", flush=True)
    print(f"\n{time.monotonic() - began:.0f} s in all")
    print("\n## goals\n\n| goal | seen | reached |\n|---|---|---|")
    for goal in goals:
        print(f"| {goal.what} | {goal.seen} | {'yes' if goal.is_reached else 'NO'} |")


def _arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bench.responders")
    parser.add_argument("--cases", type=int, default=1_000, help="cases of each world")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=list(PARTS), default=[])
    return parser.parse_args()


if __name__ == "__main__":
    main()
