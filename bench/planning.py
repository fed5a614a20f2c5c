"""How long it takes from an approval to rows that leave, with SQLite on this disk.

Run: ``python -m bench.planning [PEOPLE]``. Prints seconds for the registry of all, for
the registry after somebody said STOP, for the approval of an alert that concerns them
all, for the first chunk and all others, and for a cancel while everything is queued.
"""

from __future__ import annotations

import math
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np
from shapely import box

from geofence.area import format_polygon
from store.database import Database
from warning import cap
from warning.alert import AlertId
from warning.approval.desk import alert_desk
from warning.audience.planner import Planner
from warning.intake.intake import AlertIntake
from warning.people.subscribers import Status
from warning.ports import AreaRow
from warning.registry.registry import CurrentRegistry
from warning.registry.source import RegistrySource

T = TypeVar("T")

LANGUAGES = ("km", "km", "km", "en", "vi", "cjm")
BATCH = 50_000
WEST, SOUTH, EAST, NORTH = 103.0, 10.5, 106.0, 13.5


def main(n_people: int) -> None:
    """Measure once and print."""
    print(f"{platform.machine()}, Python {platform.python_version()}, n = {n_people:,}")
    with (
        tempfile.TemporaryDirectory() as folder,
        Database(f"sqlite:///{Path(folder) / 'bench.db'}") as database,
    ):
        database.upgrade()
        timed("register", lambda: register(database, n_people))
        measure(database)


def measure(database: Database) -> None:
    """From an empty registry to a cancelled alert."""
    timed("load kernels", lambda: RegistrySource(database.read_only).build())
    source = RegistrySource(database.read_only)
    registry = CurrentRegistry(read_revision=source.revision, build=source.build)
    timed("registry", registry)
    opt_out(database, 7)
    timed("after a STOP", registry)
    intake = AlertIntake(
        new_uow=database.unit_of_work,
        read_uow=database.read_only,
        sender="bench.example",
        now=now,
    )
    alerts = alert_desk(
        new_uow=database.unit_of_work,
        read_uow=database.read_only,
        registry=registry,
        sender="bench.example",
        now=now,
    ).alerts
    alert_id = intake.draft(an_alert(), by="anna").alert_id
    timed("submit", lambda: alerts.submit(alert_id, by="anna"))
    timed("approve", lambda: alerts.approve(alert_id, by="boran", accept_fallback=True))
    planner = Planner(
        new_uow=database.unit_of_work,
        read_uow=database.read_only,
        area_of=lambda ids: registry.latest().area_of(ids),
        country_language="km",
        now=now,
    )
    timed("first chunk", planner.run_once)
    timed("other chunks", lambda: run_out(planner))
    timed("cancel", lambda: alerts.cancel(AlertId(alert_id), by="anna"))


def opt_out(database: Database, subscriber_id: int) -> None:
    """Somebody says STOP."""
    with database.unit_of_work() as uow:
        uow.subscribers.set_status([subscriber_id], Status.OPTED_OUT, now=now())
        uow.commit()


def run_out(planner: Planner) -> None:
    """Plan until nothing is left to plan."""
    while planner.run_once():
        pass


def register(
    database: Database,
    n_people: int,
    *,
    n_areas: int = 25,
    tell: Callable[[int], None] = lambda _: None,
) -> None:
    """Write people spread evenly over a country of provinces, as an import does.

    Parameters
    ----------
    database : Database
    n_people : int
    n_areas : int, optional
        A square number: the provinces are squares.
    tell : callable, optional
        Told after every batch how many are written; what it raises ends the writing.
    """
    rng = np.random.default_rng(1)
    lon = rng.uniform(WEST, EAST, n_people).tolist()
    lat = rng.uniform(SOUTH, NORTH, n_people).tolist()
    with database.unit_of_work() as uow:
        uow.areas.upsert([province(n, n_areas) for n in range(n_areas)])
        uow.commit()
    for start in range(0, n_people, BATCH):
        numbers = range(start, min(start + BATCH, n_people))
        people = [a_person(n) for n in numbers]
        places = [
            {
                "phone": person["phone"],
                "lon": lon[n],
                "lat": lat[n],
                "area_code": None,
                "source": "import",
            }
            for n, person in zip(numbers, people, strict=True)
        ]
        with database.unit_of_work() as uow:
            uow.subscribers.upsert(people, places, now=now())
            uow.commit()
        tell(numbers.stop)


def a_person(n: int) -> dict[str, object]:
    """One in twelve is vulnerable."""
    return {
        "phone": f"+8551{n:07d}",
        "language": LANGUAGES[n % len(LANGUAGES)],
        "name": None,
        "channels": 3,
        "groups": (),
        "vulnerable": n % 12 == 0,
        "consent_at": now(),
    }


def province(n: int, n_areas: int) -> AreaRow:
    """One of the squares that cover the country."""
    a_side = math.isqrt(n_areas)
    width, height = (EAST - WEST) / a_side, (NORTH - SOUTH) / a_side
    west, south = WEST + n % a_side * width, SOUTH + n // a_side * height
    return AreaRow(
        code=f"{n:02d}",
        name=f"Province {n}",
        names={},
        level=1,
        parent=None,
        geometry=box(west, south, west + width, south + height),
    )


def an_alert() -> cap.Alert:
    """A flood over the whole country, in two languages."""
    whole = format_polygon(box(WEST, SOUTH, EAST, NORTH))
    infos = tuple(
        cap.Info(
            language=language,
            event="Flood",
            headline="Flood of the Mekong",
            instruction="Go to higher ground.",
            urgency=cap.Urgency.IMMEDIATE,
            severity=cap.Severity.SEVERE,
            certainty=cap.Certainty.OBSERVED,
            categories=(cap.Category.MET,),
            expires=now() + timedelta(hours=6),
            areas=(cap.Area(area_desc="The whole country", polygons=(whole,)),),
        )
        for language in ("km", "en")
    )
    return cap.Alert(
        identifier="bench-1",
        sender="bench.example",
        sent=now(),
        status=cap.CapStatus.ACTUAL,
        msg_type=cap.MsgType.ALERT,
        scope=cap.Scope.PUBLIC,
        infos=infos,
    )


def now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC)


def timed(what: str, work: Callable[[], T]) -> T:
    """Do it, print how long it took, return its result."""
    start = time.perf_counter()
    result = work()
    print(f"{what:16} {time.perf_counter() - start:8.3f} s")
    return result


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
