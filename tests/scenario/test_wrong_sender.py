"""A sender that is not ours: its channel stops, an alarm tells, nobody is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import create_services
from simulator.config import Dialect, SimulatorConfig
from simulator.testing import running
from telephony.delivery import DeliveryState
from tests.scenario.installation import Installation, wait_for
from tests.scenario.many_texts import OWNER, carrier_at, queue_up

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket]

N_PEOPLE = 800
#: Refused by Twilio's test numbers with 21606.
NOT_OURS = "+15005550007"
SENTENCE = b"The carrier refuses our sender number"


def test_a_wrong_sender_raises_an_alarm_and_loses_nobody(tmp_path: Path) -> None:
    """At ``/health/ready`` and in the metrics; all stay queued but a handful."""
    with running(SimulatorConfig(dialect=Dialect.TWILIO)) as telco:
        carrier = carrier_at(telco, sms_from=NOT_OURS, sms_per_s=20)
        place = Installation(tmp_path, carriers={"main": carrier}, log_level="WARNING")
        assert place.run("db", "upgrade").returncode == 0
        services = create_services(place.settings)
        queue_up(services, N_PEOPLE)
        with place.web(), place.process("worker"):
            wait_for(
                lambda: SENTENCE in place.ask("GET", "/health/ready").body,
                timeout_s=30,
            )
            ready = place.ask("GET", "/health/ready")
            metrics = place.ask("GET", "/metrics").body.decode()
        n_refused = telco.counters().get("refused.21606", 0)
        with services.database.read_only() as uow:
            counts = uow.outbox.counts(OWNER)
        services.close()
    assert ready.status == 503
    assert b"tocsin carrier resume main" in ready.body
    assert 'tocsin_carrier_alarm{carrier="main"} 1' in metrics
    assert 0 < n_refused < 20
    queued = sum(n for (_, state, _), n in counts.items() if not state)
    assert queued == N_PEOPLE
    assert {state for _, state, _ in counts} == {DeliveryState.QUEUED}
