"""A carrier that fails is rested, one that is set up wrongly is stopped."""

import random

import pytest

from telephony.carriers.gateway import Accepted, FailureClass, Refused, SendResult
from telephony.sending.breaker import BreakerState, CircuitBreaker

OK = Accepted(carrier_ref="SM1", status="queued")


def refused(failure: FailureClass, http_status: int | None = None) -> Refused:
    """A refusal of one class."""
    return Refused(failure=failure, code="x", reason="Why.", http_status=http_status)


LOST = refused(FailureClass.UNKNOWN)
UNCONNECTED = refused(FailureClass.NOT_PROCESSED)
TOO_FAST = refused(FailureClass.NOT_PROCESSED, 429)
WRONG_ACCOUNT = refused(FailureClass.CARRIER, 400)


def after(*results: SendResult, now: float = 100.0) -> CircuitBreaker:
    """A breaker that has seen these outcomes."""
    breaker = CircuitBreaker(rest_s=5, longest_rest_s=12)
    for result in results:
        breaker.record(result, now)
    return breaker


@pytest.mark.parametrize("failure", [LOST, UNCONNECTED])
def test_carrier_that_is_down_is_rested(failure: Refused) -> None:
    """Five failures and no success are enough; four are not."""
    assert after(*[failure] * 4).state is BreakerState.CLOSED
    breaker = after(*[failure] * 5)
    assert (breaker.state, breaker.reason) == (BreakerState.OPEN, "Why.")
    assert not breaker.try_pass(104.9)


def test_carrier_that_fails_one_in_five_goes_on() -> None:
    """A carrier that still carries four of five is not given up."""
    rng = random.Random(5)
    breaker = after(OK)
    for _ in range(100_000):
        breaker.record(LOST if rng.random() < 0.2 else OK, 100.0)
    assert breaker.state is BreakerState.CLOSED


@pytest.mark.parametrize(
    "failure", [FailureClass.PERSON, FailureClass.OPTED_OUT, FailureClass.TEMPORARY]
)
def test_refusal_of_a_person_speaks_for_the_carrier(failure: FailureClass) -> None:
    """Dead numbers in a village do not rest its carrier."""
    assert after(*[refused(failure, 400)] * 50).state is BreakerState.CLOSED


def test_too_fast_counts_as_neither() -> None:
    """429 is for pacing: it neither rests a carrier nor excuses it."""
    assert after(*[TOO_FAST] * 50).state is BreakerState.CLOSED
    assert after(*[LOST, TOO_FAST] * 5).state is BreakerState.OPEN


def test_one_request_goes_first_after_the_rest() -> None:
    """The probe's success opens the way for all."""
    breaker = after(*[LOST] * 5)
    assert breaker.is_available(105)
    assert breaker.try_pass(105)
    assert breaker.state is BreakerState.PROBING
    assert not breaker.try_pass(106)
    breaker.record(OK, 106)
    assert (breaker.state, breaker.reason) == (BreakerState.CLOSED, "")
    assert breaker.try_pass(106)
    assert breaker.try_pass(106)


def test_probe_that_is_too_fast_has_found_the_carrier() -> None:
    """A carrier that answers 429 is back."""
    breaker = after(*[LOST] * 5)
    assert breaker.try_pass(105)
    breaker.record(TOO_FAST, 106)
    assert breaker.state is BreakerState.CLOSED


def test_rests_double_up_to_the_longest() -> None:
    """Each failed probe doubles the rest; success starts anew."""
    breaker = after(*[LOST] * 5)
    now = 105.0
    for rest_s in (10, 12, 12):
        assert breaker.try_pass(now)
        breaker.record(LOST, now)
        assert not breaker.try_pass(now + rest_s - 0.1)
        now += rest_s
    assert breaker.try_pass(now)
    breaker.record(OK, now)
    for _ in range(5):
        breaker.record(LOST, now)
    assert breaker.try_pass(now + 5)


def test_lost_probe_does_not_rest_for_ever() -> None:
    """When the probe's outcome never comes, another goes after the same rest."""
    breaker = after(*[LOST] * 5)
    assert breaker.try_pass(105)
    assert not breaker.try_pass(109)
    assert breaker.try_pass(110)


@pytest.mark.parametrize("result", [OK, TOO_FAST])
def test_outcome_after_the_rest_is_the_probe(result: SendResult) -> None:
    """It heals also where nobody asks to pass, and rests longer where it must."""
    breaker = after(*[LOST] * 5)
    breaker.record(LOST, 105)
    assert not breaker.is_available(114)
    breaker.record(result, 115)
    assert breaker.state is BreakerState.CLOSED


def test_stragglers_do_not_change_a_rest() -> None:
    """What was under way when it opened is no news."""
    breaker = after(*[LOST] * 5)
    breaker.record(LOST, 104)
    breaker.record(OK, 104)
    breaker.record(TOO_FAST, 104)
    assert breaker.state is BreakerState.OPEN
    assert breaker.try_pass(105)


def test_wrong_set_up_stops_until_reset() -> None:
    """An operator mends it; what was under way when it stopped is no news."""
    breaker = after(OK, WRONG_ACCOUNT)
    assert (breaker.state, breaker.reason) == (BreakerState.STOPPED, "Why.")
    for late in (OK, LOST, TOO_FAST):
        breaker.record(late, 101)
    assert breaker.state is BreakerState.STOPPED
    assert not breaker.try_pass(101)
    breaker.reset()
    assert breaker.try_pass(101)


def test_one_request_a_minute_shows_whether_it_was_mended() -> None:
    """Refused again it stays stopped, lost it says nothing, taken it ends the stop."""
    breaker = after(WRONG_ACCOUNT)
    assert not breaker.try_pass(111.9)
    assert breaker.try_pass(112)
    assert not breaker.try_pass(112)
    breaker.record(WRONG_ACCOUNT, 112)
    assert breaker.try_pass(124)
    breaker.record(LOST, 125)
    assert (breaker.state, breaker.reason) == (BreakerState.STOPPED, "Why.")
    assert breaker.try_pass(136)
    breaker.record(OK, 137)
    assert (breaker.state, breaker.reason) == (BreakerState.CLOSED, "")


def test_a_refused_sender_is_no_fault_of_the_line() -> None:
    """Its channel is stopped elsewhere; calls go on."""
    assert after(*[refused(FailureClass.SENDER, 400)] * 9).state is BreakerState.CLOSED
