"""The pace as the carrier sees it: a worker process, real HTTP, the carrier's clock.

On virtual time it holds to the twentieth whatever the numbers (``test_pacing``,
``test_shared_pace``); here the event loop, the database and the network are real.
"""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path

import pytest

from app import create_services
from simulator.config import Dialect, SimulatorConfig
from simulator.journal import read_journal
from simulator.testing import RunningSimulator, running
from telephony.delivery import Lane
from tests.scenario.installation import Installation, wait_for
from tests.scenario.many_texts import WILLING, carrier_at, n_taken, queue_up

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket, pytest.mark.timed]

PER_S = 300
SECONDS = 5


def installation(folder: Path, telco: RunningSimulator) -> Installation:
    return Installation(
        folder,
        public_url="http://127.0.0.1:9",
        carriers={"main": carrier_at(telco, sms_per_s=PER_S)},
        log_level="WARNING",
    )


def in_each_second(at: list[float]) -> list[int]:
    """How many came in the second that begins with each of them, ascending."""
    return sorted(bisect_left(at, one + 1) - n for n, one in enumerate(at))


def test_no_second_at_the_carrier_holds_more_than_the_pace(tmp_path: Path) -> None:
    """To the twentieth, with three lanes at once, and it is used.

    But for a second in ten: whatever else this machine does delays some on their way.
    """
    journal = tmp_path / "taken.jsonl"
    config = SimulatorConfig(
        dialect=Dialect.TWILIO,
        mix=WILLING,
        journal=journal,
        seed=5,
    )
    n_people = PER_S * SECONDS
    with running(config) as telco:
        place = installation(tmp_path, telco)
        services = create_services(place.settings)
        services.database.upgrade()
        queue_up(services, n_people // 2, owner="check:2", lane=Lane.DRILL)
        queue_up(services, n_people // 2)
        with place.process("worker"):
            wait_for(lambda: n_taken(telco) > n_people // 4, timeout_s=60)
            queue_up(services, PER_S // 2, owner="check:3", lane=Lane.DISPATCH)
            n_all = n_people // 2 * 2 + PER_S // 2
            wait_for(lambda: n_taken(telco) == n_all, timeout_s=60)
        services.close()
    at = sorted(one["at"] for one in read_journal(journal) if "accepted" in one)
    counts = in_each_second(at)
    assert counts[len(counts) * 9 // 10] <= 1.05 * PER_S
    assert counts[-1] <= 1.5 * PER_S
    assert len(at) / (at[-1] - at[0]) >= 0.8 * PER_S
