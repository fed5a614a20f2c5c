"""A cardiac arrest, whole: from the report to the debrief, over real HTTP.

One says no, one has a voicemail, one answers late, one fetches the AED. Web server and
worker are processes, the telco is the built-in one. Only the ninety minutes until the
debrief are not waited for: the case's end is moved back in its row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import create_services
from ops.listening import free_port
from ops.wiring.simulated_carrier import simulator_config
from responders.case import CaseId
from simulator.testing import RunningSimulator, running
from tests.scenario.installation import Installation, wait_for

SENDER = "+85512999000"
ADDRESS = "Kerkstraat 12"
LON, LAT = 104.92, 11.56
METRE = 1 / 110_574.0
NO, VOICEMAIL, BY_CALL, BY_TEXT, LATE = range(1, 6)


def phone(n: int) -> str:
    return f"+8551230000{n}"


class Story:
    """An installation with its telco, and the verbs of the story."""

    def __init__(self, installation: Installation, telco: RunningSimulator) -> None:
        self.installation = installation
        self.telco = telco
        self._token = installation.token("dispatcher", "dispatcher")

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One call of the API; the JSON of its answer."""
        data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        named = {"content_type": "application/json"} | headers
        answer = self.installation.ask(
            method,
            f"/api/v1{path}",
            data if method != "GET" else b"",
            Authorization=f"Bearer {self._token}",
            **named,
        )
        assert answer.status < 300, answer.body
        return json.loads(answer.body) if answer.body else None

    def offers(self, case_id: str) -> dict[str, dict[str, Any]]:
        """Offers by state of the moment, by the name's number where it is shown."""
        found = self.ask("GET", f"/cases/{case_id}")["offers"]
        return {one["responder"]: one for one in found}

    def texts(self, n: int) -> str:
        """Everything a phone was sent."""
        inbox = self.telco.inbox(phone(n))["texts"]
        return "\n".join(t["body"] for t in inbox if t["to"] == phone(n))

    def wait_for_text(self, n: int, words: str, *, timeout_s: float = 20) -> None:
        """Until a phone was sent these words."""
        wait_for(lambda: words in self.texts(n), timeout_s=timeout_s)

    def wait_for_state(self, case_id: str, n: int, state: str) -> None:
        """Until somebody's offer stands so."""
        wait_for(lambda: self.offers(case_id)[str(n)]["state"] == state, timeout_s=20)

    def write(self, n: int, body: str) -> None:
        """Somebody sends a text."""
        self.telco.act(phone(n), "texts", {"to": SENDER, "body": body})


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with opened(tmp_path) as story:
        yield story


@contextmanager
def opened(folder: Path, **choices: object) -> Iterator[Story]:
    carrier = {
        "base_url": f"http://127.0.0.1:{free_port()}",
        "account_sid": "AC" + "0" * 31 + "1",
        "auth_token": "simulator-token",
        "sms_from": SENDER,
        "voice_from": SENDER,
        "calls_per_s": 50,
        "sms_per_s": 100,
    }
    installation = Installation(folder, carriers={"simulator": carrier}, **choices)
    config = simulator_config(installation.settings, time_scale=20.0, seed=3)
    assert installation.run("db", "upgrade").returncode == 0
    with (
        running(config) as telco,
        installation.web(),
        installation.process("worker"),
    ):
        yield Story(installation, telco)


def register(story: Story) -> None:
    """Five volunteers at 100, 150 … metres, and an AED that is on somebody's way."""
    lines = ["phone,name,skills,home_lon,home_lat,consent_at,number_verified_at"]
    then = "2026-01-01T00:00:00Z"
    lines += [
        f"{phone(n)},V{n},cpr,{LON},{LAT + (50 + 50 * n) * METRE},{then},{then}"
        for n in range(1, 6)
    ]
    table = "\n".join(lines).encode()
    report = story.ask("POST", "/responders/import", table, content_type="text/csv")
    assert (report["added"], report["rejected"]) == (5, [])
    aed = {
        "type": "Feature",
        "id": "node/1",
        "geometry": {"type": "Point", "coordinates": [LON, LAT + 60 * METRE]},
        "properties": {
            "opening_hours": "24/7",
            "access": "yes",
            "defibrillator:location": "Town hall",
            "defibrillator:code": "1379",
        },
    }
    collection = json.dumps({"type": "FeatureCollection", "features": [aed]}).encode()
    story.ask("POST", "/aeds/import", collection, content_type="application/geo+json")


