"""``warning.ports.AreaRepository``."""

from __future__ import annotations

from dataclasses import replace

from shapely import MultiPolygon, box

from store.database import Database
from warning.ports import AreaRow

COUNTRY = AreaRow(
    code="KH",
    name="Cambodia",
    names={"km": "កម្ពុជា"},
    level=0,
    parent=None,
    geometry=MultiPolygon([box(102.3, 10.4, 107.6, 14.7), box(103, 10, 103.1, 10.1)]),
)
PROVINCE = AreaRow(
    code="03",
    name="Kampong Cham",
    names={},
    level=1,
    parent="KH",
    geometry=box(104.7, 11.5, 105.8, 12.5),
)


def test_areas_come_back_as_written(database: Database) -> None:
    """Names, level, parent and every coordinate, ordered by code."""
    with database.unit_of_work() as uow:
        assert uow.areas.upsert([COUNTRY, PROVINCE]) == 2
        assert uow.areas.revision() == 1
        uow.commit()
    with database.read_only() as uow:
        assert list(uow.areas.all()) == [PROVINCE, COUNTRY]
        assert list(uow.areas.all(level=0)) == [COUNTRY]
        assert list(uow.areas.all(level=3)) == []


def test_an_area_of_a_known_code_is_written_over(database: Database) -> None:
    """New outlines replace the old; the last of one code in a list wins."""
    moved = replace(PROVINCE, name="Tboung Khmum", geometry=box(105, 11, 106, 12))
    with database.unit_of_work() as uow:
        uow.areas.upsert([PROVINCE])
        assert uow.areas.upsert([COUNTRY, PROVINCE, moved]) == 2
        before = uow.areas.revision()
        assert uow.areas.upsert([]) == 0
        assert uow.areas.revision() == before > 1
        assert list(uow.areas.all(level=1)) == [moved]


def test_names_alone(database: Database) -> None:
    """Code → name of every area, whatever its level."""
    with database.unit_of_work() as uow:
        uow.areas.upsert([COUNTRY, PROVINCE])

        assert uow.areas.names() == {
            area.code: area.name for area in (COUNTRY, PROVINCE)
        }
