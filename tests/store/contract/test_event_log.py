"""``telephony.ports.EventLog``: callbacks are kept as they came."""

from __future__ import annotations

from dataclasses import replace

from telephony.delivery import AttemptId, EventKind
from tests.store.conftest import NewUow
from tests.store.rows import NOW, an_event


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
        uow.events.append([an_event(attempt_id=AttemptId(n)) for n in range(5)])
        assert uow.events.n_unfolded() == 5
        first = uow.events.unfolded(limit=3)
        assert [event.attempt_id for event in first] == [0, 1, 2]
        ids = [event.event_id for event in first if event.event_id is not None]
        uow.events.mark_folded(ids[:2], now=NOW, unknown=ids[2:])
        assert [e.attempt_id for e in uow.events.unfolded(limit=9)] == [3, 4]
        assert uow.events.n_unfolded() == 2
        uow.events.mark_folded([], now=NOW)
        assert uow.events.n_unfolded() == 2
