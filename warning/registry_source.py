"""The registry, read from the database."""

from __future__ import annotations

from collections.abc import Callable

from warning.areas import DEFAULT_LEVEL
from warning.ports import UnitOfWork
from warning.registry import Registry, build_registry


class RegistrySource:
    """Reads what a registry is built from, all of one moment.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    """

    def __init__(self, read_uow: Callable[[], UnitOfWork]) -> None:
        self._read_uow = read_uow

    def revision(self) -> int:
        """The revision that the database has now."""
        with self._read_uow() as uow:
            return uow.subscribers.revision()

    def build(self) -> Registry:
        """Read everybody and build the registry of this moment."""
        with self._read_uow() as uow:
            revision = uow.subscribers.revision()
            people = uow.subscribers.people()
            places = uow.subscribers.places()
            areas = uow.areas.all(level=DEFAULT_LEVEL)
        return build_registry(people, places, areas, revision=revision)
