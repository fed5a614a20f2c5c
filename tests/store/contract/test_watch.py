"""``warning.figures.watch.WatchRepository``."""

from __future__ import annotations

from datetime import timedelta

from store.database import Database
from telephony.delivery import AttemptState, DeliveryState
from tests.store.rows import NOW, OWNER, a_report, after, claim, queue_up
from warning.figures.watch import Movement

STEP = timedelta(seconds=2)


def test_movements_are_counted_by_steps(database: Database) -> None:
    """When they left and when they came to their state; nothing of a stranger."""
    with database.unit_of_work() as uow:
        queue_up(uow, 1, 2, 3)
        first, second, _ = claim(uow)
        taken = AttemptState.ACCEPTED
        uow.queue.apply(
            [
                a_report(first, taken, at=after(seconds=1)),
                a_report(second, taken, at=after(seconds=3)),
                a_report(first, AttemptState.CONFIRMED, at=after(seconds=9)),
            ]
        )
        uow.commit()
    with database.read_only() as uow:
        moves = uow.watch.movements(OWNER, since=NOW, step=STEP)
        assert uow.watch.movements("alert:x", since=NOW, step=STEP) == []
    found = {(one.state, one.sent_step, one.state_step): one.n for one in moves}
    assert found[DeliveryState.CONFIRMED, 0, 4] == 1
    assert found[DeliveryState.SENT, 1, 1] == 1
    assert (
        Movement(sent_step=0, state_step=4, state=DeliveryState.CONFIRMED, n=1) in moves
    )
