"""The registry, read from the database."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from warning.areas import DEFAULT_LEVEL
from warning.ports import UnitOfWork
from warning.registry.area_table import AreaTable
from warning.registry.build import build_registry, follow
from warning.registry.registry import Registry, Revision

if TYPE_CHECKING:
    from warning.ports import PeopleColumns, PersonRow, PlaceColumns

log = logging.getLogger(__name__)

#: So many people are followed whatever the size of the registry, and never more than
#: the second figure; in between a tenth of all, for then reading all is as quick.
MAX_FOLLOWED = 5_000
MOST_FOLLOWED = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Everything:
    """All that a registry is made from."""

    people: PeopleColumns
    places: PlaceColumns
    areas: AreaTable
    revision: Revision


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What a registry needs to follow the database."""

    #: Of everybody who changed, ascending.
    ids: NDArray[np.int64]
    #: Those of them who are not erased.
    people: Mapping[int, PersonRow]
    #: All that they have now.
    places: PlaceColumns
    revision: Revision


class RegistrySource:
    """Reads what a registry is built from, all of one moment.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.

    Notes
    -----
    Remembers the registry it made last. ``build`` is for one thread at a time; the
    registries themselves are for any number.
    """

    def __init__(self, read_uow: Callable[[], UnitOfWork]) -> None:
        self._read_uow = read_uow
        self._last: Registry | None = None

    def revision(self) -> Revision:
        """The revision that the database has now."""
        with self._read_uow() as uow:
            return _revision(uow)

    def build(self) -> Registry:
        """The registry of this moment: a new one, or the last brought up to date."""
        self._last = self._followed() or self._built()
        return self._last

    def everything(self) -> Everything:
        """Read everybody."""
        with self._read_uow() as uow:
            return Everything(
                # The first: whatever changes meanwhile is then read again as a change.
                revision=_revision(uow),
                people=uow.subscribers.people(),
                places=uow.subscribers.places(),
                areas=AreaTable(uow.areas.all(), level=DEFAULT_LEVEL),
            )

    def changes(self, since: Revision) -> Changes | None:
        """Read whoever changed; None if that is not what it takes to follow."""
        with self._read_uow() as uow:
            revision = _revision(uow)
            if revision.areas != since.areas or revision.people < since.people:
                return None
            ids = uow.subscribers.changed_since(since.people)
            if len(ids) > MAX_FOLLOWED and len(ids) > _share(uow.subscribers.count()):
                return None
            return Changes(
                ids=np.array(ids, dtype=np.int64),
                people=uow.subscribers.rows(ids),
                places=uow.subscribers.places(ids),
                revision=revision,
            )

    def area_table(self) -> AreaTable:
        """Read the areas."""
        with self._read_uow() as uow:
            return AreaTable(uow.areas.all(), level=DEFAULT_LEVEL)

    def _followed(self) -> Registry | None:
        last = self._last
        changes = self.changes(last.revision) if last is not None else None
        if last is None or changes is None:
            return None
        return follow(
            last,
            changes.ids.tolist(),
            changes.people,
            changes.places,
            revision=changes.revision,
        )

    def _built(self) -> Registry:
        all_ = self.everything()
        registry = build_registry(
            all_.people, all_.places, all_.areas, revision=all_.revision
        )
        say_unplaced(registry)
        return registry


def say_unplaced(registry: Registry) -> None:
    """Log how many people nobody would warn, if there are any."""
    if registry.n_unplaced:
        log.warning(
            "people whom no polygon can find: import the areas they are known by",
            extra={"n": registry.n_unplaced},
        )


def _share(n_people: int) -> int:
    """How many of so many people are worth following."""
    return min(n_people // 10, MOST_FOLLOWED)


def _revision(uow: UnitOfWork) -> Revision:
    return Revision(uow.subscribers.revision(), uow.areas.revision())
