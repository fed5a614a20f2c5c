"""Which entries of a carrier's list belong to which of our attempts to one number.

The list does not tell: neither telco repeats the attempt's id in it. What is known to
belong to another attempt is left out beforehand; of the rest, time and words decide.
Taking another attempt's entry would lose a person, so what may still belong to a
request that is under way leaves the question open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telephony.carriers.gateway import CarrierRecord
from telephony.delivery import AttemptId, OpenAttempt

#: Carriers' clocks and ours may differ by this much.
CLOCK_SKEW = timedelta(seconds=60)
#: A request is answered, or given up, this long after its attempt was written down.
LONGEST_REQUEST = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One entry of a carrier's list that belongs to no attempt we know."""

    carrier: str
    record: CarrierRecord


@dataclass(slots=True)
class Matches:
    """What the lists say about attempts; those in neither are nowhere."""

    found: dict[AttemptId, Listed] = field(default_factory=dict)
    #: Asked again later.
    undecided: set[AttemptId] = field(default_factory=set)


def match(
    attempts: Sequence[OpenAttempt],
    listed: Sequence[Listed],
    texts: Mapping[AttemptId, str],
    *,
    now: datetime,
) -> Matches:
    """Give entries to attempts, each at most once.

    Parameters
    ----------
    attempts : sequence of OpenAttempt
        To one number, on one channel.
    listed : sequence of Listed
        Oldest first.
    texts : mapping of AttemptId to str
        What the attempts say, for text messages.
    now : datetime
        Aware UTC.

    Returns
    -------
    Matches
        The words decide first; where there are none (calls), the oldest attempt takes
        the oldest entry.
    """
    matches = Matches()
    left = list(listed)
    in_order = sorted(attempts, key=lambda one: (one.intended_at, one.attempt_id))
    for is_certain in (True, False):
        for attempt in in_order:
            if attempt.attempt_id in matches.found:
                continue
            text = texts.get(attempt.attempt_id)
            entry = next(
                (e for e in left if _fits(attempt, e, text, is_certain=is_certain)),
                None,
            )
            if entry is not None:
                left.remove(entry)
                _settle(matches, attempt, entry, is_certain=is_certain, now=now)
    return matches


def _settle(
    matches: Matches,
    attempt: OpenAttempt,
    entry: Listed,
    *,
    is_certain: bool,
    now: datetime,
) -> None:
    if is_certain or _is_settled(entry.record, now):
        matches.found[attempt.attempt_id] = entry
    else:
        matches.undecided.add(attempt.attempt_id)


def _fits(
    attempt: OpenAttempt, entry: Listed, text: str | None, *, is_certain: bool
) -> bool:
    record = entry.record
    if attempt.carrier not in {None, entry.carrier} or not _is_in_time(attempt, record):
        return False
    if text is None or not record.body:
        return not is_certain
    # Within, not equal: trial accounts put words before it.
    return is_certain and _squeezed(text) in _squeezed(record.body)


def _is_in_time(attempt: OpenAttempt, record: CarrierRecord) -> bool:
    if record.created_at is None:
        return True
    first = attempt.intended_at - CLOCK_SKEW
    last = attempt.intended_at + LONGEST_REQUEST + CLOCK_SKEW
    return first <= record.created_at <= last


def _is_settled(record: CarrierRecord, now: datetime) -> bool:
    """Whether its own attempt, had it another, would have been written down by now."""
    return record.created_at is None or now - record.created_at >= LONGEST_REQUEST


def _squeezed(text: str) -> str:
    return " ".join(text.split())
