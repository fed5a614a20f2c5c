"""``telephony.ports.DeliveryQueue.apply``: what reports make of deliveries."""

from __future__ import annotations

import pytest

from telephony.answerer import Answerer
from telephony.delivery import (
    DELIVERY_STATE_OF,
    AttemptId,
    AttemptReport,
    AttemptState,
    Channel,
    ClaimedDelivery,
    DeliveryState,
)
from telephony.ports import UnitOfWork
from tests.store.conftest import NewUow
from tests.store.rows import (
    NOW,
    OWNER,
    a_report,
    after,
    claim,
    queue_up,
    states_of,
)


def claim_one(uow: UnitOfWork) -> ClaimedDelivery:
    queue_up(uow, 1)
    (one,) = claim(uow)
    return one


@pytest.mark.parametrize(
    "state", [s for s in DELIVERY_STATE_OF if s is not AttemptState.INTENDED]
)
def test_a_delivery_follows_its_attempt_forward(
    new_uow: NewUow, state: AttemptState
) -> None:
    """Every state that an attempt reaches is told to the owner, once."""
    expected = DELIVERY_STATE_OF[state]
    with new_uow() as uow:
        report = a_report(claim_one(uow), state, carrier="main", carrier_ref="SM1")
        (event,) = uow.queue.apply([report])
        assert (event.owner_ref, event.recipient_id, event.channel) == (
            OWNER,
            1,
            Channel.SMS,
        )
        assert (event.state, event.at) == (expected, report.at)
        assert (event.answer, event.code) == (None, None)
        assert list(uow.queue.apply([report, report])) == []
        assert states_of(uow) == {expected: 1}


def test_an_older_state_never_takes_a_delivery_back(new_uow: NewUow) -> None:
    """A late report of less than what is known changes nothing."""
    with new_uow() as uow:
        one = claim_one(uow)
        uow.queue.apply([a_report(one, AttemptState.HEARD)])
        for late in (
            AttemptState.INTENDED,
            AttemptState.UNKNOWN,
            AttemptState.ACCEPTED,
            AttemptState.REACHED,
        ):
            assert list(uow.queue.apply([a_report(one, late)])) == []
        failed = a_report(one, AttemptState.FAILED, code="30003", retry_at=NOW)
        assert list(uow.queue.apply([failed])) == []
        assert states_of(uow) == {DeliveryState.HEARD: 1}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_who_took_a_call_and_its_length_come_together(
    new_uow: NewUow, order: tuple[int, int]
) -> None:
    """In whichever order, each in a transaction of its own."""
    with new_uow() as uow:
        one = claim_one(uow)
        uow.commit()
    reports = [
        a_report(one, AttemptState.REACHED, duration_s=30, heard_after_s=8),
        a_report(one, AttemptState.ACCEPTED, answerer=Answerer.PERSON, heard_after_s=8),
    ]
    for n in order:
        with new_uow() as uow:
            uow.queue.apply([reports[n]])
            uow.commit()
    with new_uow() as uow:
        assert states_of(uow) == {DeliveryState.HEARD: 1}


def test_a_failure_without_retry_ends_the_delivery(new_uow: NewUow) -> None:
    """The owner hears that it failed, and why."""
    with new_uow() as uow:
        one = claim_one(uow)
        (event,) = uow.queue.apply([a_report(one, AttemptState.FAILED, code="30005")])
        assert (event.state, event.code) == (DeliveryState.FAILED, "30005")
        assert uow.outbox.counts(OWNER) == {
            (Channel.SMS, DeliveryState.FAILED, "30005"): 1
        }


@pytest.mark.parametrize("state", [AttemptState.FAILED, AttemptState.NOT_SENT])
def test_a_failure_with_retry_goes_back_to_the_queue(
    new_uow: NewUow, state: AttemptState
) -> None:
    """The delivery is due again at ``retry_at``; its owner hears that it waits."""
    with new_uow() as uow:
        one = claim_one(uow)
        retry_at = after(minutes=3)
        (event,) = uow.queue.apply(
            [a_report(one, state, code="429", retry_at=retry_at)]
        )
        assert (event.state, event.code) == (DeliveryState.QUEUED, "429")
        assert claim(uow, now=after(minutes=2)) == []
        assert len(claim(uow, now=retry_at)) == 1


