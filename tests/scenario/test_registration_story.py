"""A citizen from the first missed call to the last silence, on the built-in telco.

Missed call, call back, menus, welcome, warned, confirmed, STOP, silence; and a START,
which nothing else can take the place of. All over real HTTP, on either telco.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shapely import box

from app import create_services
from ivr_scripts.catalogue import load_catalogue
from ops.listening import free_port
from ops.wiring.simulated_carrier import simulator_config
from simulator.testing import running
from tests.scenario.alert_desk import WEST, Desk, a_form
from tests.scenario.installation import Installation, wait_for
from warning.citizens.citizen_answers import AnswerWriter
from warning.ports import AreaRow

SENDER = "+85512999000"
CITIZEN, NEIGHBOUR = "+85512300001", "+85512300002"
WORDS = AnswerWriter(load_catalogue())

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket]


@contextmanager
def village(folder: Path, dialect: str) -> Iterator[Desk]:
    """An installation whose number is rung back when it is missed."""
    carrier = {
        "base_url": f"http://127.0.0.1:{free_port()}",
        "account_sid": "AC" + "0" * 31 + "1",
        "auth_token": "simulator-token",
        "sms_from": SENDER,
        "voice_from": SENDER,
        "calls_per_s": 50,
        "dialect": dialect,
    }
    place = Installation(folder, carriers={"simulator": carrier}, default_language="en")
    inbound = f"{place.settings.callback_url}/telephony/simulator/inbound"
    config = simulator_config(place.settings, time_scale=30.0, seed=3)
    numbers = tuple(
        replace(own, voice_url=f"{inbound}/missed-call") for own in config.numbers
    )
    assert place.run("db", "upgrade").returncode == 0
    add_areas(place)
    with (
        running(replace(config, numbers=numbers)) as telco,
        place.web(),
        place.process("worker"),
    ):
        yield Desk(place, telco)


def add_areas(place: Installation) -> None:
    """A province, a district in it, a commune in that: one square."""
    levels = [
        ("KH08", None, "Kandal"),
        ("KH0801", "KH08", "Ta Khmau"),
        ("KH080101", "KH0801", "Roka Khpos"),
    ]
    services = create_services(place.settings)
    with services.database.unit_of_work() as uow:
        uow.areas.upsert(
            [
                AreaRow(
                    code=code,
                    name=name,
                    names={},
                    level=level,
                    parent=parent,
                    geometry=box(104, 11, 105, 12),
                )
                for level, (code, parent, name) in enumerate(levels, 1)
            ]
        )
        uow.commit()
    services.close()


def words(key: str, language: str = "en", /, **values: str) -> str:
    return WORDS.words(language, key, **values)


def write(desk: Desk, body: str) -> None:
    """The citizen sends a text."""
    desk.telco.act(CITIZEN, "texts", {"to": SENDER, "body": body})


def read(desk: Desk, text: str) -> None:
    """Wait until the citizen's phone has shown that text."""
    wait_for(lambda: text in desk.texts(CITIZEN), timeout_s=30)


def warn(desk: Desk, headline: str) -> str:
    """A warning for the square goes live."""
    draft = desk.ask("POST", "/alerts", a_form(WEST, headline))
    desk.ask("POST", f"/alerts/{draft['id']}/submit")
    desk.approve(draft["id"])
    return str(draft["id"])


def warned(desk: Desk, phone: str, headline: str) -> bool:
    return any(headline in text for text in desk.texts(phone))


@pytest.mark.parametrize("dialect", ["twilio", "somleng"])
def test_a_citizen_joins_is_warned_and_leaves(tmp_path: Path, dialect: str) -> None:
    """The whole story; after STOP nothing comes, until a START."""
    with village(tmp_path, dialect) as desk:
        desk.register([f"{NEIGHBOUR},en,104.2,11.2,sms"])
        desk.telco.force(NEIGHBOUR, sms="delivered")
        register_by_phone(desk)
        is_warned_and_confirms(desk)
        leaves(desk)
        comes_back(desk)


def register_by_phone(desk: Desk) -> None:
    """A missed call costs nothing; the call back goes through the menus."""
    # The country's language stands first. From the list: province, district, commune;
    # and yes.
    keys = ["1", "1", "1", "1", "1", "1"]
    desk.telco.force(CITIZEN, call="answered", keys=keys, sms="delivered")
    desk.telco.act(CITIZEN, "calls", {"to": SENDER, "keys": []})
    read(desk, words("welcome", place="Roka Khpos"))


def is_warned_and_confirms(desk: Desk) -> None:
    """By text; the answer is counted as a confirmation."""
    desk.telco.force(CITIZEN, call="no-answer", sms="delivered")
    alert = warn(desk, "First flood")
    wait_for(lambda: warned(desk, CITIZEN, "First flood"), timeout_s=30)
    write(desk, "1")
    wait_for(lambda: progress(desk, alert)["confirmed"] == 1, timeout_s=30)
    write(desk, "HELP we are on the roof")
    read(desk, words("help_noted"))
    (request,) = desk.ask("GET", f"/help?alert={alert}")["items"]
    assert request["phone"] == CITIZEN
    desk.ask("POST", f"/alerts/{alert}/cancel")


def leaves(desk: Desk) -> None:
    """STOP holds, whatever is imported or written afterwards."""
    write(desk, "Stop!!")
    read(desk, words("stopped"))
    desk.register([f"{CITIZEN},en,104.2,11.2,sms"])
    write(desk, "SAFE")
    read(desk, words("safe_noted"))
    n_before = len(desk.texts(CITIZEN))
    alert = warn(desk, "Second flood")
    wait_for(lambda: warned(desk, NEIGHBOUR, "Second flood"), timeout_s=30)
    left_out = progress(desk, alert)["excluded"]
    assert left_out == {"opted_out": 1}
    assert len(desk.texts(CITIZEN)) == n_before
    desk.ask("POST", f"/alerts/{alert}/cancel")


def comes_back(desk: Desk) -> None:
    """Only START takes a STOP back."""
    write(desk, "start")
    read(desk, words("started"))
    warn(desk, "Third flood")
    wait_for(lambda: warned(desk, CITIZEN, "Third flood"), timeout_s=30)


def progress(desk: Desk, alert: str) -> dict[str, Any]:
    return dict(desk.ask("GET", f"/alerts/{alert}/progress"))
