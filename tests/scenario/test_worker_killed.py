"""``kill -9`` of the worker, again and again: nobody is missed, nobody is told twice.

A real worker process, a real database file, real HTTP to the built-in telco, which
breaks connections before and after it has accepted and answers 500 for what it took. It
keeps what it accepted, and its evidence decides. There is no web process: no callback
ever helps, so everything unknown is settled by the carrier's list.

``make soak`` kills more often, among more people, and over a steady line as well.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app import create_services
from ops.config.private_config import write_config
from ops.config.settings import CarrierSettings, Settings
from ops.wiring.services import Services
from simulator.citizens import CitizenMix
from simulator.config import Dialect, SimulatorConfig
from simulator.faults import FaultPlan
from simulator.testing import RunningSimulator, running
from telephony.delivery import Channel, Content, DeliveryState, Lane, NewDelivery

N_PEOPLE = int(os.environ.get("SOAK_PEOPLE", "2000"))
N_KILLS = int(os.environ.get("SOAK_KILLS", "3"))
PER_S = 250
#: Everything unknown must have been looked up by then, seconds.
SETTLED_S = 90.0 + 10.0 * N_KILLS
OWNER = "check:1"
#: Everybody reads in silence: nothing but the kills and the line goes wrong.
WILLING = CitizenMix(dead=0, unreachable=0, replies=0)
UNRELIABLE = FaultPlan(
    latency_max_s=0.1,
    drop_before=0.02,
    drop_after=0.04,
    error_after=0.02,
)
STEADY = FaultPlan(latency_max_s=0.1)
LINES = {"unreliable": UNRELIABLE, "steady": STEADY}
#: A steady line is the easier half, and left to the long form.
PLAYED = list(LINES) if "SOAK_KILLS" in os.environ else ["unreliable"]
ROOT = Path(__file__).parents[2]


@pytest.mark.scenario
@pytest.mark.enable_socket
@pytest.mark.timeout(SETTLED_S * 3)
@pytest.mark.parametrize("line", PLAYED)
def test_everybody_gets_exactly_one_message(tmp_path: Path, line: str) -> None:
    """Whenever the worker dies: one accepted message for each, and the rows agree."""
    rng, began = random.Random(7), time.monotonic()
    config = SimulatorConfig(
        dialect=Dialect.TWILIO, mix=WILLING, faults=LINES[line], seed=7
    )
    with running(config) as telco:
        settings = settings_for(telco, tmp_path)
        services = create_services(settings)
        services.database.upgrade()
        queue_up(services)
        file = write_config(settings, tmp_path / "tocsin.toml")
        for _ in range(N_KILLS):
            n_more = rng.randint(1, (N_PEOPLE - 400) // N_KILLS)
            with worker(file, tmp_path) as process:
                wait_for(partial(has_taken, telco, n_taken(telco) + n_more))
                process.kill()
        n_left = n_open(services)
        with worker(file, tmp_path):
            wait_for(lambda: not n_open(services), timeout_s=SETTLED_S)
        evidence = accepted(telco)
        states = states_of(services)
        services.close()
    print(  # noqa: T201 - shown by the long form
        f"{line} line, {N_KILLS} kills, {N_PEOPLE} people: {evidence['accepted']} "
        f"messages to {evidence['recipients']}, {len(evidence['repeated'])} twice; "
        f"{n_left} open after the last kill; {time.monotonic() - began:.0f} s"
    )
    # The carrier's list also tells of some that they have been delivered.
    assert set(states) <= {DeliveryState.SENT, DeliveryState.REACHED}
    assert sum(states.values()) == N_PEOPLE
    assert evidence == {
        "accepted": N_PEOPLE,
        "recipients": N_PEOPLE,
        "marks": N_PEOPLE,
        "repeated": {},
        "unmarked": 0,
    }


def settings_for(telco: RunningSimulator, folder: Path) -> Settings:
    """An installation whose callbacks lead nowhere."""
    carrier = CarrierSettings.model_validate(
        {
            "base_url": telco.base_url,
            "account_sid": telco.config.account_sid,
            "auth_token": telco.config.auth_token,
            "sms_from": "+85510000000",
            "sms_per_s": PER_S,
        }
    )
    return Settings.model_validate(
        {
            "database_url": f"sqlite:///{folder}/tocsin.db",
            "data_dir": folder,
            "public_url": "http://127.0.0.1:9",
            "carriers": {"main": carrier},
            "unknown_after_s": 2,
            "log_level": "WARNING",
        }
    )


def queue_up(services: Services) -> None:
    """One message for each of the people."""
    now = datetime.now(UTC)  # noqa: TID251 - a real worker reads the real clock
    text = Content(
        owner_ref=OWNER,
        variant="warning",
        language="en",
        sms_text="The river rises. Go up.",
        script="warning",
    )
    with services.database.unit_of_work() as uow:
        content_id = uow.outbox.add_content(text)
        uow.outbox.enqueue(
            [
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
        )
        uow.commit()


@contextmanager
def worker(config: Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process, ended by SIGTERM unless it was killed."""
    command = [sys.executable, "-m", "app", "worker"]
    environment = {"TOCSIN_CONFIG": str(config), "PATH": "/usr/bin:/bin"}
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            command, cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def wait_for(condition: Callable[[], bool], *, timeout_s: float = 90.0) -> None:
    """Look until it holds; the processes under test live in real time."""
    until, look_again = time.monotonic() + timeout_s, threading.Event()
    while not condition():
        assert time.monotonic() < until, "the worker does not get on; see its log"
        look_again.wait(0.05)


def has_taken(telco: RunningSimulator, n_messages: int) -> bool:
    """Whether it has accepted as many; the instant to kill at."""
    return n_taken(telco) >= n_messages


def n_taken(telco: RunningSimulator) -> int:
    """How many messages it has accepted."""
    return telco.counters().get("messages.accepted", 0)


def accepted(telco: RunningSimulator) -> dict[str, Any]:
    """What the telco took, by the attempt's own id."""
    return dict(telco.control("GET", "exactly-once?kind=message"))


def states_of(services: Services) -> dict[DeliveryState, int]:
    """DeliveryState → deliveries."""
    with services.database.read_only() as uow:
        counts = uow.outbox.counts(OWNER)
    states: dict[DeliveryState, int] = {}
    for (_, state, _), n in counts.items():
        states[DeliveryState(state)] = states.get(DeliveryState(state), 0) + n
    return states


def n_open(services: Services) -> int:
    """Deliveries that the carrier has not taken yet, as far as we know."""
    states = states_of(services)
    return sum(n for state, n in states.items() if state < DeliveryState.SENT)
