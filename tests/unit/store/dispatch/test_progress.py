"""What one report makes of an attempt, beyond what the contract of stores says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from store.dispatch.progress import AttemptProgress, DeliveryProgress, take
from telephony.delivery import AttemptId, AttemptReport, AttemptState, DeliveryState
from tests.store.rows import NOW, after


def an_attempt() -> AttemptProgress:
    delivery = DeliveryProgress(
        delivery_id=1,
        owner_id=1,
        recipient_id=1,
        channel=1,
        state=int(DeliveryState.SENDING),
        n_attempts=1,
        n_sent=1,
        code=None,
        not_before=NOW,
        sent_at=None,
        state_at=NOW,
    )
    return AttemptProgress(
        attempt_id=1,
        delivery=delivery,
        attempt_no=1,
        state=int(AttemptState.INTENDED),
        quiet_since=NOW,
        accepted_at=None,
        carrier=None,
        carrier_ref=None,
        code=None,
        http_status=None,
        duration_s=None,
    )


def learn(attempt: AttemptProgress, state: AttemptState, **changes: Any) -> bool:
    values: dict[str, Any] = {
        "attempt_id": AttemptId(1),
        "state": state,
        "at": after(seconds=5),
    }
    return take(attempt, AttemptReport(**(values | changes)))


def test_the_first_answer_and_the_longest_duration_are_kept() -> None:
    """What the carrier answered, and how long a call was said to last at most."""
    attempt = an_attempt()
    learn(attempt, AttemptState.ACCEPTED, http_status=201)
    learn(attempt, AttemptState.REACHED, http_status=500, duration_s=12)
    learn(attempt, AttemptState.REACHED, duration_s=7)
    assert (attempt.http_status, attempt.duration_s) == (201, 12)


def test_the_earliest_proof_is_when_the_carrier_took_it() -> None:
    """A record that comes after the receipt moves the time back, and nothing else."""
    attempt = an_attempt()
    learn(attempt, AttemptState.REACHED, at=after(seconds=9))
    state_at = attempt.delivery.state_at
    assert not learn(attempt, AttemptState.ACCEPTED, at=after(seconds=2))
    assert attempt.accepted_at == attempt.delivery.sent_at == after(seconds=2)
    assert attempt.delivery.state_at == state_at


def test_a_repeat_leaves_nothing_to_write() -> None:
    """Applying a report twice is free: no row is touched the second time."""
    attempt = an_attempt()
    learn(attempt, AttemptState.ACCEPTED, carrier="a", carrier_ref="SM1")
    attempt.is_changed = attempt.is_newly_taken = attempt.delivery.is_changed = False
    assert not learn(attempt, AttemptState.ACCEPTED, carrier="a", carrier_ref="SM1")
    assert not attempt.is_changed
    assert not attempt.delivery.is_changed


def test_a_failed_delivery_names_the_better_reason_and_stays_failed() -> None:
    """The carrier's own refusal says more than our having given up."""
    attempt = an_attempt()
    learn(attempt, AttemptState.NOT_SENT, code="gone")
    news = learn(
        attempt,
        AttemptState.FAILED,
        code="30006",
        retry_at=NOW + timedelta(minutes=1),
    )
    assert not news
    assert attempt.delivery.state == DeliveryState.FAILED
    assert attempt.delivery.code == "30006"
