"""Answers are lost at a carrier whose list heeds no filter: everybody gets one message.

A real worker and real HTTP to the built-in telco in Somleng's manner: every search for
one number reads the whole list, page by page, and has to find its own in it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app import create_services
from simulator.config import Dialect, SimulatorConfig
from simulator.faults import FaultPlan
from simulator.testing import running
from tests.scenario.installation import Installation, wait_for
from tests.scenario.many_texts import (
    WILLING,
    carrier_at,
    each_once,
    evidence,
    n_open,
    queue_up,
)

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket]

#: More than a page.
N_PEOPLE = 130
#: One in six is known only by the list, which fails as often, page by page.
LOSSES = FaultPlan(drop_after=0.1, error_after=0.03, drop_before=0.03)


def test_one_message_for_each_though_lists_heed_no_filter(tmp_path: Path) -> None:
    """What was taken is found among all others; what was not is made again."""
    config = SimulatorConfig(
        dialect=Dialect.SOMLENG, mix=WILLING, faults=LOSSES, seed=11
    )
    with running(config) as telco:
        place = Installation(
            tmp_path,
            public_url="http://127.0.0.1:9",
            carriers={"main": carrier_at(telco, sms_per_s=200, dialect="somleng")},
            unknown_after_s=1,
            log_level="WARNING",
        )
        services = create_services(place.settings)
        services.database.upgrade()
        queue_up(services, N_PEOPLE)
        with place.process("worker"):
            wait_for(lambda: not n_open(services), timeout_s=90)
        taken = evidence(telco)
        counters = telco.counters()
        services.close()
    assert taken == each_once(N_PEOPLE)
    assert counters["faults.drop_after"] > N_PEOPLE // 20
    assert counters["faults.drop_before"] > 0
