"""Who has not been heard from after every step, and who is asked to look in on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from warning.alert import AlertId
from warning.people.whereabout import NOWHERE, Whereabout


@dataclass(frozen=True, kw_only=True, slots=True)
class SilentPerson:
    """Somebody who was tried in every way and has not confirmed."""

    subscriber_id: int
    name: str = field(repr=False)
    phone: str = field(repr=False)
    vulnerable: bool
    where: Whereabout = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class FocalPoint:
    """Somebody who looks in on households of a village, and can be texted."""

    subscriber_id: int
    phone: str = field(repr=False)
    language: str
    in_drill_group: bool
    where: Whereabout = NOWHERE


@dataclass(frozen=True, slots=True)
class ListsBefore:
    """What a focal point was sent of an alert before."""

    n: int
    last_at: datetime


class SilentPeople(Protocol):
    """What lists of silent households need from a store."""

    def due(
        self,
        alert_id: AlertId,
        *,
        last_call: int | None,
        silent_before: datetime,
        limit: int,
        among: Sequence[int] | None = None,
    ) -> Sequence[SilentPerson]:
        """Active people who took their last step before a time and have not confirmed.

        Parameters
        ----------
        last_call : int or None
            Round of the plan's last call; None if it calls nobody.
        silent_before : datetime
            Their last message left, or failed, before.
        among : sequence of int, optional
            Only these people.
        """
        ...

    def focal_points(self) -> Sequence[FocalPoint]:
        """Active focal points who can be texted."""
        ...

    def lists_before(
        self, alert_id: AlertId, focal_points: Sequence[int]
    ) -> Mapping[int, ListsBefore]:
        """Focal point → what they were sent of an alert; absent if nothing."""
        ...

    def note_listed(self, alert_id: AlertId, people: Sequence[int]) -> None:
        """People are on a list: no further step follows, and no further list."""
        ...