def test_a_failure_of_an_earlier_attempt_does_not_stop_the_later(
    new_uow: NewUow,
) -> None:
    """Only the last attempt decides whether a delivery has failed."""
    with new_uow() as uow:
        first = claim_one(uow)
        uow.queue.apply([a_report(first, AttemptState.NOT_SENT, retry_at=NOW)])
        claim(uow)
        late = a_report(first, AttemptState.FAILED, code="30008")
        assert list(uow.queue.apply([late])) == []
        assert states_of(uow) == {DeliveryState.SENDING: 1}


def test_success_of_an_earlier_attempt_ends_the_waiting_for_a_retry(
    new_uow: NewUow,
) -> None:
    """A receipt that comes after we gave up on a try spares the person the next."""
    with new_uow() as uow:
        one = claim_one(uow)
        uow.queue.apply(
            [a_report(one, AttemptState.FAILED, code="30008", retry_at=NOW)]
        )
        (event,) = uow.queue.apply([a_report(one, AttemptState.REACHED)])
        assert (event.state, event.code) == (DeliveryState.REACHED, None)
        assert claim(uow, now=after(minutes=1)) == []


def test_a_success_of_an_earlier_attempt_outlives_the_failure_of_the_later(
    new_uow: NewUow,
) -> None:
    """Nothing takes back that a person was reached."""
    with new_uow() as uow:
        first = claim_one(uow)
        uow.queue.apply([a_report(first, AttemptState.NOT_SENT, retry_at=NOW)])
        (second,) = claim(uow)
        news = uow.queue.apply(
            [
                a_report(first, AttemptState.REACHED),
                a_report(second, AttemptState.FAILED, code="30003"),
            ]
        )
        assert [event.state for event in news] == [DeliveryState.REACHED]
        assert states_of(uow) == {DeliveryState.REACHED: 1}


def test_a_withdrawn_retry_stays_withdrawn(new_uow: NewUow) -> None:
    """A failure that arrives after the alert was cancelled queues nothing."""
    with new_uow() as uow:
        one = claim_one(uow)
        uow.queue.apply([a_report(one, AttemptState.NOT_SENT, retry_at=NOW)])
        uow.outbox.cancel(OWNER, now=NOW)
        again = a_report(one, AttemptState.FAILED, code="30008", retry_at=NOW)
        assert list(uow.queue.apply([again])) == []
        assert states_of(uow) == {DeliveryState.CANCELLED: 1}


def test_a_receipt_beats_a_cancellation(new_uow: NewUow) -> None:
    """A person who was told all the same is counted as told."""
    with new_uow() as uow:
        one = claim_one(uow)
        uow.queue.apply([a_report(one, AttemptState.NOT_SENT, retry_at=NOW)])
        uow.outbox.cancel(OWNER, now=NOW)
        (event,) = uow.queue.apply([a_report(one, AttemptState.CONFIRMED)])
        assert event.state is DeliveryState.CONFIRMED


def test_proof_that_a_carrier_has_it_takes_a_retry_back(new_uow: NewUow) -> None:
    """A word of it that comes after the retry was decided spares the person the next.

    The carrier's list had nothing yet; any callback at all shows that it was taken.
    """
    with new_uow() as uow:
        one = claim_one(uow)
        uow.queue.apply([a_report(one, AttemptState.NOT_SENT, retry_at=NOW)])
        proof = a_report(one, AttemptState.ACCEPTED, carrier="a", carrier_ref="SM1")
        (event,) = uow.queue.apply([proof])
        assert (event.state, event.code) == (DeliveryState.SENT, None)
        assert claim(uow, now=after(minutes=1)) == []
        attempt = uow.queue.open_attempts([one.attempt_id])[one.attempt_id]
        assert (attempt.state, attempt.n_sent) == (AttemptState.ACCEPTED, 1)


def test_a_conclusion_does_not_undo_proof(new_uow: NewUow) -> None:
    """Concluded from a list that was read before the callback came."""
    with new_uow() as uow:
        one = claim_one(uow)
        proof = a_report(one, AttemptState.ACCEPTED, carrier="a", carrier_ref="SM1")
        uow.queue.apply([proof])
        assert (
            list(
                uow.queue.apply(
                    [a_report(one, AttemptState.NOT_SENT, code="never", retry_at=NOW)]
                )
            )
            == []
        )
        assert states_of(uow) == {DeliveryState.SENT: 1}
        assert claim(uow, now=after(minutes=1)) == []


def test_proof_beats_having_given_up(new_uow: NewUow) -> None:
    """No time was left for another try, and then the carrier had it after all."""
    with new_uow() as uow:
        one = claim_one(uow)
        uow.queue.apply([a_report(one, AttemptState.NOT_SENT, code="20429")])
        assert states_of(uow) == {DeliveryState.FAILED: 1}
        (event,) = uow.queue.apply([a_report(one, AttemptState.ACCEPTED)])
        assert (event.state, event.code) == (DeliveryState.SENT, None)


