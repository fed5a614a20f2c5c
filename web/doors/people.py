"""What the views need of the registers of people and areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry import MultiPolygon, Polygon

    from warning.areas import AreaFileOptions, AreaImport
    from warning.citizens.known_places import KnownPlace
    from warning.people.registration import ImportReport, NewSubscriber, Registered
    from warning.ports import AreaRow
    from warning.registry.registry import AudienceCounts


class PeopleService(Protocol):
    """Registering and removing people."""

    def import_csv(
        self,
        stream: BinaryIO,
        *,
        dry_run: bool,
        by: str,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> ImportReport:
        """Register everybody in a CSV file; with ``dry_run`` only say what would be."""
        ...

    def add(self, person: NewSubscriber, *, by: str) -> Registered:
        """Register one person, or replace their entry."""
        ...

    def erase(self, subscriber_id: int, *, by: str) -> bool:
        """Remove a person's data for good; False when there is no such person."""
        ...


class PlaceSearch(Protocol):
    """Places by their names; ``warning.citizens.known_places.KnownPlaces``."""

    def search(self, words: str, *, language: str, limit: int) -> Sequence[KnownPlace]:
        """Places with these words in their name, or the point that is written."""
        ...


class AreaService(Protocol):
    """Administrative areas."""

    def import_file(
        self, path: Path, options: AreaFileOptions, *, by: str
    ) -> AreaImport:
        """Read a boundary file."""
        ...

    def names(self) -> Mapping[str, str]:
        """Area code → name."""
        ...

    def list(self, *, level: int | None, after: str, limit: int) -> Sequence[AreaRow]:
        """Areas whose code is above ``after``, ascending by code."""
        ...


class AudienceService(Protocol):
    """Who is inside."""

    def count(self, geometry: Polygon | MultiPolygon) -> AudienceCounts:
        """Count the people inside an area, before any alert exists."""
        ...
