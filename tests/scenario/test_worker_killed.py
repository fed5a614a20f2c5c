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
import time
from functools import partial
from pathlib import Path

import pytest

from app import create_services
from simulator.config import Dialect, SimulatorConfig
from simulator.faults import FaultPlan
from simulator.testing import RunningSimulator, running
from telephony.delivery import DeliveryState
from tests.scenario.installation import Installation, wait_for
from tests.scenario.many_texts import (
    WILLING,
    carrier_at,
    each_once,
    evidence,
    n_open,
    n_taken,
    queue_up,
    states_of,
)

N_PEOPLE = int(os.environ.get("SOAK_PEOPLE", "2000"))
N_KILLS = int(os.environ.get("SOAK_KILLS", "3"))
PER_S = 250
#: Everything unknown must have been looked up by then, seconds.
SETTLED_S = 90.0 + 10.0 * N_KILLS
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
        place = installation(telco, tmp_path)
        services = create_services(place.settings)
        services.database.upgrade()
        queue_up(services, N_PEOPLE)
        for _ in range(N_KILLS):
            n_more = rng.randint(1, (N_PEOPLE - 400) // N_KILLS)
            with place.process("worker") as process:
                wait_for(
                    partial(has_taken, telco, n_taken(telco) + n_more), timeout_s=90
                )
                process.kill()
        n_left = n_open(services)
        with place.process("worker"):
            wait_for(lambda: not n_open(services), timeout_s=SETTLED_S)
        found = evidence(telco)
        states = states_of(services)
        services.close()
    print(  # noqa: T201 - shown by the long form
        f"{line} line, {N_KILLS} kills, {N_PEOPLE} people: {found['accepted']} "
        f"messages to {found['recipients']}, repeated {found['repeated']}; "
        f"{n_left} open after the last kill; {time.monotonic() - began:.0f} s"
    )
    # The carrier's list also tells of some that they have been delivered.
    assert set(states) <= {DeliveryState.SENT, DeliveryState.REACHED}
    assert sum(states.values()) == N_PEOPLE
    assert found == each_once(N_PEOPLE)


def installation(telco: RunningSimulator, folder: Path) -> Installation:
    """Its callbacks lead nowhere."""
    return Installation(
        folder,
        public_url="http://127.0.0.1:9",
        carriers={"main": carrier_at(telco, sms_per_s=PER_S)},
        unknown_after_s=2,
        log_level="WARNING",
    )


def has_taken(telco: RunningSimulator, n_messages: int) -> bool:
    """Whether it has accepted as many; the instant to kill at."""
    return n_taken(telco) >= n_messages
