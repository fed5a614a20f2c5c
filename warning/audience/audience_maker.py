"""Who an alert concerns, what each is told, and who is left out.

A warning concerns whoever is inside. An update also those who were told before: the
newly inside hear the whole of it, those still inside what is new, and those no longer
inside that it does not concern them any more. An all-clear, a withdrawal and a
correction concern exactly those who were told, on the channel that reached them best.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from warning import chain
from warning.alert import AlertCase, AlertId, AlertState
from warning.audience.overlap import stands_in
from warning.audience.variant_messages import CLOSING
from warning.errors import EmptyAudienceError
from warning.intake.intake import geometry_of
from warning.ports import UnitOfWork
from warning.recipients import (
    ASKS_FOR_ANSWER,
    TOLD_ELSEWHERE,
    VARIANTS,
    Audience,
    Exclusion,
    Variant,
)
from warning.registry.person_words import exclusion_codes
from warning.registry.registry import AudienceCounts, Registry, Selection, sending_order
from warning.told import Told, nobody

#: Who is told first: whoever knows nothing yet.
_TURN = np.array(
    [
        0 if v is Variant.WARNING else 2 if v is Variant.RELEASED else 1
        for v in VARIANTS
    ],
    dtype=np.uint8,
)


@dataclass(frozen=True, slots=True)
class Inside:
    """Whoever is inside an alert's area, and the registry that says so."""

    registry: Registry
    selection: Selection


@dataclass(frozen=True, slots=True)
class Concerned:
    """Everybody an alert concerns, and how they count; not yet in order."""

    selection: Selection
    #: (n,) uint8, as in ``Audience``.
    variants: NDArray[np.uint8]
    channels: NDArray[np.uint8]
    counts: AudienceCounts
    #: Live alerts of the same event → people whom each has told.
    told_by: dict[AlertId, int]


class AudienceMaker:
    """Works audiences out.

    Parameters
    ----------
    registry : callable
        Everybody as arrays, as the database is now.
    now : callable
        Aware UTC.
    """

    def __init__(
        self, *, registry: Callable[[], Registry], now: Callable[[], datetime]
    ) -> None:
        self._registry = registry
        self._now = now

    def inside(self, case: AlertCase) -> Inside:
        """Whoever is inside now; nobody for an alert that speaks to the told alone.

        Takes long for a large area, and is done before a transaction opens.
        """
        registry = self._registry()
        if case.kind.is_closing:
            return Inside(registry, registry.people(np.empty(0, dtype=np.int64)))
        area = geometry_of(case.cap, lookup=registry.areas.by_geocode)
        return Inside(registry, registry.select(area))

    def concerned(self, uow: UnitOfWork, case: AlertCase, inside: Inside) -> Concerned:
        """Sort people into those who hear of it for the first time, and all others.

        Parameters
        ----------
        inside : Inside
            As ``inside`` gave it.
        """
        told = nobody() if case.follows is None else chain.told_before(uow, case)
        if case.kind.is_closing:
            ids = told.ids
            number = VARIANTS.index(CLOSING[case.kind])
            variants = np.full(len(ids), number, dtype=np.uint8)
        else:
            ids, variants = _sorted_out(inside.selection.ids, told.of(ASKS_FOR_ANSWER))
        told_by = self._leave_told(uow, case, ids, variants)
        selection = replace(
            inside.registry.people(ids), geofence_ms=inside.selection.geofence_ms
        )
        return Concerned(
            selection,
            variants,
            told.channels_of(ids),
            _counts(case, inside.registry, selection, variants),
            told_by,
        )

    def make(self, uow: UnitOfWork, case: AlertCase, inside: Inside) -> Audience:
        """Fix who is concerned, in the order in which they will be told.

        Raises
        ------
        EmptyAudienceError
            If nobody would be told.
        """
        found = self.concerned(uow, case, inside)
        require_reachable(case, found.counts)
        order = _order(case, found)
        is_usual = not (found.variants.any() or found.channels.any())
        return Audience(
            subscriber_ids=found.selection.ids[order],
            variants=None if is_usual else found.variants[order],
            channels=None if is_usual else found.channels[order],
            subscribers_total=inside.registry.n_people,
            by_language=found.counts.by_language,
            by_area=found.counts.by_area,
            excluded=found.counts.excluded,
            geofence_ms=inside.selection.geofence_ms,
            fixed_at=self._now(),
            told_by=tuple(found.told_by),
        )

    def _leave_told(
        self,
        uow: UnitOfWork,
        case: AlertCase,
        ids: NDArray[np.int64],
        variants: NDArray[np.uint8],
    ) -> dict[AlertId, int]:
        """Mark those whom a live alert of the same event has told; ``variants`` change.

        Whoever is only queued there is told here: better twice than never.
        """
        if case.kind.is_closing:
            return {}
        told_by: dict[AlertId, int] = {}
        is_new = variants == VARIANTS.index(Variant.WARNING)
        for other in self.standing_in(uow, case):
            told = chain.told_so_far(uow, other).of(ASKS_FOR_ANSWER)
            marked = is_new & np.isin(ids, told.ids)
            if marked.any():
                variants[marked] = TOLD_ELSEWHERE
                told_by[other.alert_id] = int(marked.sum())
        return told_by

    def standing_in(self, uow: UnitOfWork, case: AlertCase) -> Sequence[AlertCase]:
        """Live alerts that have told people all that this one would tell them."""
        own = {one.alert_id for one in chain.before(uow, case)}
        return [
            other
            for other in uow.alerts.all(states=[AlertState.LIVE])
            if other.alert_id not in own and stands_in(other, case, now=self._now())
        ]


