"""Who is to be reached another way, and the list of an alert's deliveries."""

from __future__ import annotations

from datetime import datetime

import pytest

from store.database import Database
from store.unit_of_work import SqlUnitOfWork
from telephony.delivery import AttemptState, Channel, DeliveryState
from tests.store.alert_cases import ALERT, a_recipient, go_live
from tests.store.people import number, register
from tests.store.rows import (
    NOW,
    OWNER,
    a_content,
    a_delivery,
    a_report,
    after,
    claim,
    phone_of,
)
from warning.people.subscribers import Status
from warning.progress import DeliveryLine
from warning.recipients import EscalationCandidate, Exclusion, RecipientState, Turn

CALL = Turn(from_channel=Channel.SMS, to_channel=Channel.VOICE)


def planned(uow: SqlUnitOfWork, *numbers: int, **changes: object) -> list[int]:
    """People of a live alert, each with a text message queued."""
    ids = register(uow, *numbers)
    go_live(uow, ids)
    people = [a_recipient(n, **changes) for n in ids]
    uow.alerts.add_recipients(ALERT, people, n_planned=len(ids))
    content_id = uow.outbox.add_content(a_content())
    uow.outbox.enqueue([a_delivery(n, content_id) for n in ids])
    return ids


def due(
    uow: SqlUnitOfWork,
    sent_before: datetime = NOW,
    *,
    limit: int = 100,
    now: datetime = NOW,
    turn: Turn = CALL,
    among: list[int] | None = None,
) -> list[EscalationCandidate]:
    return list(
        uow.alerts.to_escalate(
            ALERT,
            turn,
            sent_before=sent_before,
            now=now,
            limit=limit,
            among=among,
        )
    )


def send(uow: SqlUnitOfWork, state: AttemptState, **changes: object) -> None:
    """Claim everything queued, and report this of all of it."""
    uow.queue.apply([a_report(one, state, **changes) for one in claim(uow)])


def test_nobody_is_due_before_the_first_message_left(database: Database) -> None:
    """What is queued or under way has its chance first."""
    with database.unit_of_work() as uow:
        planned(uow, 1, 2)
        assert due(uow, after(days=1)) == []
        claim(uow)
        assert due(uow, after(days=1)) == []


def test_who_has_not_confirmed_is_due_after_a_while(database: Database) -> None:
    """A message counts from when the carrier took it, delivered or not."""
    with database.unit_of_work() as uow:
        one, _ = planned(uow, 1, 2)
        send(uow, AttemptState.ACCEPTED, at=after(seconds=10))
        assert due(uow, after(seconds=10)) == []
        (first, second) = due(uow, after(seconds=11))
        assert first == EscalationCandidate(
            subscriber_id=one,
            phone=number(1),
            language="km",
            position=one,
            content_id=uow.outbox.add_content(a_content()),
            deadline=after(hours=2),
        )
        assert second.phone == number(2)


@pytest.mark.parametrize("state", [AttemptState.REACHED, AttemptState.HEARD])
def test_reached_is_not_confirmed(database: Database, state: AttemptState) -> None:
    """A receipt says that the phone has it, not that a person has read it."""
    with database.unit_of_work() as uow:
        planned(uow, 1)
        send(uow, state, at=after(seconds=10))
        assert len(due(uow, after(seconds=11))) == 1


def test_who_cannot_be_reached_is_due_at_once(database: Database) -> None:
    """A failed message is no reason to wait."""
    with database.unit_of_work() as uow:
        planned(uow, 1)
        send(uow, AttemptState.FAILED, code="30006")
        assert len(due(uow)) == 1


def test_what_is_over_is_not_said_on_another_channel(database: Database) -> None:
    """A text that failed or expired is not read out after its deadline."""
    with database.unit_of_work() as uow:
        planned(uow, 1, 2)
        send(uow, AttemptState.FAILED, code="30006")
        assert len(due(uow, now=after(hours=1))) == 2
        assert due(uow, now=after(hours=2)) == []


def test_who_stops_before_the_first_try_is_left_out(database: Database) -> None:
    """Withdrawn untried is excluded with its reason; tried is tried."""
    with database.unit_of_work() as uow:
        one, two, three = planned(uow, 1, 2, 3)
        (first,) = claim(uow, limit=1)
        uow.outbox.withdraw_everywhere([phone_of(one), phone_of(two)], now=NOW)
        uow.alerts.leave_out([first.recipient_id, two], Exclusion.OPTED_OUT)
        uow.alerts.leave_out([], Exclusion.OPTED_OUT)
        counts = uow.alerts.recipient_counts(ALERT)
        assert first.recipient_id == one
        assert counts.excluded == {Exclusion.OPTED_OUT: 1}
        assert counts.by_state == {RecipientState.PLANNED: 2}
        uow.alerts.leave_out([three], Exclusion.GONE)
        assert uow.alerts.recipient_counts(ALERT) == counts


