"""Three workers on one PostgreSQL: everybody once, and no faster than one would be.

Real processes, a real server, real HTTP to the built-in telco, which keeps to its pace
by itself: what comes too fast is refused and counted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from app import create_services
from ops.config.settings import CarrierSettings
from ops.health import WORKER_PREFIX
from ops.wiring.services import Services
from simulator.citizens import CitizenMix
from simulator.config import Dialect, PaceLimits, SimulatorConfig
from simulator.testing import RunningSimulator, running
from telephony.delivery import Channel, Content, DeliveryState, Lane, NewDelivery
from tests.scenario.installation import Installation, wait_for
from tests.store.postgres_server import started_server

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.postgres,
    pytest.mark.timeout(300),
]

N_PEOPLE = 800
N_WORKERS = 3
PER_S = 90
OWNER = "check:1"
WILLING = CitizenMix(dead=0, unreachable=0, replies=0)


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A PostgreSQL database without tables."""
    with started_server() as server:
        yield server.new_database()


@pytest.fixture
def telco() -> Iterator[RunningSimulator]:
    """Counts any burst that is more than the pace allows."""
    config = SimulatorConfig(
        dialect=Dialect.TWILIO,
        mix=WILLING,
        pace=PaceLimits(messages_per_s=1.05 * PER_S),
        seed=3,
    )
    with running(config) as telco:
        yield telco


def an_installation(
    folder: Path, database_url: str, telco: RunningSimulator
) -> Installation:
    carrier = CarrierSettings.model_validate(
        {
            "base_url": telco.base_url,
            "account_sid": telco.config.account_sid,
            "auth_token": telco.config.auth_token,
            "sms_from": "+85510000000",
            "sms_per_s": PER_S,
        }
    )
    return Installation(
        folder,
        database_url=database_url,
        public_url="http://127.0.0.1:9",
        carriers={"main": carrier},
        unknown_after_s=2,
        log_level="INFO",
    )


def queue_up(services: Services) -> None:
    """One message for each of the people."""
    now = datetime.now(UTC)  # noqa: TID251 - real workers read the real clock
    text = Content(
        owner_ref=OWNER,
        variant="warning",
        language="en",
        sms_text="The river rises. Go up.",
        script="warning",
    )
    with services.database.unit_of_work() as uow:
        content_id = uow.outbox.add_content(text)
        people = [
            NewDelivery(
                owner_ref=OWNER,
                recipient_id=n,
                phone=f"+85512{n:06d}",
                channel=Channel.SMS,
                content_id=content_id,
                lane=Lane.WARNING,
                position=n,
                not_before=now,
                deadline=now + timedelta(hours=1),
            )
            for n in range(1, N_PEOPLE + 1)
        ]
        uow.outbox.enqueue(people)
        uow.commit()


def n_alive(services: Services) -> int:
    """Workers that gave a sign of life in the last minute."""
    with services.database.read_only() as uow:
        then = services.now() - timedelta(minutes=1)
        return len(uow.heartbeats.since(then, prefix=WORKER_PREFIX))


def n_open(services: Services) -> int:
    with services.database.read_only() as uow:
        counts = uow.outbox.counts(OWNER)
    return sum(n for (_, state, _), n in counts.items() if state < DeliveryState.SENT)


def numbers_of_workers(database_url: str) -> int:
    """How many different workers have made attempts."""
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT count(DISTINCT worker) FROM attempts")
        (n,) = found.fetchone() or (0,)
    return int(n)


def n_taken(telco: RunningSimulator) -> int:
    return telco.counters().get("messages.accepted", 0)


def test_everybody_once_at_the_pace_of_one(
    tmp_path: Path, database_url: str, telco: RunningSimulator
) -> None:
    """Though one of them is killed in the middle of it."""
    place = an_installation(tmp_path, database_url, telco)
    services = create_services(place.settings)
    services.database.upgrade()
    with contextlib.ExitStack() as workers:
        first, *_ = [
            workers.enter_context(place.process("worker")) for _ in range(N_WORKERS)
        ]
        wait_for(lambda: n_alive(services) == N_WORKERS, timeout_s=60)
        # The signs of life have been seen by all a moment later.
        queue_up(services)
        wait_for(lambda: n_taken(telco) >= N_PEOPLE // 3, timeout_s=60)
        first.kill()
        wait_for(lambda: not n_open(services), timeout_s=120)
        evidence = dict(telco.control("GET", "exactly-once?kind=message"))
        refused = telco.counters().get("refused.20429", 0)
        workers_used = numbers_of_workers(database_url)
    services.close()
    assert evidence == {
        "accepted": N_PEOPLE,
        "recipients": N_PEOPLE,
        "marks": N_PEOPLE,
        "repeated": {},
        "unmarked": 0,
    }
    assert refused <= N_PEOPLE // 50
    assert workers_used == N_WORKERS
