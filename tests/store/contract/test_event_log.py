"""``telephony.ports.EventLog``: callbacks are kept as they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from telephony.delivery import AttemptId, CarrierEvent, EventKind
from tests.store.conftest import NewUow
from tests.store.rows import NOW, after, an_event


def test_an_event_comes_back_as_it_came(new_uow: NewUow) -> None:
    """Fields keep their order, repeats and blanks; numbers are given by the store."""
    event = an_event(
        kind=EventKind.CALL_STEP,
        attempt_id=AttemptId(7),
        form=[("Digits", "1"), ("Digits", "2"), ("CallDuration", ""), ("ច", "ទឹក")],
        answers=["CONFIRMED"],
    )
    with new_uow() as uow:
        uow.events.append([event])
        uow.commit()
    with new_uow() as uow:
        (kept,) = uow.events.unfolded(limit=10)
    assert kept.event_id is not None
    assert list(kept.form) == list(event.form)
    assert list(kept.answers) == ["CONFIRMED"]
    assert replace(kept, event_id=None, form=event.form, answers=event.answers) == event


def test_an_event_of_no_attempt_is_kept(new_uow: NewUow) -> None:
    """Texts that people send, and callbacks that name nothing, are not dropped."""
    with new_uow() as uow:
        uow.events.append([an_event(attempt_id=None), an_event(attempt_id=999)])
        ids = [event.attempt_id for event in uow.events.unfolded(limit=10)]
        assert ids == [None, 999]


def test_the_oldest_are_thought_about_first_and_once(new_uow: NewUow) -> None:
    """Events leave the list when they are folded, known or not."""
    with new_uow() as uow:
        uow.events.append([])
        assert uow.events.unfolded_since() is None
        uow.events.append(
            [
                an_event(
                    attempt_id=AttemptId(n), received_at=NOW + timedelta(seconds=n)
                )
                for n in range(5)
            ]
        )
        assert uow.events.n_unfolded() == 5
        assert uow.events.unfolded_since() == NOW
        first = uow.events.unfolded(limit=3)
        assert [event.attempt_id for event in first] == [0, 1, 2]
        ids = [event.event_id for event in first if event.event_id is not None]
        uow.events.mark_folded(ids[:2], now=NOW, unknown=ids[2:])
        assert [e.attempt_id for e in uow.events.unfolded(limit=9)] == [3, 4]
        assert uow.events.n_unfolded() == 2
        assert uow.events.unfolded_since() == NOW + timedelta(seconds=3)
        uow.events.mark_folded([], now=NOW)
        assert uow.events.n_unfolded() == 2


def a_text(ref: str, **changes: object) -> CarrierEvent:
    form = [("MessageSid", ref), ("From", "+85512000001"), ("Body", "STOP")]
    return an_event(kind=EventKind.INBOUND_MESSAGE, form=form, **changes)


def test_a_text_is_kept_once(new_uow: NewUow) -> None:
    """A carrier that repeats a text minutes later says nothing new."""
    with new_uow() as uow:
        uow.events.append([a_text("SM1"), a_text("SM2"), a_text("SM1")])
        uow.commit()
    with new_uow() as uow:
        ids = [one.event_id for one in uow.events.unfolded(limit=9) if one.event_id]
        uow.events.mark_folded(ids, now=NOW)
        uow.events.append([a_text("SM2"), a_text("SM3", received_at=after(hours=1))])
        assert [one.text_ref for one in uow.events.unfolded(limit=9)] == ["SM3"]


def test_only_texts_with_an_id_are_known_again(new_uow: NewUow) -> None:
    """Another carrier's ids are its own; states, and texts without an id, all stay."""
    state = an_event(form=[("MessageSid", "SM1"), ("MessageStatus", "sent")])
    events = [
        a_text("SM1"),
        a_text("SM1", carrier="other"),
        *[a_text("")] * 2,
        *[a_text("no id\0")] * 2,
        *[state] * 2,
    ]
    with new_uow() as uow:
        uow.events.append(events)
        assert uow.events.n_unfolded() == len(events)
