"""Our own rule on the virtual clock: the same functions that the service calls.

`Waves` keeps what a service would keep in rows, and asks `decide_wave` and
`assign_role` as it does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from bench.responders.play import Policy
from bench.responders.rules import Maker
from bench.responders.world import Event
from responders.deciding.facts import Bar, CaseFacts, Promise, Role, Silent
from responders.deciding.outlook import Hoped
from responders.deciding.ranking import Choice
from responders.deciding.roles import Acceptor, RolePolicy, assign_role
from responders.deciding.travel import great_circle_m, travel_s
from responders.deciding.waves import FINAL, Progress, WavePolicy, decide_wave


class Waves:
    """Waves by marginal benefit, roles when people accept.

    Parameters
    ----------
    event : Event
        The case.
    policy : WavePolicy
        Of the waves.
    roles : RolePolicy or None
        Of the roles; None sends everybody straight there.
    """

    def __init__(
        self, event: Event, policy: WavePolicy, roles: RolePolicy | None
    ) -> None:
        self._event, self._policy, self._roles = event, policy, roles
        self._known = event.known
        self._silent: dict[int, tuple[float, Choice]] = {}
        #: Promises at the time they were made; times are of the case's clock.
        self._promises: dict[int, Promise] = {}
        self._n_asked = 0
        self._next_s: float | None = None

    def ask(self, now_s: float) -> Iterable[tuple[int, float]]:
        """Decide a wave."""
        decision = decide_wave(
            self._case(now_s),
            self._known,
            Progress(
                since_trigger_s=now_s,
                n_asked=self._n_asked,
                silent=self._silent_at(now_s),
                promises=self._promises_at(now_s),
                aed_possible=self._roles is not None and len(self._event.aeds) > 0,
            ),
            policy=self._policy,
            seed=self._event.number,
        )
        again = decision.check_again_s
        is_over = decision.stop in FINAL or again is None
        self._next_s = None if is_over else now_s + (again or 0.0)
        asked = []
        bars = self._known.bars.copy()
        for choice in decision.choices:
            row = choice.responder_id
            rings_s = now_s + choice.start_s
            bars[row] |= Bar.ALREADY_ASKED
            self._silent[row] = (rings_s, choice)
            asked.append((row, rings_s))
        if asked:
            self._known = replace(self._known, bars=bars)
        self._n_asked += len(asked)
        return asked

    def answered(self, row: int, is_yes: bool, now_s: float) -> bool:
        """Give a role to who says yes; look again by the clock only."""
        del self._silent[row]
        if is_yes:
            self._accept(row, now_s)
        return False

    def next_s(self, now_s: float) -> float | None:
        """As the last decision said."""
        return self._next_s

    def way(self, row: int) -> tuple[float, float]:
        """The true way of the role given."""
        promise = self._promises.get(row)
        if promise is None:
            return math.inf, math.inf
        if promise.role is Role.VIA_AED and promise.aed_id is not None:
            way_s = true_way_by_aed(self._event, row, promise.aed_id)
            return way_s, way_s
        return float(self._event.travel_s[row]), math.inf

    def _accept(self, row: int, now_s: float) -> None:
        """Promise what the role is worth."""
        event = self._event
        if self._roles is None:
            there_s = now_s + float(event.known.travel_s[row])
            self._promises[row] = Promise(row, Role.DIRECT, there_s)
            return
        known = event.known
        acceptor = Acceptor(
            row,
            float(known.lon[row]),
            float(known.lat[row]),
            int(known.mode[row]),
            float(known.position_age_s[row]),
        )
        promises = self._promises_at(now_s)
        choice = assign_role(
            self._case(now_s),
            acceptor,
            event.aeds,
            promises,
            hoped=self._hoped(now_s),
            nobody_on_scene=all(promise.cpr_s > 0 for promise in promises),
            policy=self._roles,
        )
        promise = choice.promise()
        if promise is not None:
            self._promises[row] = _moved(promise, now_s)

    def _case(self, now_s: float) -> CaseFacts:
        case = self._event.case
        left_s = None if case.ems_eta_s is None else max(case.ems_eta_s - now_s, 0.0)
        return replace(case, elapsed_s=now_s, ems_eta_s=left_s)

    def _silent_at(self, now_s: float) -> tuple[Silent, ...]:
        return tuple(
            Silent(row, now_s - rings_s, choice.travel_s, choice.p_accept)
            for row, (rings_s, choice) in self._silent.items()
        )

    def _hoped(self, now_s: float) -> tuple[Hoped, ...]:
        known = self._event.known
        return tuple(
            Hoped(
                row,
                float(known.lon[row]),
                float(known.lat[row]),
                int(known.mode[row]),
                now_s - rings_s,
                choice.p_accept,
                position_age_s=float(known.position_age_s[row]),
            )
            for row, (rings_s, choice) in self._silent.items()
        )

    def _promises_at(self, now_s: float) -> tuple[Promise, ...]:
        return tuple(_moved(each, -now_s) for each in self._promises.values())


def ours(policy: WavePolicy | None = None, roles: RolePolicy | None = None) -> Maker:
    """Our rule, for every case anew."""

    def make(event: Event) -> Policy:
        return Waves(event, policy or WavePolicy(), roles)

    return make


def true_way_by_aed(event: Event, row: int, aed_id: int) -> float:
    """Seconds from the yes to the patient by way of an AED, from the true place."""
    at = int(np.flatnonzero(event.aeds.ids == aed_id)[0])
    lon, lat = event.aeds.lon[at], event.aeds.lat[at]
    metres = great_circle_m(
        [event.lon[row], lon],
        [event.lat[row], lat],
        [lon, event.case.lon],
        [lat, event.case.lat],
    )
    way_s = travel_s(metres, event.known.mode[row]).sum()
    return float(way_s + event.aeds.access_s[at])


def _moved(promise: Promise, by_s: float) -> Promise:
    """The same promise on a clock that started earlier or later."""
    shock_s = None if promise.shock_s is None else max(promise.shock_s + by_s, 0.0)
    return replace(promise, cpr_s=max(promise.cpr_s + by_s, 0.0), shock_s=shock_s)
