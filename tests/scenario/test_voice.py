"""What is spoken in calls, whole, over real HTTP, with either telco.

An operator is called to speak a text and keeps it; a citizen's report is recorded,
fetched and played to an operator; somebody who asked for help is called back. The web
server and the worker are processes; the telco is the built-in one, nothing to set up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ops.listening import free_port
from ops.wiring.simulated_carrier import simulator_config
from simulator.testing import RunningSimulator, running
from telephony.sound import wave_file
from tests.scenario.installation import Answer, Installation, wait_for

SENDER = "+85512999000"
OPERATOR, CITIZEN = "+85512300001", "+85512300002"
#: Silence of a second and more ends nothing at this pace.
TIME_SCALE = 30.0

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket]


@dataclass
class Story:
    """An installation with its telco."""

    installation: Installation
    telco: RunningSimulator
    token: str

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """One call of the API."""
        return self.installation.ask(
            method,
            f"/api/v1{path}",
            b"" if body is None else json.dumps(body).encode(),
            Authorization=f"Bearer {self.token}",
            content_type="application/json",
        )

    def get(self, path: str) -> Any:
        """The JSON of what is there."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def transcript(self, phone: str) -> list[dict[str, str]]:
        """What was heard and pressed in the last call of a phone."""
        calls = self.telco.inbox(phone)["calls"]
        return list(calls[0]["transcript"]) if calls else []


@pytest.fixture(params=["twilio", "somleng"])
def story(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Story]:
    carrier = {
        "base_url": f"http://127.0.0.1:{free_port()}",
        "account_sid": "AC" + "0" * 31 + "1",
        "auth_token": "simulator-token",
        "sms_from": SENDER,
        "voice_from": SENDER,
        "calls_per_s": 50,
        "dialect": request.param,
    }
    installation = Installation(
        tmp_path, carriers={"simulator": carrier}, default_language="en"
    )
    inbound = f"{installation.settings.callback_url}/telephony/simulator/inbound"
    config = simulator_config(installation.settings, time_scale=TIME_SCALE, seed=3)
    numbers = tuple(
        replace(own, voice_url=f"{inbound}/report") for own in config.numbers
    )
    assert installation.run("db", "upgrade").returncode == 0
    with (
        running(replace(config, numbers=numbers)) as telco,
        installation.web(),
        installation.process("worker"),
    ):
        token = installation.token("anna", "operator")
        yield Story(installation, telco, token)


def test_what_is_spoken_reaches_whoever_is_to_hear_it(story: Story) -> None:
    """Text by phone, report of a citizen, call back; and hanging up in between."""
    hang_up_early(story)
    speak_a_text(story)
    report_by_voice(story)
    call_back(story)


def hang_up_early(story: Story) -> None:
    """Whoever rings off keeps nothing and talks to nobody, and it shows at once."""
    story.telco.force(OPERATOR, call="answered", hangs_up_after_s=2.0)
    spoken = {"language": "km", "key": "warning.opening", "phone": OPERATOR}
    asked = story.ask("POST", "/recordings/call", spoken).document
    path = f"/recordings/calls/{asked['id']}"
    story.telco.act(CITIZEN, "texts", {"to": SENDER, "body": "HELP"})
    wait_for(lambda: bool(story.get("/help")["items"]), timeout_s=30)
    (request,) = story.get("/help")["items"]
    story.ask("POST", f"/help/{request['id']}/call", {"phone": OPERATOR})
    wait_for(lambda: story.get(path)["state"] == "ended", timeout_s=30)
    wait_for(
        lambda: story.get("/help")["items"][0]["call_outcome"] == "not_taken",
        timeout_s=30,
    )
    assert story.get("/recordings")["items"] == []


def speak_a_text(story: Story) -> None:
    """The call plays what was spoken; it is in use once the speaker keeps it."""
    story.telco.force(OPERATOR, call="answered", keys=["2", "1"], speaks_s=2.0)
    spoken = {"language": "km", "key": "warning.opening", "phone": OPERATOR}
    asked = story.ask("POST", "/recordings/call", spoken)
    assert asked.status == 202, asked.body
    path = f"/recordings/calls/{asked.document['id']}"

    wait_for(lambda: story.get(path)["state"] == "kept", timeout_s=30)

    call = story.get(path)
    (kept,) = story.get("/recordings")["items"]
    assert (kept["sound"], kept["origin"]) == (call["sound"], "phone")
    assert (kept["made_by"], kept["language"]) == ("anna", "km")
    own = f"/telephony/audio/{kept['sound']}.wav"
    played = [e["text"] for e in story.transcript(OPERATOR) if e["kind"] == "sound"]
    assert [url.endswith(own) for url in played] == [True, True]
    sound = story.installation.ask("GET", own)
    assert len(wave_file.read(sound.body)) == 2 * wave_file.RATE_HZ


def report_by_voice(story: Story) -> None:
    """A recording of a citizen is played to operators alone, who are written down."""
    values = {"to": SENDER, "keys": ["1", "1", "1"], "speaks_s": 3.0}
    story.telco.act(CITIZEN, "calls", values)
    path = "/reports/1/recordings"
    wait_for(
        lambda: [one["state"] for one in story.get(path)["items"]] == ["here"],
        timeout_s=30,
    )

    (note,) = story.get(path)["items"]
    heard = story.ask("GET", f"/voice-notes/{note['id']}")

    assert (heard.status, heard.content_type) == (200, "audio/wav")
    assert len(wave_file.read(heard.body)) == 3 * wave_file.RATE_HZ
    assert (note["about"], note["duration_ms"]) == ("report:1", 3_000)
    url = f"/api/v1/voice-notes/{note['id']}"
    assert story.installation.ask("GET", url).status == 401
    audit = story.installation.run("audit", "export").stdout
    assert "anna voice_note.listen report:1" in audit


def call_back(story: Story) -> None:
    """The operator's phone first, then the citizen's; what came of it is written."""
    story.telco.act(CITIZEN, "texts", {"to": SENDER, "body": "HELP"})
    wait_for(lambda: bool(story.get("/help")["items"]), timeout_s=30)
    (request,) = story.get("/help")["items"]
    story.telco.force(OPERATOR, call="answered", keys=["1"])
    story.telco.force(CITIZEN, call="answered", keys=[])

    asked = story.ask("POST", f"/help/{request['id']}/call", {"phone": OPERATOR})

    assert asked.status == 202, asked.body
    assert asked.document["call_outcome"] == "calling"
    wait_for(
        lambda: story.get("/help")["items"][0]["call_outcome"] == "completed",
        timeout_s=30,
    )
    (done,) = story.get("/help")["items"]
    assert (done["taken_by"], done["called_by"], done["call_backs"]) == (
        "anna", "anna", 2,
    )  # fmt: skip
    assert done["talked_s"] > 0
    rung = story.telco.inbox(CITIZEN)["calls"][0]
    assert (rung["direction"], rung["from"]) == ("outbound-dial", SENDER)
    logs = "".join(
        (story.installation.folder / f"{name}.log").read_text()
        for name in ("web", "worker")
    )
    assert CITIZEN not in logs
    assert OPERATOR not in logs
