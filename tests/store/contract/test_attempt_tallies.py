"""``telephony.callbacks.tallies.AttemptTallies``."""

from __future__ import annotations

from store.database import Database
from telephony.callbacks.tallies import AttemptTally
from telephony.delivery import AttemptState, Channel
from tests.store.rows import NOW, a_report, after, claim, queue_up


def test_the_newest_tries_are_counted(database: Database) -> None:
    """By carrier, channel, state and code; older ones and those beyond are left out."""
    with database.unit_of_work() as uow:
        queue_up(uow, 1, 2, 3)
        first, second, third = claim(uow)
        failed = AttemptState.FAILED
        reports = [
            a_report(first, AttemptState.ACCEPTED, carrier="main"),
            a_report(second, failed, carrier="main", code="30003"),
            a_report(third, failed, carrier="main", code="30003"),
        ]
        uow.queue.apply(reports)
        uow.commit()
    with database.read_only() as uow:
        counted = uow.attempt_tallies.newest(since=NOW, at_most=100)
        late = uow.attempt_tallies.newest(since=after(seconds=1), at_most=100)
        newest = uow.attempt_tallies.newest(since=NOW, at_most=1)
    taken = AttemptTally(
        carrier="main",
        channel=Channel.SMS,
        state=AttemptState.ACCEPTED,
        code=None,
        n=1,
        oldest_at=NOW,
    )
    assert taken in counted
    assert {(one.state, one.code): one.n for one in counted} == {
        (AttemptState.ACCEPTED, None): 1,
        (failed, "30003"): 2,
    }
    assert late == []
    assert [one.n for one in newest] == [1]
