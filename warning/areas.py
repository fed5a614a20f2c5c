"""Administrative areas: read from files, listed, found by code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from geofence.boundaries import AreaRecord, read_areas
from warning.ports import AreaRow, UnitOfWork

#: The level of areas whose file does not say: provinces, states, regions.
DEFAULT_LEVEL = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class AreaFileOptions:
    """What a boundary file does not say in the usual words."""

    #: 0 country, 1 province, 2 district, 3 commune; None takes what columns suggest.
    level: int | None = None
    #: Columns.
    code_field: str | None = None
    name_field: str | None = None
    parent_field: str | None = None
    #: Of a file that has several.
    layer: str | None = None
    #: Coordinate system, such as ``EPSG:32648``, of a file that does not state its own.
    crs: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AreaImport:
    """What came of a boundary file."""

    n_areas: int
    #: A sentence for each outline that was not valid and was repaired.
    repairs: Sequence[str]


class AreaService:
    """The use cases of administrative areas.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._now = now
        #: Of which revision, and the names.
        self._names: tuple[int, Mapping[str, str]] = (-1, {})

    def import_file(
        self, path: Path, options: AreaFileOptions, *, by: str
    ) -> AreaImport:
        """Read a boundary file: GeoJSON, TopoJSON, zipped shapefile or GeoPackage.

        Raises
        ------
        BoundaryFileError
            If the file cannot be read as areas; nothing is changed then.
        """
        records = read_areas(path, **asdict(options))
        n = self.add(records, by=by)
        repairs = [f"{r.code}: {fix.sentence}" for r in records for fix in r.repairs]
        return AreaImport(n_areas=n, repairs=repairs)

    def add(self, records: Sequence[AreaRecord], *, by: str) -> int:
        """Write areas that have been read; return how many."""
        rows = [
            AreaRow(
                code=record.code,
                name=record.name,
                names=record.names,
                level=DEFAULT_LEVEL if record.level is None else record.level,
                parent=record.parent,
                geometry=record.geometry,
            )
            for record in records
        ]
        with self._new_uow() as uow:
            known = uow.areas.names().keys()
            n_after = len(known | {row.code for row in rows})
            n = uow.areas.upsert(rows)
            uow.audit.append(
                at=self._now(),
                actor=by,
                action="areas.import",
                subject="areas",
                details={
                    "before": {"areas": len(known)},
                    "after": {"areas": n_after},
                    "n": n,
                },
            )
            uow.commit()
        return n

    def names(self) -> Mapping[str, str]:
        """Area code → name: remembered until areas change; outlines are not read."""
        with self._read_uow() as uow:
            revision = uow.areas.revision()
            known_of, names = self._names
            if known_of != revision:
                names = uow.areas.names()
                self._names = revision, names
            return names

    def list(
        self, *, level: int | None = None, after: str = "", limit: int = 1_000
    ) -> Sequence[AreaRow]:
        """Areas whose code is above ``after``, ascending by code."""
        with self._read_uow() as uow:
            rows = uow.areas.all(level=level)
        return [row for row in rows if row.code > after][:limit]
