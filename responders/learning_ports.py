"""What learning when people say yes needs from a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from responders.deciding.group_prior import Calibration, GroupPrior
from responders.offer import Offer


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """What a night's fit found."""

    at: datetime
    prior: GroupPrior
    #: Of the chances by which people were asked, against what they said.
    calibration: Calibration


class LearningRepository(Protocol):
    """Fits of the chance of a yes, and what they are made from."""

    def outcomes(self, *, since: datetime, limit: int) -> Sequence[Offer]:
        """Offers of ended cases in earnest made since a time, newest first."""
        ...

    def add(self, fit: Fit) -> None:
        """Keep a fit."""
        ...

    def latest(self) -> Fit | None:
        """Return the last fit; None before the first."""
        ...
