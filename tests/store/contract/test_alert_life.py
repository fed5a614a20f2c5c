"""``warning.ports.AlertRepository``: what follows an alert, who was told, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from store.database import Database
from store.unit_of_work import SqlUnitOfWork
from telephony.delivery import AttemptState, Channel, ClaimedDelivery
from tests.store.alert_cases import (
    ALERT,
    a_cap,
    a_case,
    a_recipient,
    an_audience,
    go_live,
)
from tests.store.people import register
from tests.store.rows import (
    NOW,
    OWNER,
    a_content,
    a_delivery,
    a_report,
    after,
    claim,
)
from warning.alert import AlertId, AlertKind
from warning.people.subscribers import Status
from warning.recipients import Exclusion, RecipientState, Variant
from warning.schedule import RepeatTo, Schedule


def write_out(
    uow: SqlUnitOfWork, ids: Sequence[int], **changes: object
) -> dict[int, ClaimedDelivery]:
    """A live alert whose texts are all on their way."""
    go_live(uow, ids)
    people = [a_recipient(n, **changes) for n in ids]
    uow.alerts.add_recipients(ALERT, people, n_planned=len(ids))
    content_id = uow.outbox.add_content(a_content(owner_ref=OWNER))
    uow.outbox.enqueue([a_delivery(n, content_id, owner_ref=OWNER) for n in ids])
    return {one.recipient_id: one for one in claim(uow)}


def test_the_whole_life_comes_back(database: Database) -> None:
    """Kind, predecessor, schedule and times survive, also when they change."""
    schedule = Schedule(
        send_at=after(hours=1),
        repeat_every=timedelta(minutes=20),
        repeat_until=after(hours=3),
        repeat_to=RepeatTo.ALL,
    )
    case = a_case(kind=AlertKind.UPDATE, follows=AlertId("a0"))
    planned = case.plan(schedule).submit("dara", NOW)
    waiting = planned.approve("sok", NOW, starts_at=after(hours=1))
    with database.unit_of_work() as uow:
        uow.alerts.add(case)
        for one in (planned, waiting, waiting.start(after(hours=1))):
            uow.alerts.save(one)
            assert uow.alerts.get(ALERT) == one


def test_followers_are_found_oldest_first(database: Database) -> None:
    """Only the direct ones."""
    with database.unit_of_work() as uow:
        uow.alerts.add(a_case())
        for name in ("b", "c"):
            uow.alerts.add(a_case(name, kind=AlertKind.UPDATE, follows=ALERT))
        uow.alerts.add(a_case("d", follows=AlertId("b")))
        assert [one.alert_id for one in uow.alerts.followers(ALERT)] == ["b", "c"]
        assert uow.alerts.followers(AlertId("d")) == []


def test_an_alert_is_found_by_what_a_reference_says(database: Database) -> None:
    """Sender and identifier; the newest first, whatever the time of sending."""
    with database.unit_of_work() as uow:
        for name, minutes in (("a", 0), ("b", 5)):
            cap = a_cap(identifier="X", sent=after(minutes=minutes))
            uow.alerts.add(a_case(name, cap=cap))
        find = uow.alerts.find_by_reference
        found = find(sender="alerts@ncdm.example", identifier="X")
        assert [one.alert_id for one in found] == ["b", "a"]
        assert find(sender="somebody.else", identifier="X") == []


def test_an_audience_keeps_what_each_is_told(database: Database) -> None:
    """Byte by byte, and which alerts stand in for it."""
    parts = {
        "variants": np.array([0, 2, 255], dtype=np.uint8),
        "channels": np.array([0, 1, 2], dtype=np.uint8),
        "told_by": ("b1",),
    }
    with database.unit_of_work() as uow:
        uow.alerts.add(a_case())
        uow.alerts.set_audience(ALERT, an_audience([7, 8, 9], **parts))
        audience = uow.alerts.audience(ALERT)
    assert audience is not None
    assert audience.variants is not None
    assert audience.channels is not None
    assert audience.variants.tolist() == [0, 2, 255]
    assert audience.channels.tolist() == [0, 1, 2]
    assert audience.told_by == ("b1",)
    assert audience.by_variant == {"warning": 1, "released": 1}


def test_told_is_whoever_a_carrier_has_or_may_have(database: Database) -> None:
    """Not whom it refused, nor whose text waits; each once, on the best channel."""
    with database.unit_of_work() as uow:
        ids = register(uow, *range(1, 7))
        assert not len(uow.alerts.told(_stored(uow)))
        assert not uow.alerts.is_anybody_told(AlertId("other"))
        claimed = write_out(uow, ids, variant=Variant.UPDATE)
        refused, unknown, failed, reached, under_way, both = ids
        uow.queue.apply(
            [
                a_report(claimed[refused], AttemptState.FAILED),
                a_report(claimed[unknown], AttemptState.UNKNOWN),
                a_report(claimed[failed], AttemptState.ACCEPTED),
                a_report(claimed[failed], AttemptState.FAILED),
                a_report(claimed[reached], AttemptState.REACHED),
                a_report(claimed[both], AttemptState.ACCEPTED),
            ]
        )
        content_id = claimed[both].content_id
        uow.outbox.enqueue(
            [
                a_delivery(n, content_id, owner_ref=OWNER, channel=Channel.VOICE)
                for n in (both, reached)
            ]
        )
        for call in claim(uow, channel=Channel.VOICE):
            state = AttemptState.CONFIRMED if call.recipient_id == both else None
            uow.queue.apply([a_report(call, state or AttemptState.ACCEPTED)])
        told = uow.alerts.told(ALERT)
        assert uow.alerts.is_anybody_told(ALERT)
    assert told.ids.tolist() == sorted([unknown, failed, reached, under_way, both])
    assert told.of([Variant.UPDATE]).ids.tolist() == told.ids.tolist()
    best = dict(zip(told.ids.tolist(), told.channels.tolist(), strict=True))
    assert best[both] == Channel.VOICE
    assert best[reached] == Channel.SMS


def _stored(uow: SqlUnitOfWork) -> AlertId:
    uow.alerts.add(a_case("other"))
    return AlertId("other")


def test_rounds_are_counted(database: Database) -> None:
    """None before the audience is fixed."""
    with database.unit_of_work() as uow:
        uow.alerts.add(a_case())
        assert uow.alerts.round_of(ALERT) == (0, 0)
        uow.alerts.set_audience(ALERT, an_audience([1]))
        uow.alerts.set_round(ALERT, 3, 500)
        assert uow.alerts.round_of(ALERT) == (3, 500)


def test_a_part_of_an_audience_is_read_alone(database: Database) -> None:
    """In sending order, up to its end; nobody before it is fixed."""
    people = [5, 2**40, 3, 9]
    with database.unit_of_work() as uow:
        uow.alerts.add(a_case())
        assert uow.alerts.members(ALERT, start=0, n=9) == []
        uow.alerts.set_audience(ALERT, an_audience(people))
        assert uow.alerts.members(ALERT, start=0, n=2) == people[:2]
        assert uow.alerts.members(ALERT, start=1, n=9) == people[1:]
        assert uow.alerts.members(ALERT, start=4, n=9) == []


def test_only_those_in_question_are_told_again(database: Database) -> None:
    """Unconfirmed and active, nothing under way; in order of position."""
    with database.unit_of_work() as uow:
        ids = register(uow, *range(1, 6))
        assert uow.alerts.to_repeat(_stored(uow), ids, is_for_all=True) == []
        claimed = write_out(uow, ids)
        plain, confirmed, stopped, under_way, last = ids
        for person in (plain, confirmed, stopped, last):
            uow.queue.apply([a_report(claimed[person], AttemptState.ACCEPTED)])
        uow.alerts.advance_recipients(ALERT, {confirmed: RecipientState.CONFIRMED})
        uow.subscribers.set_status([stopped], Status.OPTED_OUT, now=NOW)
        ask = uow.alerts.to_repeat
        some = ask(ALERT, ids, is_for_all=False)
        assert [one.subscriber_id for one in some] == [plain, last]
        everybody = ask(ALERT, ids, is_for_all=True)
        assert [one.subscriber_id for one in everybody] == [plain, confirmed, last]
        assert under_way not in {one.subscriber_id for one in everybody}
        again = a_delivery(plain, some[0].content_id, owner_ref=OWNER)
        assert uow.outbox.enqueue([again]) == 0
        assert uow.outbox.enqueue([again._replace(round=1)]) == 1
        assert [one.subscriber_id for one in ask(ALERT, ids, is_for_all=False)] == [
            last
        ]


def test_whoever_was_left_out_is_written_out_after_all(database: Database) -> None:
    """Planning goes back to the first of them; the others stay as they are."""
    variants = np.array([0, 255, 255, 0], dtype=np.uint8)
    with database.unit_of_work() as uow:
        ids = register(uow, 1, 2, 3, 4)
        uow.alerts.add(a_case())
        assert uow.alerts.told_by(ALERT) == ()
        uow.alerts.set_audience(
            ALERT, an_audience(ids, variants=variants, told_by=("b1", "b2"))
        )
        people = [
            a_recipient(n, excluded=Exclusion.ALREADY_TOLD if place in {1, 2} else None)
            for place, n in enumerate(ids)
        ]
        uow.alerts.add_recipients(ALERT, people, n_planned=4)
        places, left_out = uow.alerts.told_elsewhere(ALERT)
        assert (places.tolist(), left_out.tolist()) == ([1, 2], ids[1:3])
        before = uow.alerts.audience_summary(ALERT)
        assert before is not None
        assert before.by_variant == {"warning": 2}
        assert uow.alerts.audience_summary(ALERT, known=before) is before
        uow.alerts.readmit(ALERT, np.array([2]), told_by=["b1"])
        after = uow.alerts.audience_summary(ALERT, known=before)
        assert after is not None
        assert (after.by_variant, after.told_by) == ({"warning": 3}, ("b1",))
        audience = uow.alerts.audience(ALERT)
        assert audience is not None
        assert audience.variants is not None
        assert audience.variants.tolist() == [0, 255, 0, 0]
        assert uow.alerts.n_planned(ALERT) == 2
        assert uow.alerts.told_by(ALERT) == ("b1",)
        counts = uow.alerts.recipient_counts(ALERT)
        assert (counts.excluded, counts.n_planned) == ({"already_told": 1}, 3)
        assert uow.alerts.told_elsewhere(ALERT)[0].tolist() == [1]
        uow.alerts.readmit(ALERT, np.array([], dtype=np.int64), told_by=[])
        assert (uow.alerts.told_by(ALERT), uow.alerts.n_planned(ALERT)) == ((), 2)
