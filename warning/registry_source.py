"""The registry, read from the database."""

from __future__ import annotations

import logging
from collections.abc import Callable

from warning.area_table import AreaTable
from warning.areas import DEFAULT_LEVEL
from warning.ports import UnitOfWork
from warning.registry import Registry, Revision
from warning.registry_build import build_registry, follow

log = logging.getLogger(__name__)

#: When more people than this have changed, reading everybody is as quick.
MAX_FOLLOWED = 5_000


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

    def _followed(self) -> Registry | None:
        last = self._last
        if last is None:
            return None
        with self._read_uow() as uow:
            revision = _revision(uow)
            changed = uow.subscribers.changed_since(last.revision.people)
            if revision.areas != last.revision.areas or len(changed) > MAX_FOLLOWED:
                return None
            people = uow.subscribers.rows(changed)
            places = uow.subscribers.places(changed)
        return follow(last, changed, people, places, revision=revision)

    def _built(self) -> Registry:
        with self._read_uow() as uow:
            revision = _revision(uow)
            people = uow.subscribers.people()
            places = uow.subscribers.places()
            areas = AreaTable(uow.areas.all(), level=DEFAULT_LEVEL)
        registry = build_registry(people, places, areas, revision=revision)
        if registry.n_unplaced:
            log.warning(
                "people whom no polygon can find: import the areas they are known by",
                extra={"n": registry.n_unplaced},
            )
        return registry


def _revision(uow: UnitOfWork) -> Revision:
    return Revision(uow.subscribers.revision(), uow.areas.revision())
