"""Who took a call, a person or a machine, and when the service is told."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.config import Dialect
from tests.unit.simulator.calling import MENU, PHONE, answering, by_digits, place
from tests.unit.simulator.conftest import MakeRig


@pytest.fixture
def rig(make_rig: MakeRig, dialect: Dialect) -> Any:
    return answering(make_rig, dialect)


def test_answering_machines(rig: Any, dialect: Dialect) -> None:
    """Twilio detects a machine when asked to; a machine never presses a key."""

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"call": "voicemail"})
        made = await place(rig, MachineDetection="Enable")
        (asked,) = rig.service.at("/voice")
        found = "machine_start" if dialect is Dialect.TWILIO else None
        assert (asked.get("AnsweredBy"), made["answered_by"]) == (found, found)
        assert all("Digits" not in form for form in rig.service.at("/keys"))

    rig.play(story)


@pytest.mark.parametrize("mode", ["Enable", "DetectMessageEnd"])
def test_humans_are_told_apart(make_rig: MakeRig, mode: str) -> None:
    """With detection a person is human."""
    rig = make_rig()
    rig.service.documents = {"/voice": MENU, "/keys": by_digits}

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"keys": ["1"]})
        made = await place(rig, MachineDetection=mode)
        assert made["answered_by"] == "human"

    rig.play(story)


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        ({"keys": []}, "human"),
        ({"call": "voicemail"}, "machine_start"),
        ({"call": "answered", "hangs_up_after_s": 2.0}, "unknown"),
    ],
)
def test_who_answers_is_told_beside_the_call(
    rig: Any, dialect: Dialect, plan: dict[str, Any], found: str
) -> None:
    """Nobody waits for it; Somleng knows nothing of it and takes no notice."""
    address = "https://tocsin.example/answerer"

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", plan)
        made = await place(
            rig,
            MachineDetection="Enable",
            AsyncAmd="true",
            AsyncAmdStatusCallback=address,
        )
        told = rig.service.at("/answerer")
        if dialect is Dialect.SOMLENG:
            assert (told, made["answered_by"]) == ([], None)
            return
        assert [form["AnsweredBy"] for form in told] == [found]
        assert told[0]["CallSid"] == made["sid"]
        others = [*rig.service.at("/voice"), *rig.service.at("/calls")]
        assert not any("AnsweredBy" in form for form in others)
        assert made["answered_by"] == found

    rig.play(story)
