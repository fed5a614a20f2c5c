"""People who were left out because another alert had told them, once that one is over.

An alert that stands in for another may be withdrawn, ended or changed while the other
still holds. Whoever it told then hears of the other after all, rather than of an
all-clear alone: they are marked as not yet written out, and the planner does the rest.
Of an audience only those who were left out are read: a million others need not be.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

import numpy as np

from warning import chain
from warning.alert import AlertCase, AlertId, AlertState
from warning.audience.audience_maker import AudienceMaker
from warning.ports import UnitOfWork
from warning.recipients import ASKS_FOR_ANSWER
from warning.validity import valid_until

log = logging.getLogger(__name__)


class Readmission:
    """Tell those for whom nobody stands in any more.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    audiences : AudienceMaker
        Knows which alerts stand in for which.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        audiences: AudienceMaker,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._audiences = audiences
        self._now = now

    def run_once(self) -> int:
        """Look at every live alert; return how many people are told after all."""
        with self._read_uow() as uow:
            unplanned = set(uow.alerts.unplanned())
            due = [
                case.alert_id
                for case in self._live(uow)
                # Those who are left out are written out as such first.
                if case.alert_id not in unplanned and self._is_due(uow, case)
            ]
        return sum(self._try_readmit(alert_id) for alert_id in due)

    def _live(self, uow: UnitOfWork) -> list[AlertCase]:
        live = uow.alerts.all(states=[AlertState.LIVE])
        return [case for case in live if valid_until(case) > self._now()]

    def _is_due(self, uow: UnitOfWork, case: AlertCase) -> bool:
        """Whether an alert that stood in does not any more; cheap."""
        told_by = uow.alerts.told_by(case.alert_id)
        if not told_by:
            return False
        standing = {one.alert_id for one in self._audiences.standing_in(uow, case)}
        return not standing.issuperset(told_by)

    def _try_readmit(self, alert_id: AlertId) -> int:
        try:
            with self._new_uow() as uow:
                n = self._readmit(uow, alert_id)
                uow.commit()
        except Exception:
            log.exception("nobody was told after all", extra={"alert": alert_id})
            return 0
        return n

    def _readmit(self, uow: UnitOfWork, alert_id: AlertId) -> int:
        case = uow.alerts.get_for_update(alert_id)
        if case.state is not AlertState.LIVE:
            return 0
        standing = self._audiences.standing_in(uow, case)
        places, ids = uow.alerts.told_elsewhere(alert_id)
        for one in standing:
            told = chain.told_so_far(uow, one).of(ASKS_FOR_ANSWER)
            is_open = ~np.isin(ids, told.ids)
            places, ids = places[is_open], ids[is_open]
        uow.alerts.readmit(alert_id, places, told_by=[one.alert_id for one in standing])
        return len(places)
