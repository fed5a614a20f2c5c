"""The places of an alert that speak to different people, and who is in which.

One alert may say "leave now" to one district and "be ready" to the next, or name five
provinces in one breath. Each person is told what concerns where they are, with the name
of that place and no other. Whoever is in several hears of all of them; whoever is in
none any more (they moved after approval) hears everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from warning.cap import Alert, Area, Info
from warning.cap_documents.target import GeocodeLookup, target

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

#: Places told apart at most: one bit each. Beyond, everybody hears everything.
MAX_PLACES = 63
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")

#: The shapes of an area or an info, in a form that compares.
Scope = frozenset[object]
#: Finds people: subscriber ids inside an area.
Inside = Callable[["Polygon | MultiPolygon"], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """In which places of an alert its people are."""

    #: What the bits of a mask stand for, from the lowest.
    scopes: tuple[Scope, ...]
    #: (n,) uint64, one a person, in the order of the audience; 0 for "everything".
    masks: NDArray[np.uint64]

    def mask_at(self, position: int) -> int:
        """In which places somebody is: a bit each."""
        return int(self.masks[position]) if self.scopes else 0

    def scopes_of(self, mask: int) -> frozenset[Scope]:
        """Return the places of a mask."""
        return frozenset(
            scope for bit, scope in enumerate(self.scopes) if mask >> bit & 1
        )


#: Nobody is told anything else than the others.
EVERYWHERE = Whereabouts((), np.empty(0, dtype=np.uint64))


def whereabouts(
    cap: Alert,
    subscriber_ids: NDArray[np.int64],
    *,
    inside: Inside,
    lookup: GeocodeLookup | None = None,
) -> Whereabouts:
    """Find out who is in which place of an alert.

    Parameters
    ----------
    cap : Alert
    subscriber_ids : (n,) int64 array
        Its audience.
    inside : callable
        Polygon or MultiPolygon (lon and lat in WGS 84 degrees) → ids of the people
        inside, boundary included.
    lookup : callable, optional
        Table of geocodes.

    Returns
    -------
    Whereabouts
        `EVERYWHERE` if the alert has one place, or too many to tell apart.
    """
    scopes = _scopes_apart(cap.infos)
    if not scopes:
        return EVERYWHERE
    masks = np.zeros(len(subscriber_ids), dtype=np.uint64)
    for bit, scope in enumerate(scopes):
        geometry = _geometry(cap, scope, lookup)
        if geometry is not None:
            is_there = np.isin(subscriber_ids, inside(geometry))
            masks[is_there] |= np.uint64(1 << bit)
    return Whereabouts(scopes, masks)


def narrowed(cap: Alert, scopes: Collection[Scope]) -> Alert:
    """The alert as it speaks to whoever is in some of its places, and in no other.

    Areas without a shape stay: a translation need not repeat what it speaks of.
    """
    infos = tuple(_narrowed_infos(cap.infos, scopes))
    return replace(cap, infos=infos) if infos else cap


def scope_of(areas: Sequence[Area]) -> Scope:
    """The shapes of areas, however their numbers are written; empty without any."""
    return frozenset(shape for area in areas for shape in _shapes(area))


def _scopes_apart(infos: Sequence[Info]) -> tuple[Scope, ...]:
    """Areas told apart; if they are too many, what whole infos are about."""
    by_area = _different(scope_of([area]) for info in infos for area in info.areas)
    if len(by_area) > MAX_PLACES:
        by_area = _different(scope_of(info.areas) for info in infos)
    return by_area if 1 < len(by_area) <= MAX_PLACES else ()


def _different(scopes: Iterator[Scope]) -> tuple[Scope, ...]:
    return tuple(dict.fromkeys(scope for scope in scopes if scope))


def _narrowed_infos(infos: Sequence[Info], scopes: Collection[Scope]) -> Iterator[Info]:
    wanted = frozenset().union(*scopes)
    for info in infos:
        areas = tuple(
            area
            for area in info.areas
            if not (own := scope_of([area])) or own <= wanted
        )
        if any(scope_of([area]) for area in areas) or not scope_of(info.areas):
            yield replace(info, areas=areas)


def _geometry(
    cap: Alert, scope: Scope, lookup: GeocodeLookup | None
) -> Polygon | MultiPolygon | None:
    for info in cap.infos:
        areas = tuple(area for area in info.areas if scope_of([area]) <= scope)
        if areas and scope_of(areas) == scope:
            aim = target([replace(info, areas=areas)], lookup=lookup)
            return None if aim.area is None else aim.area.geometry
    return None


def _shapes(area: Area) -> list[object]:
    drawn: list[object] = [_numbers(text) for text in (*area.polygons, *area.circles)]
    return drawn or list(area.geocodes)


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(round(float(number), 5) for number in _NUMBER.findall(text))
