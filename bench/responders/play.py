"""One case played out on a virtual clock: a policy asks, people answer, time passes.

The clock jumps from one happening to the next; nothing here waits. A policy is
anything with `Policy`'s methods: the rules of others, ours, or a whole service behind
an adapter.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from bench.responders.world import Event

#: Nobody is asked or answers any more.
END_S = 600.0


class Policy(Protocol):
    """Whom to ask in one case, and when. A new one is made for every case."""

    def ask(self, now_s: float) -> Iterable[tuple[int, float]]:
        """Rows of people to ask now, each with the time at which their phone rings."""
        ...

    def answered(self, row: int, is_yes: bool, now_s: float) -> bool:
        """Somebody answered; return whether the policy wants to `ask` at once."""
        ...

    def next_s(self, now_s: float) -> float | None:
        """When to `ask` next by the clock; None for never."""
        ...

    def way(self, row: int) -> tuple[float, float]:
        """Seconds from the yes to the patient, and there with an AED (inf: without).

        Inf and inf for somebody who was told not to come.
        """
        ...


@dataclass
class History:
    """What happened in one case.

    Parameters
    ----------
    asked_s : dict of int to float
        Row to when the phone rang.
    yes_s : dict of int to float
        Row to when they said yes.
    arrival_s, shock_s : float
        First at the patient, and first there with an AED; inf for nobody.
    n_arrivals : int
        How many came.
    """

    asked_s: dict[int, float] = field(default_factory=dict)
    yes_s: dict[int, float] = field(default_factory=dict)
    arrival_s: float = math.inf
    shock_s: float = math.inf
    n_arrivals: int = 0


class _Kind(IntEnum):
    """Order of what happens at the same second: people answer before we look."""

    ANSWER = 0
    LOOK = 1


def play(event: Event, policy: Policy) -> History:
    """Play one case.

    Parameters
    ----------
    event : Event
        With everybody's luck.
    policy : Policy
        A fresh one.

    Returns
    -------
    History
    """
    history = History()
    agenda: list[tuple[float, int, int, bool]] = [(0.0, _Kind.LOOK, -1, False)]
    while agenda:
        now_s, kind, row, is_yes = heapq.heappop(agenda)
        if now_s > END_S:
            break
        if kind == _Kind.ANSWER:
            if is_yes:
                history.yes_s[row] = now_s
            if policy.answered(row, is_yes, now_s):
                _ask(event, policy, now_s, history, agenda)
            if is_yes:
                _arrive(policy, row, now_s, history)
            continue
        _ask(event, policy, now_s, history, agenda)
        after = policy.next_s(now_s)
        if after is not None:
            heapq.heappush(agenda, (after, _Kind.LOOK, -1, False))
    return history


def _ask(
    event: Event,
    policy: Policy,
    now_s: float,
    history: History,
    agenda: list[tuple[float, int, int, bool]],
) -> None:
    """Let phones ring, and put down when their people will answer.

    Raises
    ------
    RuntimeError
        If somebody is asked twice for one case.
    """
    for row, rings_s in policy.ask(now_s):
        if row in history.asked_s:
            raise RuntimeError(f"Person {row} of case {event.number} was asked twice.")
        history.asked_s[row] = rings_s
        for delays, is_yes in ((event.yes_s, True), (event.no_s, False)):
            if math.isfinite(delays[row]):
                answer = (rings_s + float(delays[row]), _Kind.ANSWER, row, is_yes)
                heapq.heappush(agenda, answer)


def _arrive(policy: Policy, row: int, now_s: float, history: History) -> None:
    """Somebody sets out."""
    way_s, with_aed_s = policy.way(row)
    history.n_arrivals += math.isfinite(way_s)
    history.arrival_s = min(history.arrival_s, now_s + way_s)
    history.shock_s = min(history.shock_s, now_s + with_aed_s)
