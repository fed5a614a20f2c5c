"""``warning.figures``: what is counted of an alert for whoever watches it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from store.database import Database
from telephony.delivery import AttemptState, Channel, DeliveryState
from tests.store.alert_cases import ALERT, a_recipient, go_live
from tests.store.people import register
from tests.store.rows import NOW, OWNER, a_report, after, claim, queue_up
from warning.figures.watch import Movement
from warning.recipients import Exclusion, RecipientState

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


def test_people_by_language_and_tries_by_carrier(database: Database) -> None:
    """Who is sent nothing is in no language; every try counts, also a second one."""
    with database.unit_of_work() as uow:
        ids = register(uow, 1, 2, 3)
        go_live(uow, ids)
        languages = ("km", "km", "en")
        people = [
            replace(
                a_recipient(person, excluded=Exclusion.OPTED_OUT if not n else None),
                language=language,
            )
            for n, (person, language) in enumerate(zip(ids, languages, strict=True))
        ]
        uow.alerts.add_recipients(ALERT, people, n_planned=3)
        uow.alerts.advance_recipients(ALERT, {ids[2]: RecipientState.CONFIRMED})
        queue_up(uow, *ids)
        first, second, _ = claim(uow)
        failed, reached = AttemptState.FAILED, AttemptState.REACHED
        uow.queue.apply(
            [
                a_report(first, failed, carrier="main", retry_at=NOW, code="30003"),
                a_report(second, reached, carrier="spare"),
            ]
        )
        claim(uow, now=after(seconds=1))
        uow.commit()
    with database.read_only() as uow:
        assert uow.groups.by_language(ALERT) == {
            "km": {RecipientState.PLANNED: 1},
            "en": {RecipientState.CONFIRMED: 1},
        }
        tried = uow.groups.by_carrier(OWNER)
        assert uow.groups.by_carrier("alert:x") == {}
    sms, intended = Channel.SMS, AttemptState.INTENDED
    assert tried.pop(("main", sms)) == {failed: 1}
    assert tried.pop(("spare", sms)) == {reached: 1}
    assert tried == {("", sms): {intended: 2}}
