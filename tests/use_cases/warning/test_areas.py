"""Administrative areas: read, listed, and followed by whoever counts under them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shapely import box
from shapely.geometry import mapping

from geofence.errors import GeofenceError
from tests.use_cases.warning.world import World
from warning.areas import AreaFileOptions, AreaService
from warning.audience.audiences import AudienceService


def service(world: World) -> AreaService:
    return AreaService(
        new_uow=world.database.unit_of_work, read_uow=world.read, now=world.clock
    )


def a_file(folder: Path, *codes: str) -> Path:
    """Squares side by side, from 104 E."""
    path = folder / "areas.geojson"
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": f"Area {code}"},
            "geometry": mapping(box(104 + n, 11, 105 + n, 12)),
        }
        for n, code in enumerate(codes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_a_boundary_file_becomes_areas(world: World, tmp_path: Path) -> None:
    """Under the level that was said, else provinces; people count under them then."""
    world.register(1)
    audiences = AudienceService(world.registry)
    area = box(104, 11, 105, 12)
    assert audiences.count(area).by_area == {"": 1}
    options = AreaFileOptions(code_field="code", name_field="name", level=1)
    done = service(world).import_file(a_file(tmp_path, "W", "E"), options, by="anna")
    assert (done.n_areas, list(done.repairs)) == (2, [])
    assert audiences.count(area).by_area == {"W": 1}
    with world.read() as uow:
        (entry,) = uow.audit.entries()
    details = {"before": {"areas": 0}, "after": {"areas": 2}, "n": 2}
    assert (entry.action, entry.details) == ("areas.import", details)


def test_a_file_that_is_none_changes_nothing(world: World, tmp_path: Path) -> None:
    """It says what is wrong with it."""
    path = tmp_path / "areas.geojson"
    path.write_text("{}")
    with pytest.raises(GeofenceError):
        service(world).import_file(path, AreaFileOptions(), by="anna")
    assert service(world).list() == []


def test_areas_are_listed_by_code(world: World, tmp_path: Path) -> None:
    """Page by page, of all levels or of one."""
    options = AreaFileOptions(code_field="code", name_field="name", level=2)
    service(world).import_file(a_file(tmp_path, "B", "A", "C"), options, by="anna")
    areas = service(world)
    assert [row.code for row in areas.list()] == ["A", "B", "C"]
    assert [row.code for row in areas.list(after="A", limit=1)] == ["B"]
    assert areas.list(level=1) == []


def test_names_follow_an_import(world: World, tmp_path: Path) -> None:
    """They are remembered for screens that ask every second, until areas change."""
    areas = service(world)
    areas.import_file(a_file(tmp_path, "01"), AreaFileOptions(), by="dara")
    names = areas.names()
    assert names["01"] == "Area 01"
    assert areas.names() is names
    areas.import_file(a_file(tmp_path, "01", "02"), AreaFileOptions(), by="dara")
    assert areas.names()["02"] == "Area 02"
