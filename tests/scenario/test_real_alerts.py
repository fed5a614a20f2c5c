"""Six real alerts, each on its own day: from the document to the text on a phone."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr
from shapely import MultiPolygon, Point, Polygon, box

from ops.clock import Clock
from ops.config.settings import Settings
from ops.processes.geofence_process import GeofenceProcess
from ops.processes.worker import Worker
from ops.wiring.services import Services, build_services
from simulator.citizens import CitizenMix
from simulator.config import Dialect, SimulatorConfig
from simulator.testing import RunningSimulator, running
from store.database import Database
from tests.scenario.many_texts import carrier_at
from warning.alert import AlertId
from warning.cap_documents.cap_check import check
from warning.intake.intake import geometry_of
from warning.ports import AreaRow

DATA = Path(__file__).parents[3] / "shared" / "data" / "cap" / "examples"
#: The code that the one alert without a shape names, and a place for it.
CODE = "130602000000"
COUNTY = box(114.0, 38.0, 114.4, 38.4)
#: File → language that the person inside speaks, and what they must be told.
TOLD = {
    "oasis-sample-4.xml": ("en", "THUNDERSTORM"),
    "au-nsw-rfs-1.xml": ("en", "Fire"),
    "ca-eccc-6.xml": ("fr", "bulletin météorologique spécial"),
    "ch-alertswiss-8.xml": ("it", "Incidente ferroviario"),
    "sc-sma-1.xml": ("en", "south-easterly winds"),
    "cn-cma-1.xml": ("zh", "保定市气象台"),
}

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"The real alerts are not at {DATA}."
)


class Then:
    """A clock that runs as ours does, at another time."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def go_to(self, at: datetime) -> None:
        self._ahead = at - datetime.now(UTC)  # noqa: TID251 - it runs from here on

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead  # noqa: TID251 - as above


@pytest.mark.scenario
@pytest.mark.enable_socket
@pytest.mark.timeout(180)
def test_real_alerts_reach_a_phone(tmp_path: Path) -> None:
    """Intake, four eyes, geofence, worker, telco: whoever is inside reads it."""
    mix = CitizenMix(dead=0, unreachable=0, replies=0)
    config = SimulatorConfig(dialect=Dialect.TWILIO, mix=mix, seed=7)
    then = Then()
    with running(config) as telco:
        services = installed(telco, tmp_path, then)
        try:
            for n, name in enumerate(sorted(TOLD, key=sent)):
                language, words = TOLD[name]
                then.go_to(sent(name) + timedelta(minutes=1))
                phone = register(services, n, name, language)
                alert_id = approve(services, (DATA / name).read_bytes())
                asyncio.run(work_until(services, partial(is_told, services, alert_id)))
                texts = [one["body"] for one in telco.inbox(phone)["texts"]]
                assert any(words in text for text in texts), (name, texts)
        finally:
            services.close()


def sent(name: str) -> datetime:
    alert = check((DATA / name).read_bytes(), filename=name).alert
    assert alert is not None
    return alert.sent.astimezone(UTC)


def installed(telco: RunningSimulator, folder: Path, then: Then) -> Services:
    """Services whose clock is ours to set."""
    settings = Settings(
        database_url=SecretStr(f"sqlite:///{folder}/tocsin.db"),
        data_dir=folder,
        public_url="http://127.0.0.1:9",
        carriers={"main": carrier_at(telco, sms_per_s=100)},
        log_level="WARNING",
    )
    database = Database(settings.database_url.get_secret_value())
    database.upgrade()
    services = build_services(settings, database, Clock(now=then))
    county = AreaRow(
        code=CODE, name="County", names={}, level=1, parent=None, geometry=COUNTY
    )
    with database.unit_of_work() as uow:
        uow.areas.upsert([county])
        uow.commit()
    return services


def register(services: Services, n: int, name: str, language: str) -> str:
    """Somebody in the middle of the alert's area."""
    inside = middle_of(name)
    phone = f"+85512{n:06d}"
    person = {
        "phone": phone,
        "language": language,
        "name": None,
        "channels": 1,
        "groups": (),
        "vulnerable": False,
        "consent_at": services.now(),
    }
    place = {"phone": phone, "lon": inside.x, "lat": inside.y, "area_code": None}
    with services.database.unit_of_work() as uow:
        uow.subscribers.upsert(
            [person], [place | {"source": "test"}], now=services.now()
        )
        uow.commit()
    return phone


def middle_of(name: str) -> Point:
    alert = check((DATA / name).read_bytes(), filename=name).alert
    assert alert is not None
    return geometry_of(alert, lookup=by_code).representative_point()


def by_code(_: str, value: str) -> Polygon | MultiPolygon | None:
    return COUNTY if value == CODE else None


def approve(services: Services, document: bytes) -> AlertId:
    draft = services.intake.draft_from_cap(document, by="anna")
    services.alerts.submit(draft.alert_id, by="anna")
    return services.alerts.approve(
        draft.alert_id, by="boran", accept_fallback=True
    ).alert_id


def is_told(services: Services, alert_id: AlertId) -> bool:
    progress = services.board.progress(alert_id)
    return progress.people_attempted == progress.affected > 0


async def work_until(services: Services, done: Callable[[], bool]) -> None:
    """Run the worker until something holds."""
    stop = asyncio.Event()
    with GeofenceProcess() as geofence:
        worker = Worker(services, rng=random.Random(7), geofence=geofence)
        running_worker = asyncio.create_task(worker.run(stop))
        until = time.monotonic() + 60
        while not await asyncio.to_thread(done):
            assert time.monotonic() < until, "nobody is told"
            assert not running_worker.done(), "the worker has stopped"
            await asyncio.sleep(0.05)
        stop.set()
        await running_worker
