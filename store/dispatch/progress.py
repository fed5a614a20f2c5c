"""What one report makes of an attempt and its delivery: the rule, without SQL.

Attempts only move forward by rank, and what was merely concluded ranks below all proof.
A delivery follows its attempt forward, and goes back to the queue only when the policy
asks for it, for its last attempt, while nothing better is known. What is filled in
besides (carrier, id, times) comes out the same in whichever order the reports arrive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telephony.answerer import is_heard
from telephony.delivery import (
    DELIVERY_STATE_OF,
    AttemptReport,
    AttemptState,
    DeliveryState,
)

if TYPE_CHECKING:
    from datetime import datetime

#: Reports that prove that the carrier had it.
_TAKEN = frozenset(
    {
        AttemptState.ACCEPTED,
        AttemptState.REACHED,
        AttemptState.HEARD,
        AttemptState.CONFIRMED,
    }
)
_LOST = frozenset({AttemptState.NOT_SENT, AttemptState.FAILED})
#: That an attempt never left is concluded: from a refusal, or from a list that had
#: nothing yet. It gives way to any proof that a carrier has it, whichever came first.
_CONCLUDED = int(AttemptState.NOT_SENT)
_BELOW_PROOF = int(AttemptState.ACCEPTED) - 1


@dataclass(slots=True)
class DeliveryProgress:
    """Where a delivery stands; changed by ``take``."""

    delivery_id: int
    owner_id: int
    recipient_id: int
    channel: int
    #: A ``DeliveryState``, as its rank.
    state: int
    n_attempts: int
    #: Of these, the ones that did not certainly stay here.
    n_sent: int
    code: str | None
    not_before: datetime
    sent_at: datetime | None
    state_at: datetime
    is_changed: bool = False
    #: State and code before anything was taken.
    before: tuple[int, str | None] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Remember where it stood."""
        self.before = self.state, self.code


@dataclass(slots=True)
class AttemptProgress:
    """Where an attempt stands; changed by ``take``."""

    attempt_id: int
    delivery: DeliveryProgress
    attempt_no: int
    #: An ``AttemptState``, as its rank.
    state: int
    quiet_since: datetime
    accepted_at: datetime | None
    carrier: str | None
    carrier_ref: str | None
    code: str | None
    http_status: int | None
    duration_s: int | None
    #: An ``Answerer``, as its rank.
    answerer: int | None = None
    is_changed: bool = False
    #: Whether carrier, id or the time of taking became known.
    is_newly_taken: bool = False


def take(attempt: AttemptProgress, report: AttemptReport) -> bool:
    """Let an attempt and its delivery learn from a report.

    Returns
    -------
    bool
        Whether the delivery's state changed.
    """
    _fill_in(attempt, report)
    report = _with_hearing(attempt, report)
    if _rank(report.state) <= _rank(attempt.state):
        return False
    _count_sent(attempt, report)
    is_given_up = _is_given_up(attempt)
    attempt.state = int(report.state)
    attempt.code = report.code
    attempt.is_changed = True
    if report.state in _LOST:
        return _fall_back(attempt, report)
    return _move_up(attempt.delivery, report, is_given_up=is_given_up)


def _rank(state: int) -> int:
    return _BELOW_PROOF if state == _CONCLUDED else state


def _is_given_up(attempt: AttemptProgress) -> bool:
    """Whether the delivery has failed because this attempt never left."""
    delivery = attempt.delivery
    return (
        attempt.state == _CONCLUDED
        and attempt.attempt_no == delivery.n_attempts
        and delivery.state == DeliveryState.FAILED
    )


def _fill_in(attempt: AttemptProgress, report: AttemptReport) -> None:
    """Note what is worth knowing whatever the rank of the report."""
    if report.at > attempt.quiet_since:
        attempt.quiet_since = report.at
        attempt.is_changed = True
    if attempt.carrier_ref is None and report.carrier_ref is not None:
        attempt.carrier_ref = report.carrier_ref
        attempt.is_changed = attempt.is_newly_taken = True
    if attempt.carrier is None and report.carrier is not None:
        attempt.carrier = report.carrier
        attempt.is_changed = attempt.is_newly_taken = True
    if attempt.http_status is None and report.http_status is not None:
        attempt.http_status = report.http_status
        attempt.is_changed = True
    if report.duration_s is not None and report.duration_s > (attempt.duration_s or 0):
        attempt.duration_s = report.duration_s
        attempt.is_changed = True
    if report.answerer is not None and (
        attempt.answerer is None or report.answerer > attempt.answerer
    ):
        attempt.answerer = int(report.answerer)
        attempt.is_changed = True
    if report.state in _TAKEN:
        _note_taken(attempt, report.at)


def _with_hearing(attempt: AttemptProgress, report: AttemptReport) -> AttemptReport:
    """Who took a call and how long it lasted come apart, and in any order."""
    after_s = report.heard_after_s
    if after_s is None or AttemptState.REACHED not in {report.state, attempt.state}:
        return report
    if not is_heard(attempt.answerer, attempt.duration_s, after_s=after_s):
        return report
    return report._replace(state=AttemptState.HEARD)


def _note_taken(attempt: AttemptProgress, at: datetime) -> None:
    """The earliest proof counts as the time of taking."""
    if attempt.accepted_at is None or at < attempt.accepted_at:
        attempt.accepted_at = at
        attempt.is_changed = attempt.is_newly_taken = True
    delivery = attempt.delivery
    if delivery.sent_at is None or at < delivery.sent_at:
        delivery.sent_at = at
        delivery.is_changed = True


def _count_sent(attempt: AttemptProgress, report: AttemptReport) -> None:
    """A try that never left is taken off the count, and put back if it did leave."""
    if report.state is AttemptState.NOT_SENT:
        attempt.delivery.n_sent -= 1
    elif attempt.state == AttemptState.NOT_SENT:
        attempt.delivery.n_sent += 1
    else:
        return
    attempt.delivery.is_changed = True


def n_sent_with(state: int, n_sent: int) -> int:
    """A delivery's tries that left, where one try in this state counts in any case."""
    return n_sent + (state == AttemptState.NOT_SENT)


def _move_up(
    delivery: DeliveryProgress, report: AttemptReport, *, is_given_up: bool
) -> bool:
    state = DELIVERY_STATE_OF[report.state]
    if state <= delivery.state and not is_given_up:
        return False
    _change(delivery, state, report, code=None)
    return True


def _fall_back(attempt: AttemptProgress, report: AttemptReport) -> bool:
    delivery = attempt.delivery
    if attempt.attempt_no != delivery.n_attempts:
        return False
    before = delivery.state
    if before >= DeliveryState.CANCELLED:
        if before == DeliveryState.FAILED:
            # The better reason, whichever came first.
            _change(delivery, DeliveryState.FAILED, report, code=report.code)
        return False
    if report.retry_at is None:
        state = DeliveryState.FAILED
    else:
        state = DeliveryState.QUEUED
        delivery.not_before = report.retry_at
    _change(delivery, state, report, code=report.code)
    return before != state


def _change(
    delivery: DeliveryProgress,
    state: DeliveryState,
    report: AttemptReport,
    *,
    code: str | None,
) -> None:
    delivery.state = int(state)
    delivery.state_at = report.at
    delivery.code = code
    delivery.is_changed = True
