"""Fits of the chance of a yes, and the offers they are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from responders.deciding.group_prior import Calibration, GroupPrior
from responders.learning_ports import Fit
from store.tables.responders import acceptance_fits, cases, offers
from store.volunteers.case_rows import offer_of
from store.volunteers.cases import OFFERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from responders.offer import Offer


class SqlLearning:
    """``responders.learning_ports.LearningRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def outcomes(self, *, since: datetime, limit: int) -> Sequence[Offer]:
        """Offers of ended cases in earnest made since a time, newest first."""
        wanted = (
            OFFERS.where(
                offers.c.offered_at >= since,
                cases.c.is_open.is_(False),
                cases.c.is_exercise.is_(False),
            )
            .order_by(offers.c.id.desc())
            .limit(limit)
        )
        return [offer_of(row) for row in self._connection.execute(wanted)]

    def add(self, fit: Fit) -> None:
        """Keep a fit."""
        document = {
            "coefficients": list(fit.prior.coefficients),
            "n": fit.prior.n,
            "brier": fit.calibration.brier,
            "deciles": [list(one) for one in fit.calibration.deciles],
        }
        self._connection.execute(
            insert(acceptance_fits).values(fitted_at=fit.at, document=document)
        )

    def latest(self) -> Fit | None:
        """Return the last fit; None before the first."""
        row = self._connection.execute(
            select(acceptance_fits).order_by(acceptance_fits.c.id.desc()).limit(1)
        ).one_or_none()
        if row is None:
            return None
        facts = row.document
        deciles = tuple((float(p), float(y), int(n)) for p, y, n in facts["deciles"])
        return Fit(
            at=row.fitted_at,
            prior=GroupPrior(tuple(facts["coefficients"]), facts["n"]),
            calibration=Calibration(facts["brier"], deciles),
        )
