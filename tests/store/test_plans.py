"""Queries that run while people wait are answered by an index, at any size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from store.database import Database
from store.unit_of_work import SqlUnitOfWork
from telephony.delivery import AttemptState, Channel
from tests.store.alert_cases import ALERT, go_live
from tests.store.rows import NOW, OWNER, a_report, after, claim, queue_up
from warning.recipients import Turn

#: What is asked → the indexes that answer, in the words of EXPLAIN QUERY PLAN.
QUESTIONS: dict[str, tuple[Callable[[SqlUnitOfWork], object], list[str]]] = {
    "claim": (
        claim,
        ["INDEX ix_deliveries_queue (channel=? AND lane=? AND not_before<?)"],
    ),
    "expire": (
        lambda uow: uow.outbox.expire(now=NOW),
        ["INDEX ix_deliveries_deadline (deadline<?)"],
    ),
    "cancel": (
        lambda uow: uow.outbox.cancel(OWNER, now=NOW),
        ["INDEX ix_deliveries_progress (owner_id=? AND state=?)"],
    ),
    "withdraw": (
        lambda uow: uow.outbox.withdraw(OWNER, [1, 2], now=NOW),
        ["(recipient_id=? AND owner_id=?)"],
    ),
    "withdraw_everywhere": (
        lambda uow: uow.outbox.withdraw_everywhere(["+8551"], now=NOW),
        ["INDEX ix_deliveries_phone (phone=?)"],
    ),
    "counts": (
        lambda uow: uow.outbox.counts(OWNER),
        ["COVERING INDEX ix_deliveries_progress (owner_id=?)"],
    ),
    "attempted": (
        lambda uow: uow.outbox.attempted(OWNER),
        ["COVERING INDEX ix_deliveries_progress (owner_id=?)"],
    ),
    "kept": (
        lambda uow: uow.tallies.kept(ALERT),
        [
            "INDEX ix_delivery_tallies_owner_id (owner_id=?)",
            "INDEX ix_recipient_tallies_alert (alert=?)",
        ],
    ),
    "queued": (
        lambda uow: uow.outbox.queued(),
        ["COVERING INDEX ix_deliveries_queue"],
    ),
    "sending_span": (
        lambda uow: uow.outbox.sending_span(OWNER),
        ["COVERING INDEX ix_attempts_accepted (owner_id=?"],
    ),
    "unresolved": (
        lambda uow: uow.queue.unresolved(now=NOW, unknown_before=NOW, limit=9),
        ["INDEX ix_attempts_unresolved", "INTEGER PRIMARY KEY"],
    ),
    "silent": (
        lambda uow: uow.queue.silent(accepted_before=NOW, deadline_after=NOW, limit=9),
        ["INDEX ix_attempts_at_carrier (channel=? AND deadline>?)"],
    ),
    "calls_in_progress": (
        lambda uow: uow.queue.calls_in_progress(deadline_after=NOW),
        ["INDEX ix_attempts_at_carrier (channel=? AND deadline>?)"],
    ),
    "known_refs": (
        lambda uow: uow.queue.known_refs("a", "+8551"),
        ["INDEX ix_deliveries_phone (phone=?)"],
    ),
    "latest_attempt_to": (
        lambda uow: uow.queue.latest_attempt_to("+8551", since=NOW),
        ["INDEX ix_deliveries_phone (phone=?)"],
    ),
    "unfolded": (
        lambda uow: uow.events.unfolded(limit=9),
        ["INDEX ix_carrier_events_unfolded"],
    ),
    "unfolded_since": (
        lambda uow: uow.events.unfolded_since(),
        ["INDEX ix_carrier_events_unfolded"],
    ),
    "n_unfolded": (
        lambda uow: uow.events.n_unfolded(),
        ["COVERING INDEX ix_carrier_events_unfolded"],
    ),
    "rested": (
        lambda uow: uow.strikes.rested(now=NOW, limit=9),
        ["INDEX ix_strikes_resting (resting_until"],
    ),
    "recipient_counts": (
        lambda uow: uow.alerts.recipient_counts(ALERT),
        ["PRIMARY KEY (alert=?)"],
    ),
    "to_escalate": (
        lambda uow: uow.alerts.to_escalate(
            ALERT,
            Turn(from_channel=Channel.SMS, to_channel=Channel.VOICE),
            sent_before=after(hours=1),
            now=NOW,
            limit=9,
        ),
        [
            "INDEX ix_deliveries_not_followed (owner_id=? AND channel=?)",
            "(alert=? AND subscriber_id=?)",
            "(recipient_id=? AND owner_id=? AND",
        ],
    ),
    "changed_since": (
        lambda uow: uow.subscribers.changed_since(3),
        ["INDEX ix_subscribers_revision (revision>?)"],
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_answered_by_its_index(sqlite: Database, name: str) -> None:
    """No table that grows with the population is read from end to end."""
    ask, expected = QUESTIONS[name]
    with sqlite.unit_of_work() as uow:
        go_live(uow, [])
        send_one(uow)
        queue_up(uow, 2)
        plan = plan_of(uow, ask)
    for words in expected:
        assert any(words in line for line in plan), plan
    scans = [line for line in plan if line.startswith("SCAN") and "INDEX" not in line]
    assert not [line for line in scans if line.split()[1] in GROWING], plan


GROWING = {
    "deliveries",
    "attempts",
    "recipients",
    "carrier_events",
    "subscribers",
    "places",
}


@pytest.mark.parametrize(
    "name", ["claim", "to_escalate", "unresolved", "silent", "unfolded"]
)
def test_what_is_next_is_not_sorted_out_of_all(sqlite: Database, name: str) -> None:
    """A queue is read in the order of its index and left at the limit."""
    ask, _ = QUESTIONS[name]
    with sqlite.unit_of_work() as uow:
        go_live(uow, [])
        send_one(uow)
        queue_up(uow, 2)
        plan = plan_of(uow, ask)
    assert not [line for line in plan if "TEMP B-TREE" in line], plan


def send_one(uow: SqlUnitOfWork) -> None:
    """A text that a carrier took, so that there is somebody to ask about."""
    queue_up(uow, 1)
    uow.queue.apply([a_report(one, AttemptState.ACCEPTED) for one in claim(uow)])


def plan_of(uow: SqlUnitOfWork, ask: Callable[[SqlUnitOfWork], object]) -> list[str]:
    """What SQLite says it will do, for every statement of a question."""
    connection, seen = uow._connection, list[tuple[str, object]]()

    def note(*told: Any) -> None:
        _connection, _cursor, statement, parameters, _context, is_many = told
        seen.append((statement, parameters[0] if is_many else parameters))

    event.listen(connection, "before_cursor_execute", note)
    ask(uow)
    event.remove(connection, "before_cursor_execute", note)
    return [
        row[3]
        for statement, parameters in seen
        for row in connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", parameters
        )
    ]
