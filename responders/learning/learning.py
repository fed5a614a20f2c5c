"""Learns every night when people say yes, from what those who were reached have said.

What was known when they were asked is in their offers, so that a fit can be made again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from responders.cases.aftercare import said_yes
from responders.deciding.facts import Skill
from responders.deciding.group_prior import (
    NEVER,
    Calibration,
    Situations,
    calibration,
    fit_group_prior,
)
from responders.learning_ports import Fit
from responders.ports import UnitOfWork
from responders.roster.eligibility import skills_of
from responders.roster.volunteer import ResponderId

#: When, on the clock on the wall: few are asked then, and little else is done.
FIT_HOUR = 3
_AT_LEAST_APART = timedelta(hours=12)
#: Older answers say little of today.
_LOOK_BACK = timedelta(days=360)
_MOST = 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Learning:
    """Fits the chance of a yes once a night.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    local : callable
        UTC → the clock on the wall, where the volunteers live.
    now : callable
        Aware UTC.
    """

    new_uow: Callable[[], UnitOfWork]
    read_uow: Callable[[], UnitOfWork]
    local: Callable[[datetime], datetime]
    now: Callable[[], datetime]

    def run_once(self) -> int:
        """Fit, if it is night and tonight nobody has; return 0: nothing is left."""
        now = self.now()
        if self.local(now).hour != FIT_HOUR:
            return 0
        with self.read_uow() as uow:
            last = uow.learning.latest()
        if last is None or now - last.at >= _AT_LEAST_APART:
            self.fit()
        return 0

    def fit(self) -> Fit:
        """Fit to the answers of the last year, and keep it."""
        now = self.now()
        with self.read_uow() as uow:
            fit = self._fitted(uow, now)
        with self.new_uow() as uow:
            uow.learning.add(fit)
            uow.audit.append(
                at=now,
                actor="system",
                action="acceptance.fit",
                subject="acceptance",
                details={
                    "answers": fit.prior.n,
                    "is_used": bool(fit.prior.coefficients),
                    "brier": round(fit.calibration.brier, 4),
                },
            )
            uow.commit()
        return fit

    def _fitted(self, uow: UnitOfWork, now: datetime) -> Fit:
        offers = [
            (offer, said)
            for offer in uow.learning.outcomes(since=now - _LOOK_BACK, limit=_MOST)
            if (said := said_yes(offer)) is not None
        ]
        people = uow.responders.get_many(
            sorted({ResponderId(offer.responder_id) for offer, _ in offers})
        )
        skills = [
            int(skills_of(person, offer.offered_at)) if person else int(Skill(0))
            for offer, _ in offers
            for person in [people.get(offer.responder_id)]
        ]
        local = [self.local(offer.offered_at) for offer, _ in offers]
        situations = Situations(
            distance_m=np.array([o.distance_m for o, _ in offers], dtype=np.float64),
            hour=np.array([at.hour for at in local], dtype=np.int64),
            weekday=np.array([at.weekday() for at in local], dtype=np.int64),
            channel=np.array([o.channel for o, _ in offers], dtype=np.int64),
            skills=np.array(skills, dtype=np.int64),
            days_since_yes=np.full(len(offers), NEVER),
            alerts_30d=np.zeros(len(offers)),
        )
        answers = np.array([said for _, said in offers], dtype=bool)
        expected = np.array([o.p_accept for o, _ in offers], dtype=np.float64)
        prior = fit_group_prior(situations, answers)
        how_good = calibration(expected, answers) if offers else Calibration(0.0, ())
        return Fit(at=now, prior=prior, calibration=how_good)
