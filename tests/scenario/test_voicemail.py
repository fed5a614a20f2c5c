"""Whoever only has a voicemail is rung again, whichever telco carries the call.

Two telcos under one installation, by prefix: one that tells machines from people when
asked, and one that never does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ops.listening import free_port
from simulator.config import Dialect, SimulatorConfig
from simulator.testing import RunningSimulator, running
from tests.scenario.alert_desk import SILENT, WEST, Desk, a_form
from tests.scenario.installation import Installation, wait_for

SENDER = "+85510000000"
#: Of the telco that knows machines, and of the other.
MAIL, LISTENER = "+85512300001", "+85512300002"
VILLAGE_MAIL, VILLAGE_LISTENER = "+85598300001", "+85598300002"
PREFIX_OF = {Dialect.TWILIO: "+85512", Dialect.SOMLENG: "+85598"}

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket]


def a_carrier(dialect: Dialect) -> dict[str, object]:
    return {
        "base_url": f"http://127.0.0.1:{free_port()}",
        "account_sid": "AC" + "0" * 31 + "1",
        "auth_token": "simulator-token",
        "sms_from": SENDER,
        "voice_from": SENDER,
        "calls_per_s": 50,
        "dialect": dialect.value,
        "prefixes": [PREFIX_OF[dialect]],
    }


@contextmanager
def a_telco(dialect: Dialect, carrier: dict[str, object]) -> Iterator[RunningSimulator]:
    port = int(str(carrier["base_url"]).rpartition(":")[2])
    config = SimulatorConfig(dialect=dialect, port=port, mix=SILENT, time_scale=30.0)
    with running(config) as telco:
        yield telco


def calls(telco: RunningSimulator, phone: str) -> int:
    return len(telco.inbox(phone)["calls"])


def test_voicemail_is_rung_again_and_who_listened_is_not(tmp_path: Path) -> None:
    """Twilio says which is which; through Somleng both are rung a second time."""
    twilio, somleng = (a_carrier(one) for one in (Dialect.TWILIO, Dialect.SOMLENG))
    place = Installation(
        tmp_path,
        carriers={"city": twilio, "village": somleng},
        escalate_after_s=3,
    )
    assert place.run("db", "upgrade").returncode == 0
    with (
        a_telco(Dialect.TWILIO, twilio) as city,
        a_telco(Dialect.SOMLENG, somleng) as village,
        place.web(),
        place.process("worker"),
    ):
        desk = Desk(place, city)
        for telco, mail, listener in (
            (city, MAIL, LISTENER),
            (village, VILLAGE_MAIL, VILLAGE_LISTENER),
        ):
            telco.force(mail, call="voicemail", ring_s=1.0, sms="delivered")
            telco.force(listener, keys=[], sms="delivered")
        people = (MAIL, LISTENER, VILLAGE_MAIL, VILLAGE_LISTENER)
        desk.register([f"{one},en,104.2,11.2,sms;voice" for one in people])
        form = a_form(WEST, "Flood", severity="Severe")
        alert = str(desk.ask("POST", "/alerts", form)["id"])
        desk.ask("POST", f"/alerts/{alert}/submit")
        desk.approve(alert)

        for telco, phone in (
            (city, MAIL),
            (village, VILLAGE_MAIL),
            (village, VILLAGE_LISTENER),
        ):
            wait_for(lambda t=telco, p=phone: calls(t, p) == 2, timeout_s=60)

        assert calls(city, LISTENER) == 1
        wait_for(
            lambda: (
                desk.ask("GET", f"/alerts/{alert}/progress")["by_state"].get("heard")
                == 1
            ),
            timeout_s=30,
        )
        assert desk.ask("GET", f"/alerts/{alert}/progress")["confirmed"] == 0