def require_reachable(case: AlertCase, counts: AudienceCounts) -> None:
    """Refuse an alert by which nobody would be told.

    Raises
    ------
    EmptyAudienceError
        Saying whether nobody is concerned, or why all are left out.
    """
    if counts.n == 0 and case.kind.is_closing:
        raise EmptyAudienceError(
            f"Nobody was told of the alert {case.follows}, so there is nobody to tell "
            "of its end. If it is live, cancel that alert itself."
        )
    if counts.n == 0:
        raise EmptyAudienceError(
            "Nobody is registered inside the area of this alert. Check the "
            "polygon, or import the subscribers of the area first."
        )
    if counts.n == sum(counts.excluded.values()):
        reasons = ", ".join(f"{n} {why}" for why, n in counts.excluded.items())
        raise EmptyAudienceError(
            f"All {counts.n} people inside the area are left out ({reasons})."
        )


def _counts(
    case: AlertCase,
    registry: Registry,
    selection: Selection,
    variants: NDArray[np.uint8],
) -> AudienceCounts:
    counts = registry.counts(selection, is_drill=case.is_drill)
    is_told = variants == TOLD_ELSEWHERE
    is_told &= exclusion_codes(selection.words, is_drill=case.is_drill) == 0
    if not is_told.any():
        return counts
    told = {Exclusion.ALREADY_TOLD.value: int(is_told.sum())}
    return replace(counts, excluded={**counts.excluded, **told})


def order_seed(alert_id: AlertId) -> int:
    """The seed of an alert's sending order: the same wherever it is worked out."""
    return int.from_bytes(hashlib.sha256(alert_id.encode()).digest()[:8], "big")


def _sorted_out(
    inside: NDArray[np.int64], told: Told
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Ids ascending, and what each is told."""
    if len(told) == 0:
        return inside, np.zeros(len(inside), dtype=np.uint8)
    ids = np.union1d(inside, told.ids)
    is_inside, is_told = np.isin(ids, inside), np.isin(ids, told.ids)
    variants = np.full(len(ids), VARIANTS.index(Variant.WARNING), dtype=np.uint8)
    variants[is_inside & is_told] = VARIANTS.index(Variant.UPDATE)
    variants[~is_inside] = VARIANTS.index(Variant.RELEASED)
    return ids, variants


def _order(case: AlertCase, found: Concerned) -> NDArray[np.int64]:
    """Places of the people in the order in which they will be told."""
    words, is_told = found.selection.words, found.variants == TOLD_ELSEWHERE
    return sending_order(
        words,
        turns=_TURN[np.where(is_told, 0, found.variants)],
        is_left_out=(exclusion_codes(words, is_drill=case.is_drill) > 0) | is_told,
        seed=order_seed(case.alert_id),
    )
