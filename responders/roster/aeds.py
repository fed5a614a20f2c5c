"""Defibrillators: where they hang, when they can be got at, and how to open the box."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from responders.deciding.roles import INDOOR_OR_LOCKED_S, OUTDOOR_CABINET_S
from responders.roster.opening_hours import opening
from responders.roster.places import require_position

AedId = NewType("AedId", int)


class Access(StrEnum):
    """Who may take it (OpenStreetMap's ``access``)."""

    YES = "yes"
    PERMISSIVE = "permissive"
    CUSTOMERS = "customers"
    UNKNOWN = "unknown"
    PRIVATE = "private"
    NO = "no"

    @property
    def is_open_to_us(self) -> bool:
        """Whether a volunteer in a hurry may go in."""
        return self not in {Access.PRIVATE, Access.NO}


@dataclass(frozen=True, kw_only=True, slots=True)
class Aed:
    """One defibrillator."""

    #: 0 before it is stored.
    aed_id: AedId = AedId(0)
    #: Whose register it is from, and its name there, e.g. ``osm:node/123``.
    ref: str
    #: Degrees, WGS 84.
    lon: float
    lat: float
    #: Where it hangs, in words: ``Town hall, left of the entrance``.
    location: str
    #: OpenStreetMap's ``opening_hours``; empty if nobody knows.
    opening_hours: str = ""
    access: Access = Access.UNKNOWN
    is_indoor: bool = False
    #: Opens the cabinet; told only to whoever has accepted and is to fetch it.
    cabinet_code: str = ""
    #: Since when it is not to be used; None if it is.
    out_of_order_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse places that are nowhere."""
        require_position(self.lon, self.lat)

    @property
    def access_s(self) -> float:
        """Seconds to get it out."""
        is_slow = self.is_indoor or bool(self.cabinet_code)
        return INDOOR_OR_LOCKED_S if is_slow else OUTDOOR_CABINET_S

    def opening(self, local: datetime) -> tuple[float, float] | None:
        """When it can next be taken, seconds from now; None if never.

        Nobody stands before a locked door for want of data: without hours, only one
        that hangs outside for everybody is taken to be open.
        """
        if self.out_of_order_at is not None or not self.access.is_open_to_us:
            return None
        if not self.opening_hours:
            is_free = not self.is_indoor and self.access is Access.YES
            return (0.0, math.inf) if is_free else None
        begins, ends = opening(self.opening_hours, local)
        return None if math.isinf(begins) else (begins, ends)


#: How far round the patient AEDs are looked for, metres.
AED_REACH_M = 2_000.0
