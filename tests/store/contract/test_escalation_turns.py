"""Every way from one step of escalation to the next, on rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from store.database import Database
from store.unit_of_work import SqlUnitOfWork
from telephony.delivery import AttemptState, Channel
from tests.store.alert_cases import ALERT, a_recipient, go_live
from tests.store.people import register
from tests.store.rows import NOW, a_content, a_delivery, a_report, after, claim
from warning.recipients import RecipientState, Turn

TEXT, CALL = Channel.SMS, Channel.VOICE
TO_CALL = Turn(from_channel=TEXT, to_channel=CALL)
TO_TEXT = Turn(from_channel=CALL, to_channel=TEXT)
CALL_AGAIN = Turn(from_channel=CALL, to_channel=CALL, round=-1)
CALL_AFTER_TEXT = Turn(from_channel=TEXT, to_channel=CALL, round=-1)


def planned(uow: SqlUnitOfWork, first: Channel, channels: Channel) -> int:
    """One person of a live alert, told first on a channel."""
    (person,) = register(uow, 1)
    go_live(uow, [person])
    people = [a_recipient(person, channels=channels)]
    uow.alerts.add_recipients(ALERT, people, n_planned=1)
    step(uow, person, first)
    return person


def step(uow: SqlUnitOfWork, person: int, channel: Channel, number: int = 0) -> None:
    content_id = uow.outbox.add_content(a_content())
    order = a_delivery(person, content_id, channel=channel, round=number)
    uow.outbox.enqueue([order])


def send(
    uow: SqlUnitOfWork, channel: Channel, state: AttemptState, at: datetime
) -> None:
    for one in claim(uow, channel=channel):
        uow.queue.apply([a_report(one, state, at=at)])


def due(uow: SqlUnitOfWork, sent_before: datetime) -> list[Turn]:
    """The turns for which somebody is due."""
    return [
        turn
        for turn in (TO_CALL, TO_TEXT, CALL_AGAIN, CALL_AFTER_TEXT)
        if uow.alerts.to_escalate(
            ALERT, turn, sent_before=sent_before, now=NOW, limit=9
        )
    ]


def test_a_second_call_follows_the_first(database: Database) -> None:
    """After its own wait, once, also where the first one failed."""
    with database.unit_of_work() as uow:
        person = planned(uow, TEXT, TEXT | CALL)
        send(uow, TEXT, AttemptState.ACCEPTED, at=after(seconds=1))
        assert due(uow, after(hours=1)) == [TO_CALL]
        step(uow, person, CALL)
        assert due(uow, after(hours=1)) == []
        send(uow, CALL, AttemptState.FAILED, at=after(seconds=9))
        assert due(uow, after(seconds=9)) == []
        assert due(uow, after(seconds=10)) == [CALL_AGAIN]
        step(uow, person, CALL, number=-1)
        assert due(uow, after(hours=1)) == []


def test_whoever_is_rung_first_is_texted_and_rung_again(database: Database) -> None:
    """The same steps with the first two exchanged."""
    with database.unit_of_work() as uow:
        person = planned(uow, CALL, TEXT | CALL)
        send(uow, CALL, AttemptState.REACHED, at=after(seconds=1))
        assert due(uow, after(hours=1)) == [TO_TEXT]
        step(uow, person, TEXT)
        assert due(uow, after(hours=1)) == []
        send(uow, TEXT, AttemptState.ACCEPTED, at=after(seconds=2))
        assert due(uow, after(hours=1)) == [CALL_AFTER_TEXT]


def test_a_landline_is_only_rung(database: Database) -> None:
    """Twice, and never texted."""
    with database.unit_of_work() as uow:
        planned(uow, CALL, CALL)
        send(uow, CALL, AttemptState.REACHED, at=after(seconds=1))
        assert due(uow, after(hours=1)) == [CALL_AGAIN]


def test_whoever_cannot_hear_is_only_texted(database: Database) -> None:
    """There is no step to a channel that a person does not have."""
    with database.unit_of_work() as uow:
        planned(uow, TEXT, TEXT)
        send(uow, TEXT, AttemptState.FAILED, at=after(seconds=1))
        assert due(uow, after(hours=1)) == []


def test_telling_again_is_no_step(database: Database) -> None:
    """A round of the alert's own schedule neither hides a step nor asks for one."""
    with database.unit_of_work() as uow:
        person = planned(uow, TEXT, TEXT | CALL)
        send(uow, TEXT, AttemptState.ACCEPTED, at=after(seconds=1))
        step(uow, person, TEXT, number=1)
        assert due(uow, after(hours=1)) == [TO_CALL]
        step(uow, person, CALL)
        send(uow, CALL, AttemptState.REACHED, at=after(seconds=2))
        step(uow, person, TEXT, number=2)
        assert due(uow, after(hours=1)) == [CALL_AGAIN]


def test_a_plan_may_leave_in_peace_who_was_heard(database: Database) -> None:
    """Whoever has come as far as the step says is not due."""
    turn = Turn(from_channel=TEXT, to_channel=CALL, unless=RecipientState.HEARD)
    with database.unit_of_work() as uow:
        person = planned(uow, TEXT, TEXT | CALL)
        send(uow, TEXT, AttemptState.ACCEPTED, at=after(seconds=1))
        asked: dict[str, Any] = {"sent_before": after(hours=1), "now": NOW, "limit": 9}
        assert uow.alerts.to_escalate(ALERT, turn, **asked, among=[person])
        assert not uow.alerts.to_escalate(ALERT, turn, **asked, among=[999])
        uow.alerts.advance_recipients(ALERT, {person: RecipientState.HEARD})
        assert not uow.alerts.to_escalate(ALERT, turn, **asked)
