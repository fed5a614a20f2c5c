"""What a carrier's word about an accepted attempt comes to.

The same word means the same whether it came in a callback or stood in the carrier's own
list. Pure but for clock and chance.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from telephony.answerer import Answerer
from telephony.carriers.failures import signal_of_report
from telephony.carriers.statuses import carrier_status
from telephony.delivery import AttemptReport, AttemptState, OpenAttempt
from telephony.sending.retry import RetryPolicy

#: What else a carrier writes there is not kept: it becomes part of every count.
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,32}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierWord:
    """What a carrier says about one attempt."""

    #: Its word for the state, e.g. ``delivered``.
    word: str
    at: datetime
    carrier: str
    carrier_ref: str | None
    code: str | None = None
    duration_s: int | None = None
    #: Who took a call; None if it does not say.
    answerer: Answerer | None = None


class Verdicts:
    """Turn a carrier's words into reports on attempts.

    Parameters
    ----------
    retry : RetryPolicy
        When a failed attempt is followed by another.
    heard_after_s : int
        How long a person must be in a call for it to count as heard, seconds. Where
        no carrier says that it was a person, only a key shows that somebody has heard.
    now, rng
        Aware UTC; chance.
    """

    def __init__(
        self,
        *,
        retry: RetryPolicy,
        heard_after_s: int,
        now: Callable[[], datetime],
        rng: random.Random,
    ) -> None:
        self._retry = retry
        self._heard_after_s = heard_after_s
        self._now = now
        self._rng = rng

    def report(self, attempt: OpenAttempt, said: CarrierWord) -> AttemptReport | None:
        """What to record; None if the word says nothing about the attempt."""
        state = carrier_status(attempt.channel, said.word).state
        if state is None:
            return None
        if state is AttemptState.FAILED:
            return self._failed(attempt, said)
        return AttemptReport(
            attempt_id=attempt.attempt_id,
            state=state,
            at=said.at,
            carrier=said.carrier,
            carrier_ref=said.carrier_ref,
            duration_s=said.duration_s,
            answerer=said.answerer,
            heard_after_s=self._heard_after_s,
        )

    def answered(
        self,
        attempt: OpenAttempt,
        answerer: Answerer,
        *,
        at: datetime,
        carrier: str,
        carrier_ref: str | None,
    ) -> AttemptReport:
        """What to record when a carrier has listened to who took a call.

        It says nothing of how the call goes on: while it lasts, it holds a line.
        """
        return AttemptReport(
            attempt_id=attempt.attempt_id,
            state=AttemptState.ACCEPTED,
            at=at,
            carrier=carrier,
            carrier_ref=carrier_ref,
            answerer=answerer,
            heard_after_s=self._heard_after_s,
        )

    def _failed(self, attempt: OpenAttempt, said: CarrierWord) -> AttemptReport:
        """The carrier accepted it and could not complete it."""
        code = said.code if _CODE.fullmatch(said.code or "") else None
        return AttemptReport(
            attempt_id=attempt.attempt_id,
            state=AttemptState.FAILED,
            at=said.at,
            carrier=said.carrier,
            carrier_ref=said.carrier_ref,
            code=code or said.word.strip().lower(),
            retry_at=self._retry.next_try(
                attempt.n_sent,
                signal_of_report(said.word, code),
                now=self._now(),
                deadline=attempt.deadline,
                rng=self._rng,
            ),
        )
