"""What an answer means for the delivery, and when it is tried again."""

import random
from datetime import timedelta

import pytest

from telephony.carriers.gateway import Accepted, FailureClass, Refused
from telephony.delivery import (
    AttemptId,
    AttemptState,
    Channel,
    ClaimedDelivery,
    ContentId,
    DeliveryId,
    DeliveryState,
    Lane,
)
from telephony.sending.attempting import GIVEN_BACK_S
from telephony.sending.outcomes import Outcome, OutcomeReporter, without_carrier
from telephony.sending.retry import RetryPolicy
from tests.unit.telephony.fake_gateway import (
    LOST,
    TOO_FAST,
    UNREACHABLE,
    FakeGateway,
    refused,
)
from tests.unit.telephony.virtual_time import START, VirtualClock
from tests.unit.telephony.world import carrier_of

QUEUE_FULL = refused(FailureClass.TEMPORARY, code="30001", http_status=400)
CLOCK = VirtualClock()
CARRIER = carrier_of(FakeGateway(now=CLOCK.now), CLOCK)
REPORTER = OutcomeReporter(
    retry=RetryPolicy(jitter=0), now=CLOCK.now, rng=random.Random(1)
)


def delivery(attempt_no: int = 1, n_sent: int = 1) -> ClaimedDelivery:
    return ClaimedDelivery(
        delivery_id=DeliveryId(1),
        attempt_id=AttemptId(5),
        attempt_no=attempt_no,
        n_sent=n_sent,
        owner_ref="alert:1",
        recipient_id=9,
        phone="+85512000001",
        channel=Channel.SMS,
        content_id=ContentId(1),
        lane=Lane.WARNING,
        deadline=START + timedelta(hours=1),
        lease_until=START + timedelta(seconds=20),
    )


def test_what_the_carrier_took_is_accepted() -> None:
    """With the id by which it will report."""
    result = Accepted(carrier_ref="SM1", status="queued")
    report = REPORTER.report(Outcome(delivery(), CARRIER, result))
    assert (report.state, report.carrier, report.carrier_ref, report.retry_at) == (
        AttemptState.ACCEPTED,
        "main",
        "SM1",
        None,
    )


@pytest.mark.parametrize(
    ("result", "state", "retry_s"),
    [
        (TOO_FAST, AttemptState.NOT_SENT, 1),
        (UNREACHABLE, AttemptState.NOT_SENT, 1),
        (LOST, AttemptState.UNKNOWN, None),
        (
            refused(FailureClass.CARRIER, code="20003", http_status=401),
            AttemptState.NOT_SENT,
            1,
        ),
        (refused(FailureClass.CARRIER, code="no_sender"), AttemptState.NOT_SENT, 1),
        (
            refused(FailureClass.PERSON, code="21211", http_status=400),
            AttemptState.FAILED,
            None,
        ),
        (
            refused(FailureClass.OPTED_OUT, code="21610", http_status=400),
            AttemptState.FAILED,
            None,
        ),
        (
            refused(FailureClass.TEMPORARY, code="30001", http_status=400),
            AttemptState.FAILED,
            60,
        ),
        (
            refused(FailureClass.UNKNOWN, code="30410", http_status=400),
            AttemptState.UNKNOWN,
            None,
        ),
    ],
)
def test_a_refusal_is_tried_again_by_its_cause(
    result: Refused, state: AttemptState, retry_s: float | None
) -> None:
    """An unknown outcome is never simply tried again: it is looked into first."""
    report = REPORTER.report(Outcome(delivery(), CARRIER, result))
    retry_at = None if retry_s is None else START + timedelta(seconds=retry_s)
    assert (report.state, report.retry_at) == (state, retry_at)
    assert (report.code, report.http_status) == (result.code, result.http_status)


@pytest.mark.parametrize(
    ("result", "attempt_no", "n_sent", "retry_s"),
    [
        # Pace "later": 60, 120, 240 s, and four tries in all.
        (QUEUE_FULL, 9, 1, 60),
        (QUEUE_FULL, 9, 3, 240),
        (QUEUE_FULL, 9, 4, None),
        # Pace "soon": 1, 2, 4 s, as often as there is time.
        (TOO_FAST, 3, 3, 1),
        (TOO_FAST, 3, 1, 4),
    ],
)
def test_tries_that_never_left_are_counted_apart(
    result: Refused, attempt_no: int, n_sent: int, retry_s: float | None
) -> None:
    """Waiting for a carrier that rests uses up none of a person's tries."""
    claimed = delivery(attempt_no=attempt_no, n_sent=n_sent)
    report = REPORTER.report(Outcome(claimed, CARRIER, result))
    retry_at = None if retry_s is None else START + timedelta(seconds=retry_s)
    assert report.retry_at == retry_at


def test_what_was_given_back_is_tried_again_soon() -> None:
    """It never left; nobody was asked."""
    report = REPORTER.report(Outcome(delivery(), None, None, GIVEN_BACK_S))
    assert (report.state, report.carrier) == (AttemptState.NOT_SENT, None)
    assert report.retry_at == START + timedelta(seconds=GIVEN_BACK_S)


def test_a_number_that_no_carrier_serves_fails_at_once() -> None:
    """While one whose carriers rest is tried again."""
    nobody = REPORTER.report(without_carrier(delivery(), has_route=False))
    resting = REPORTER.report(without_carrier(delivery(), has_route=True))
    assert (nobody.state, nobody.code, nobody.retry_at) == (
        AttemptState.FAILED,
        "no_route",
        None,
    )
    assert (resting.state, resting.code) == (AttemptState.NOT_SENT, "no_carrier")
    assert resting.retry_at is not None


def test_an_opt_out_at_the_carrier_is_news() -> None:
    """Of the person, not of the attempt alone; other refusals are not."""
    stop = refused(FailureClass.OPTED_OUT, code="21610", http_status=400)
    news = REPORTER.opt_out(Outcome(delivery(), CARRIER, stop))
    assert news is not None
    assert (news.answer, news.state, news.recipient_id) == (
        "OPTED_OUT",
        DeliveryState.FAILED,
        9,
    )
    assert REPORTER.opt_out(Outcome(delivery(), CARRIER, TOO_FAST)) is None
    assert REPORTER.opt_out(Outcome(delivery(), None, None)) is None