def test_an_event_before_the_record_is_not_undone_by_it(new_uow: NewUow) -> None:
    """A callback may be faster than the answer; the id is filled in all the same."""
    with new_uow() as uow:
        one = claim_one(uow)
        uow.queue.apply([a_report(one, AttemptState.REACHED, at=after(seconds=3))])
        record = a_report(
            one,
            AttemptState.ACCEPTED,
            at=after(seconds=4),
            carrier="main",
            carrier_ref="SM1",
            http_status=201,
        )
        assert list(uow.queue.apply([record])) == []
        attempt = uow.queue.open_attempts([one.attempt_id])[one.attempt_id]
        assert attempt.state is AttemptState.REACHED
        assert (attempt.carrier, attempt.carrier_ref) == ("main", "SM1")
        assert uow.outbox.sending_span(OWNER) == (after(seconds=3), after(seconds=3))


def test_a_failure_before_the_record_is_not_undone_by_it(new_uow: NewUow) -> None:
    """A call that failed before we had the answer was handed over all the same."""
    with new_uow() as uow:
        one = claim_one(uow)
        uow.queue.apply([a_report(one, AttemptState.FAILED, code="busy")])
        record = a_report(one, AttemptState.ACCEPTED, carrier_ref="CA1")
        assert list(uow.queue.apply([record])) == []
        assert uow.outbox.counts(OWNER) == {
            (Channel.SMS, DeliveryState.FAILED, "busy"): 1
        }
        assert uow.outbox.sending_span(OWNER) == (record.at, record.at)
        assert uow.queue.known_refs("main", one.phone) == frozenset()


def test_what_is_known_of_the_carrier_is_not_overwritten(new_uow: NewUow) -> None:
    """The first id that became known stays."""
    with new_uow() as uow:
        one = claim_one(uow)
        uow.queue.apply(
            [a_report(one, AttemptState.ACCEPTED, carrier="a", carrier_ref="SM1")]
        )
        uow.queue.apply(
            [a_report(one, AttemptState.REACHED, carrier="b", carrier_ref="SM2")]
        )
        attempt = uow.queue.open_attempts([one.attempt_id])[one.attempt_id]
        assert (attempt.carrier, attempt.carrier_ref) == ("a", "SM1")


def test_several_reports_of_one_delivery_are_one_event(new_uow: NewUow) -> None:
    """The owner hears the last state of each delivery, in the order of the reports."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3)
        one, two, three = claim(uow)
        news = uow.queue.apply(
            [
                a_report(three, AttemptState.ACCEPTED, at=after(seconds=1)),
                a_report(one, AttemptState.ACCEPTED, at=after(seconds=2)),
                a_report(two, AttemptState.UNKNOWN, at=after(seconds=3)),
                a_report(one, AttemptState.CONFIRMED, at=after(seconds=4)),
                a_report(three, AttemptState.INTENDED, at=after(seconds=5)),
            ]
        )
        assert [(e.recipient_id, e.state, e.at) for e in news] == [
            (3, DeliveryState.SENT, after(seconds=1)),
            (2, DeliveryState.UNKNOWN, after(seconds=3)),
            (1, DeliveryState.CONFIRMED, after(seconds=4)),
        ]


def test_a_report_on_an_attempt_that_was_never_made_is_passed_over(
    new_uow: NewUow,
) -> None:
    """One strange report does not keep the others from being recorded."""
    with new_uow() as uow:
        one = claim_one(uow)
        strange = AttemptReport(
            attempt_id=AttemptId(4711), state=AttemptState.REACHED, at=NOW
        )
        news = uow.queue.apply([strange, a_report(one, AttemptState.ACCEPTED)])
        assert [event.state for event in news] == [DeliveryState.SENT]
        assert list(uow.queue.apply([])) == []


def test_reports_survive_the_transaction(new_uow: NewUow) -> None:
    """What was recorded is there after the commit."""
    with new_uow() as uow:
        one = claim_one(uow)
        uow.commit()
    with new_uow() as uow:
        uow.queue.apply([a_report(one, AttemptState.ACCEPTED, carrier_ref="CA9")])
        uow.commit()
    with new_uow() as uow:
        attempt = uow.queue.open_attempts([one.attempt_id])[one.attempt_id]
        assert (attempt.state, attempt.carrier_ref) == (AttemptState.ACCEPTED, "CA9")
        assert states_of(uow) == {DeliveryState.SENT: 1}
