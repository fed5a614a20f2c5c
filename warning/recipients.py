"""The people an alert concerns: planned once, then only their state moves.

A recipient is a person inside the area at approval, also one who cannot or may not be
reached: ``attempted + excluded (by reason) = affected`` must always hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from telephony.delivery import Channel, ContentId


class Exclusion(StrEnum):
    """Why somebody inside the area is not sent anything."""

    #: Said STOP.
    OPTED_OUT = "opted_out"
    #: The number failed too often and rests.
    RESTING = "resting"
    #: Has neither text nor voice.
    NO_CHANNEL = "no_channel"
    #: Exercises and tests go to the drill group alone.
    NOT_IN_DRILL = "not_in_drill"
    #: A live alert of the same event has told them already.
    ALREADY_TOLD = "already_told"
    #: Erased or changed between approval and planning.
    GONE = "gone"


class Variant(StrEnum):
    """Which of an alert's texts somebody is told."""

    #: The whole message, to whoever hears of it for the first time.
    WARNING = "warning"
    #: What is new, to whoever was told before and is still inside.
    UPDATE = "update"
    #: "This no longer concerns you", to whoever was told and is no longer inside.
    RELEASED = "released"
    ALL_CLEAR = "all_clear"
    WITHDRAWAL = "withdrawal"
    CORRECTION = "correction"


#: What the numbers in ``Audience.variants`` count from 0.
VARIANTS = tuple(Variant)
#: In ``Audience.variants``: a live alert of the same event has told this person.
TOLD_ELSEWHERE = 255
#: Whoever has not answered these is asked again, on another channel.
ASKS_FOR_ANSWER = frozenset({Variant.WARNING, Variant.UPDATE})


class RecipientState(IntEnum):
    """How far a person has been reached, over all channels. A higher number wins."""

    PLANNED = 0
    #: Something was handed to a carrier.
    ATTEMPTED = 20
    #: Everything failed; nobody knows.
    UNREACHABLE = 30
    REACHED = 40
    HEARD = 50
    CONFIRMED = 60
    #: Asked for help; implies confirmed.
    NEEDS_HELP = 70


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """One planned person of one alert."""

    subscriber_id: int
    language: str
    area_code: str | None
    channels: Channel
    vulnerable: bool
    #: Place in the order of sending, 0 first.
    position: int
    excluded: Exclusion | None = None
    variant: Variant = Variant.WARNING


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Who an alert concerns, fixed at approval.

    ``subscriber_ids`` stand in the order in which they will be told; deliveries are
    written from it in chunks, and ``n_planned`` says how far that has come.
    """

    #: (n,) int64, in sending order, everybody affected, excluded ones last.
    subscriber_ids: NDArray[np.int64]
    subscribers_total: int
    by_language: Mapping[str, int]
    by_area: Mapping[str, int]
    excluded: Mapping[str, int]
    geofence_ms: float
    fixed_at: datetime
    n_planned: int = 0
    #: (n,) uint8: what each is told (``VARIANTS``), or ``TOLD_ELSEWHERE``; None means
    #: the warning, to everybody.
    variants: NDArray[np.uint8] | None = None
    #: (n,) uint8: the ``Channel`` on which each is told first, 0 for the usual one;
    #: None means the usual one, for everybody.
    channels: NDArray[np.uint8] | None = None
    #: Live alerts that have told those who are left out as ``ALREADY_TOLD``.
    told_by: tuple[str, ...] = ()

    @property
    def n_affected(self) -> int:
        """How many people are concerned, reachable or not."""
        return len(self.subscriber_ids)

    @property
    def by_variant(self) -> dict[str, int]:
        """Variant → people for whom it is meant, reachable or not."""
        return count_by_variant(self.variants, self.n_affected)


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceSummary:
    """The figures of an ``Audience`` without its people."""

    n_affected: int
    subscribers_total: int
    by_language: Mapping[str, int]
    by_variant: Mapping[str, int]
    geofence_ms: float
    #: Live alerts that have told those who are left out as ``ALREADY_TOLD``.
    told_by: tuple[str, ...] = ()


def count_by_variant(
    variants: NDArray[np.uint8] | None, n_affected: int
) -> dict[str, int]:
    """Variant → people, from a byte each as ``Audience.variants`` has them."""
    if variants is None:
        return {Variant.WARNING.value: n_affected} if n_affected else {}
    counts = np.bincount(variants, minlength=TOLD_ELSEWHERE + 1)
    return {v.value: int(counts[n]) for n, v in enumerate(VARIANTS) if counts[n]}


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """From one step of escalation to the next."""

    from_channel: Channel
    to_channel: Channel
    #: 0 for the first on that channel; -1 for a second call, and so on down.
    round: int = 0
    #: Who has come so far is left in peace.
    unless: RecipientState = RecipientState.CONFIRMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A person who was told something and may be told it once more."""

    subscriber_id: int
    phone: str
    position: int
    #: What they were told before, and until when it may be said.
    content_id: ContentId
    deadline: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class EscalationCandidate(Told):
    """A person who has not confirmed and may be reached another way."""

    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TellAgain(Told):
    """A person who is told the same once more, as they were told at first."""

    channel: Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class RecipientCounts:
    """How an alert's people stand."""

    #: RecipientState → people, not counting the excluded.
    by_state: Mapping[RecipientState, int]
    excluded: Mapping[str, int]
    by_area: Mapping[str, Mapping[RecipientState, int]] = field(default_factory=dict)

    @property
    def n_planned(self) -> int:
        """Recipients written so far, the excluded included."""
        return sum(self.by_state.values()) + sum(self.excluded.values())
