"""From a fixed audience to rows that leave: chunk by chunk, each in its own commit.

Approval writes the audience as one array, in the commit that makes the alert live, so
nobody can be lost between the two. The rows are written from it afterwards, so that the
first message leaves before the last row exists, and a crash only means going on where
``n_planned`` stands.

Alerts take turns, the least planned first: a second warning does not wait until the
first has been written out, and a drill waits for every warning.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from telephony.portions import Portion
from warning.alert import AlertCase, AlertId, AlertState
from warning.alert_places import EVERYWHERE, Inside, Whereabouts, whereabouts
from warning.audience.alert_plan import AlertPlan
from warning.audience.audience_chunk import (
    AreaOf,
    AudienceChunk,
    chunk_of,
    deliveries_of,
)
from warning.audience.variant_messages import messages_by_variant
from warning.cap_documents.target import GeocodeLookup
from warning.ports import UnitOfWork
from warning.recipients import Audience
from warning.registry.registry import Registry
from warning.texts.manner import PLAINLY, Manners

log = logging.getLogger(__name__)

#: People in the first chunk of an alert: few, so that the first message leaves at once.
FIRST_CHUNK = 100
#: People in every later chunk at most: a call for a volunteer waits for it.
CHUNK = 2_000
_LEAST = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """How people are found in the places of an alert."""

    #: Ids of the people inside an area.
    inside: Inside
    #: Table of geocodes.
    lookup: GeocodeLookup


def finding_in(registry: Registry) -> Finding:
    """How people are found by a registry."""
    return Finding(lambda area: registry.select(area).ids, registry.areas.by_geocode)


class Planner:
    """Write out the audiences of live alerts.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    area_of : callable
        Which area people are counted under.
    country_language : str
        What people are told in whose own language an alert lacks.
    now : callable
        Aware UTC.
    manners : Manners, optional
        How the installation puts things.
    finding : callable, optional
        Gives how people are found at this moment. Without it everybody hears of all
        the places of an alert.
    monotonic : callable, optional
        Seconds that only grow.

    Notes
    -----
    Everything about an alert that stays the same is worked out while others may write:
    it takes seconds for a million people in many places.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        area_of: AreaOf,
        country_language: str,
        now: Callable[[], datetime],
        manners: Manners = PLAINLY,
        finding: Callable[[], Finding] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._area_of = area_of
        self._country_language = country_language
        self._now = now
        self._manners = manners
        self._finding = finding
        self._monotonic = monotonic
        self._plans: dict[AlertId, AlertPlan] = {}
        self._portion = Portion(first=2 * FIRST_CHUNK, least=_LEAST, most=CHUNK)

    def run_once(self) -> int:
        """Write the next chunk of the alert whose turn it is.

        An alert that cannot be written out does not hold up the others.

        Returns
        -------
        int
            Recipients written; 0 when every live audience is written out.
        """
        passed_over: set[AlertId] = set()
        while True:
            alert_id = self._next(passed_over)
            if alert_id is None:
                return 0
            n = self._try_write(alert_id)
            if n:
                return n
            passed_over.add(alert_id)

    def _next(self, but: Collection[AlertId]) -> AlertId | None:
        """The alert whose turn it is: warnings before drills, the least planned.

        What tells of an alert's end or was sent in error goes before both.
        """
        with self._read_uow() as uow:
            waiting = uow.alerts.unplanned()
            turns = [one for one in waiting if one not in but]
            if len(turns) > 1:
                turns.sort(
                    key=lambda one: (
                        *_rank(uow.alerts.get(one)),
                        uow.alerts.n_planned(one),
                    )
                )
        self._plans = {key: self._plans[key] for key in waiting if key in self._plans}
        return turns[0] if turns else None

    def _try_write(self, alert_id: AlertId) -> int:
        try:
            plan = self._plan(alert_id)
            with self._read_uow() as uow:
                chunk = self._chunk(uow, plan)
            with self._new_uow() as uow:
                start = self._monotonic()
                n = self._write(uow, plan, chunk)
                uow.commit()
        except Exception:
            log.exception("audience not written out", extra={"alert": alert_id})
            return 0
        self._portion.took(n, self._monotonic() - start)
        return n

    def _chunk(self, uow: UnitOfWork, plan: AlertPlan) -> AudienceChunk:
        """The people whose turn it is, as they are now."""
        start = uow.alerts.n_planned(plan.case.alert_id)
        size = min(CHUNK, self._portion.size) if start else FIRST_CHUNK
        return chunk_of(uow, plan, start, size, self._area_of)

    def _write(self, uow: UnitOfWork, plan: AlertPlan, chunk: AudienceChunk) -> int:
        alert_id = plan.case.alert_id
        # The state is read again in this transaction: a cancelled alert grows no more.
        case = uow.alerts.get_for_update(alert_id)
        if case.state is not AlertState.LIVE or case.is_paused:
            return 0
        if uow.alerts.told_by(alert_id) != plan.audience.told_by:
            return 0  # people were let back in meanwhile: planned anew at the next turn
        if not chunk.is_current(uow, uow.alerts.n_planned(alert_id)):
            chunk = self._chunk(uow, plan)
        uow.outbox.enqueue(deliveries_of(uow, plan, chunk))
        n = len(chunk.recipients)
        uow.alerts.add_recipients(alert_id, chunk.recipients, n_planned=chunk.start + n)
        return n

    def _plan(self, alert_id: AlertId) -> AlertPlan:
        """What stays the same for every chunk; read while others may write."""
        plan = self._plans.get(alert_id)
        with self._read_uow() as uow:
            told_by = uow.alerts.told_by(alert_id)
            if plan is not None and plan.audience.told_by == told_by:
                return plan
            case = uow.alerts.get(alert_id)
            audience = uow.alerts.audience(alert_id)
            assert audience is not None, "a live alert has an audience"
            old = None if case.follows is None else uow.alerts.get(case.follows)
        manner = self._manners.of(case)
        plan = self._plans[alert_id] = AlertPlan(
            case,
            audience,
            messages_by_variant(case, old, manner),
            self._country_language,
            _due_from(case, old, audience),
            manner,
            self._whereabouts(case, audience),
        )
        return plan

    def _whereabouts(self, case: AlertCase, audience: Audience) -> Whereabouts:
        if self._finding is None or case.kind.is_closing:
            return EVERYWHERE
        found = self._finding()
        return whereabouts(
            case.cap,
            audience.subscriber_ids,
            inside=found.inside,
            lookup=found.lookup,
        )


def _rank(case: AlertCase) -> tuple[bool, bool]:
    return case.is_drill, not case.kind.is_closing


def _due_from(case: AlertCase, old: AlertCase | None, audience: Audience) -> datetime:
    """Since when an alert is due: one that closes another takes its place in the queue.

    So it goes before every warning that came later; it never jumps ahead of one that
    came earlier.
    """
    if old is None or old.live_at is None or not case.kind.is_closing:
        return audience.fixed_at
    return old.live_at