def test_a_retry_that_waits_does_not_hold_up_the_next_step(database: Database) -> None:
    """A message that once left counts from then, also while it waits to go again."""
    with database.unit_of_work() as uow:
        planned(uow, 1)
        (one,) = claim(uow)
        uow.queue.apply([a_report(one, AttemptState.ACCEPTED, at=after(seconds=1))])
        retry_at = after(minutes=30)
        uow.queue.apply([a_report(one, AttemptState.FAILED, retry_at=retry_at)])
        assert len(due(uow, after(seconds=2))) == 1


def test_who_confirmed_is_left_in_peace(database: Database) -> None:
    """On whichever channel they confirmed."""
    with database.unit_of_work() as uow:
        one, two, three = planned(uow, 1, 2, 3)
        send(uow, AttemptState.ACCEPTED)
        uow.alerts.advance_recipients(
            ALERT, {one: RecipientState.CONFIRMED, two: RecipientState.NEEDS_HELP}
        )
        found = due(uow, after(days=1))
        assert [candidate.subscriber_id for candidate in found] == [three]


def test_who_opted_out_meanwhile_is_not_called(database: Database) -> None:
    """STOP holds at once, and the erased have no number."""
    with database.unit_of_work() as uow:
        one, two, three, four = planned(uow, 1, 2, 3, 4)
        send(uow, AttemptState.ACCEPTED)
        uow.subscribers.set_status([one], Status.OPTED_OUT, now=NOW)
        uow.subscribers.set_status([two], Status.RESTING, now=NOW)
        uow.subscribers.erase(three, now=NOW)
        found = due(uow, after(days=1))
        assert [candidate.subscriber_id for candidate in found] == [four]


def test_who_has_no_voice_or_is_excluded_is_not_called(database: Database) -> None:
    """A channel that a person does not have is no way to reach them."""
    with database.unit_of_work() as uow:
        planned(uow, 1, channels=Channel.SMS)
        send(uow, AttemptState.FAILED)
        assert due(uow) == []
    with database.unit_of_work() as uow:
        planned(uow, 1, excluded=Exclusion.RESTING)
        send(uow, AttemptState.FAILED)
        assert due(uow) == []


def test_who_has_the_next_step_already_is_not_due_again(database: Database) -> None:
    """Queued, sent, failed or cancelled: the step was taken."""
    with database.unit_of_work() as uow:
        one, two = planned(uow, 1, 2)
        send(uow, AttemptState.FAILED)
        content_id = uow.outbox.add_content(a_content())
        uow.outbox.enqueue([a_delivery(one, content_id, channel=Channel.VOICE)])
        assert [candidate.subscriber_id for candidate in due(uow)] == [two]


def test_the_most_endangered_are_due_first(database: Database) -> None:
    """In order of position, no more than asked for."""
    with database.unit_of_work() as uow:
        ids = register(uow, 1, 2, 3)
        go_live(uow, ids)
        people = [a_recipient(n, position=10 - n) for n in ids]
        uow.alerts.add_recipients(ALERT, people, n_planned=3)
        content_id = uow.outbox.add_content(a_content())
        uow.outbox.enqueue([a_delivery(n, content_id, position=10 - n) for n in ids])
        send(uow, AttemptState.FAILED)
        expected = sorted(ids, key=lambda n: 10 - n)[:2]
        assert [c.subscriber_id for c in due(uow, limit=2)] == expected


def test_deliveries_are_listed_without_numbers(database: Database) -> None:
    """Page by page, ascending; one owner's alone."""
    with database.unit_of_work() as uow:
        one, two = planned(uow, 1, 2)
        content_id = uow.outbox.add_content(a_content())
        other = a_delivery(one, content_id, owner_ref="case:9", position=10**6)
        uow.outbox.enqueue([other])
        (first, *_) = claim(uow)
        report = a_report(first, AttemptState.FAILED, code="30006")
        uow.queue.apply([report])
        lines = uow.alerts.deliveries(ALERT, after=0, limit=10)
        assert lines[0] == DeliveryLine(
            delivery_id=first.delivery_id,
            subscriber_id=one,
            channel=Channel.SMS,
            language="km",
            state=DeliveryState.FAILED,
            attempts=1,
            code="30006",
            updated_at=report.at,
        )
        assert [line.subscriber_id for line in lines] == [one, two]
        rest = uow.alerts.deliveries(ALERT, after=lines[0].delivery_id, limit=1)
        assert [line.subscriber_id for line in rest] == [two]
        assert OWNER.endswith(ALERT)


def test_an_alert_that_ordered_nothing_has_nobody_due(database: Database) -> None:
    """Before the first chunk is written there is nobody to wait for."""
    with database.unit_of_work() as uow:
        go_live(uow, [])
        uow.alerts.add_recipients(ALERT, [], n_planned=0)
        assert due(uow, after(days=1)) == []
        assert uow.alerts.deliveries(ALERT, after=0, limit=9) == []
