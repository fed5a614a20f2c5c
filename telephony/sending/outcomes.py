"""What the answer to an attempt means for its delivery. Pure but for clock, chance."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from telephony.carriers.failures import (
    Pace,
    Signal,
    signal_of_answer,
    signal_of_silence,
)
from telephony.carriers.gateway import Accepted, FailureClass, Refused, SendResult
from telephony.delivery import (
    AttemptReport,
    AttemptState,
    ClaimedDelivery,
    DeliveryEvent,
    DeliveryState,
)
from telephony.sending.carrier import Carrier
from telephony.sending.retry import RetryPolicy
from telephony.strange_words import StrangeWord, strange_codes

#: The carrier certainly has nothing, or perhaps; everything else has failed.
_STATE_OF_FAILURE: Mapping[FailureClass, AttemptState] = MappingProxyType(
    {
        FailureClass.NOT_PROCESSED: AttemptState.NOT_SENT,
        FailureClass.CARRIER: AttemptState.NOT_SENT,
        FailureClass.SENDER: AttemptState.NOT_SENT,
        FailureClass.UNKNOWN: AttemptState.UNKNOWN,
    }
)
_NO_CARRIER = Signal(FailureClass.NOT_PROCESSED, Pace.SOON, "No carrier works now.")
_NO_ROUTE = Signal(FailureClass.PERSON, Pace.NEVER, "No carrier serves this number.")


class Outcome(NamedTuple):
    """How one attempt went."""

    delivery: ClaimedDelivery
    #: Who was asked; None if nobody was.
    carrier: Carrier | None
    #: None if the delivery was given back unused.
    result: SendResult | None
    #: How long to leave alone what was given back, seconds.
    pause_s: float = 0.0
    #: When the carrier answered; None if it was not asked.
    answered_at: datetime | None = None


def without_carrier(delivery: ClaimedDelivery, *, has_route: bool) -> Outcome:
    """The outcome when nobody can be asked: all rest, or none serves the number."""
    signal = _NO_CARRIER if has_route else _NO_ROUTE
    return Outcome(
        delivery,
        None,
        Refused(
            failure=signal.failure,
            code="no_carrier" if has_route else "no_route",
            reason=signal.reason,
        ),
    )


def strange_answers(outcomes: Sequence[Outcome]) -> list[StrangeWord]:
    """Codes of refusals that carriers gave and no table has."""
    return strange_codes(
        (outcome.carrier.name, result.code)
        for outcome in outcomes
        if outcome.carrier is not None
        and isinstance(result := outcome.result, Refused)
        and result.http_status is not None
        and result.code != f"http_{result.http_status}"
    )


class OutcomeReporter:
    """Turn outcomes into reports on attempts, and say when to try again.

    Parameters
    ----------
    retry : RetryPolicy
    now, rng
        Aware UTC; chance.
    """

    def __init__(
        self, *, retry: RetryPolicy, now: Callable[[], datetime], rng: random.Random
    ) -> None:
        self._retry = retry
        self._now = now
        self._rng = rng

    def report(self, outcome: Outcome) -> AttemptReport:
        """What to record about the attempt."""
        delivery, result = outcome.delivery, outcome.result
        # Recording may have to wait for its turn.
        now = outcome.answered_at or self._now()
        carrier = outcome.carrier.name if outcome.carrier else None
        if isinstance(result, Accepted):
            return AttemptReport(
                attempt_id=delivery.attempt_id,
                state=AttemptState.ACCEPTED,
                at=now,
                carrier=carrier,
                carrier_ref=result.carrier_ref,
            )
        if result is None:
            return AttemptReport(
                attempt_id=delivery.attempt_id,
                state=AttemptState.NOT_SENT,
                at=now,
                retry_at=now + timedelta(seconds=outcome.pause_s),
            )
        return AttemptReport(
            attempt_id=delivery.attempt_id,
            state=_STATE_OF_FAILURE.get(result.failure, AttemptState.FAILED),
            at=now,
            carrier=carrier,
            code=result.code,
            http_status=result.http_status,
            retry_at=self._retry_at(delivery, result),
        )

    def opt_out(self, outcome: Outcome) -> DeliveryEvent | None:
        """The news that a person said STOP to the carrier, if that is the answer."""
        result, delivery = outcome.result, outcome.delivery
        if (
            not isinstance(result, Refused)
            or result.failure is not FailureClass.OPTED_OUT
        ):
            return None
        return DeliveryEvent(
            owner_ref=delivery.owner_ref,
            recipient_id=delivery.recipient_id,
            channel=delivery.channel,
            state=DeliveryState.FAILED,
            at=self._now(),
            answer="OPTED_OUT",
            code=result.code,
        )

    def _retry_at(self, delivery: ClaimedDelivery, refused: Refused) -> datetime | None:
        if refused.failure is FailureClass.UNKNOWN:
            return None  # reconciled first
        return self._retry.next_try(
            _tries_of_this_kind(delivery, refused),
            _signal(refused),
            now=self._now(),
            deadline=delivery.deadline,
            rng=self._rng,
            retry_after_s=refused.retry_after_s,
        )


def _tries_of_this_kind(delivery: ClaimedDelivery, refused: Refused) -> int:
    """How often the delivery has left, or how often it has not, this try included.

    Waiting for a carrier that rests uses up none of a person's tries.
    """
    if _STATE_OF_FAILURE.get(refused.failure) is AttemptState.NOT_SENT:
        return delivery.attempt_no - delivery.n_sent + 1
    return delivery.n_sent


def _signal(refused: Refused) -> Signal:
    """What a refusal means for the next try."""
    if refused.http_status is not None:
        return signal_of_answer(refused.http_status, refused.code)
    if refused.failure is FailureClass.PERSON:
        return _NO_ROUTE
    return signal_of_silence(is_sent=False)