def behave(telco: RunningSimulator) -> None:
    """What each of them will do."""
    telco.force("*", call="no-answer", sms="delivered", ring_s=3)
    telco.force(phone(NO), keys=["2"], sms="delivered")
    telco.force(phone(VOICEMAIL), call="voicemail", sms="delivered", ring_s=2)
    telco.force(phone(BY_CALL), keys=["1"], sms="delivered")
    telco.force(phone(BY_TEXT), call="busy", reply="1", reply_after_s=8)


@pytest.mark.scenario
@pytest.mark.enable_socket
def test_from_report_to_debrief(story: Story) -> None:
    """Everybody gets what they need to know, when they may know it, and no more."""
    register(story)
    behave(story.telco)
    case = story.ask(
        "POST",
        "/cases",
        {
            "lon": LON,
            "lat": LAT,
            "address": ADDRESS,
            "scene_safe": True,
            "cpr_in_progress": True,
            "ems_eta_min": 14,
        },
    )
    case_id = case["id"]
    going = {str(BY_CALL), str(BY_TEXT)}

    def both_go() -> bool:
        offers = story.offers(case_id)
        return len(offers) == 5 and all(
            offers[n]["state"] == "role_sent" for n in going
        )

    wait_for(both_go, timeout_s=30)
    wait_for(
        lambda: story.offers(case_id)[str(NO)]["state"] == "declined", timeout_s=20
    )
    offers = story.offers(case_id)
    assert offers[str(VOICEMAIL)]["state"] in {"sent", "delivered"}
    assert offers[str(BY_CALL)]["answered_by"] == "voice"
    assert offers[str(BY_TEXT)]["answered_by"] == "sms"
    roles = {n: offers[n]["role"] for n in going}
    assert sorted(roles.values()) == ["direct", "via_aed"]
    fetcher = next(int(n) for n, role in roles.items() if role == "via_aed")
    other = next(int(n) for n in going if int(n) != fetcher)
    story.wait_for_text(fetcher, "1379")
    story.wait_for_text(other, ADDRESS)
    assert "1379" not in story.texts(other)
    for n in (NO, VOICEMAIL, LATE):
        assert "cardiac arrest" in story.texts(n)
        assert ADDRESS not in story.texts(n)

    for digit, state in (("4", "aed_held"), ("5", "on_scene")):
        story.write(fetcher, digit)
        story.wait_for_state(case_id, fetcher, state)
    shown = story.ask("GET", f"/cases/{case_id}")
    assert shown["state"] == "on_scene"
    assert shown["aed_in_hand_at"] < shown["on_scene_at"]

    story.ask("POST", f"/cases/{case_id}/close", {"reason": "ambulance there"})
    story.wait_for_text(other, "CANCELLED")
    story.wait_for_text(LATE, "CANCELLED")
    story.write(LATE, "1")
    story.wait_for_text(LATE, "enough people")
    assert ADDRESS not in story.texts(LATE)

    let_90_minutes_pass(story, case_id)
    for n in (fetcher, other):
        story.wait_for_text(n, "How are you")
    assert "How are you" not in story.texts(LATE)
    story.write(fetcher, "1")
    story.write(other, "4")
    wait_for(lambda: story.ask("GET", "/cases/follow-ups")["items"], timeout_s=20)
    (waits,) = story.ask("GET", "/cases/follow-ups")["items"]
    assert (waits["responder"], waits["feeling"]) == (str(other), "call_me")
    wait_for(
        lambda: story.offers(case_id)[str(fetcher)]["state"] == "debriefed",
        timeout_s=20,
    )


def let_90_minutes_pass(story: Story, case_id: str) -> None:
    """Move the end of the case back, as if so much time had passed."""
    services = create_services(story.installation.settings)
    with services.database.unit_of_work() as uow:
        case = uow.cases.get_for_update(CaseId(case_id))
        assert case.stamps.closed_at is not None
        ended = case.stamps.closed_at - timedelta(minutes=91)
        uow.cases.save(
            replace(
                case,
                stamps=replace(case.stamps, closed_at=ended),
                next_due_at=services.now(),
            )
        )
        uow.commit()
    services.close()
