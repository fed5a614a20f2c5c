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
    #: Erased or changed between approval and planning.
    GONE = "gone"


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

    @property
    def n_affected(self) -> int:
        """How many people are inside, reachable or not."""
        return len(self.subscriber_ids)


@dataclass(frozen=True, kw_only=True, slots=True)
class EscalationCandidate:
    """A person who has not confirmed and may be reached another way."""

    subscriber_id: int
    phone: str
    language: str
    position: int
    #: What they were told on the channel before, and until when it may be said.
    content_id: ContentId
    deadline: datetime


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
