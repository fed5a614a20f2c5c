"""A person at a phone, through the control interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator.config import OwnedNumber

PHONE = "+85512345678"
MENU = (
    '<Response><Gather numDigits="2" action="https://tocsin.example/keys">'
    '<Say language="km-KH">ចុច</Say></Gather></Response>'
)
MakeRig = Callable[..., Any]


@pytest.fixture
def rig(make_rig: MakeRig) -> Any:
    number = OwnedNumber(number="1294", voice_url="https://tocsin.example/voice")
    made = make_rig(numbers=(number,))
    made.service.documents = {
        "/voice": MENU,
        "/keys": "<Response><Record action='https://tocsin.example/rec'/></Response>",
        "/rec": "<Response/>",
    }
    return made


async def ring(rig: Any) -> dict[str, Any]:
    """Place a call to the person and let it ring."""
    await rig.control("PUT", f"phones/{PHONE}", {"human": True})
    form = {"To": PHONE, "From": "1294", "Url": "https://tocsin.example/voice"}
    _, made = await rig.api("POST", "/Calls.json", **form)
    rig.telco.timers.run_due()
    await rig.breathe()
    return dict(made)


async def act(rig: Any, what: str, **values: Any) -> Any:
    answer = await rig.control("POST", f"phones/{PHONE}/{what}", values)
    await rig.breathe()
    return answer


async def state(rig: Any) -> str:
    inbox = await rig.control("GET", f"phones/{PHONE}/inbox")
    return str(inbox["state"])


def test_a_whole_call(rig: Any) -> None:
    """It rings, is answered, keys arrive together, and a key ends the recording."""

    async def story() -> None:
        made = await ring(rig)
        assert await state(rig) == "ringing"
        await act(rig, "answer")
        assert await state(rig) == "talking"
        assert "error" in await act(rig, "answer")
        await act(rig, "keys", keys="1")
        await act(rig, "keys", keys="2")
        assert rig.service.at("/keys")[0]["Digits"] == "12"
        rig.seconds += 6.0
        await act(rig, "keys", keys="#")
        assert rig.service.at("/rec")[0]["RecordingDuration"] == "6"
        assert await state(rig) == "idle"
        inbox = await rig.control("GET", f"phones/{PHONE}/inbox")
        (call,) = inbox["calls"]
        assert (call["sid"], call["status"], call["duration_s"]) == (
            made["sid"], "completed", 6,
        )  # fmt: skip
        assert call["transcript"][0] == {
            "kind": "speech", "text": "ចុច", "language": "km-KH",
        }  # fmt: skip

    rig.play(story)


def test_refusing(rig: Any) -> None:
    """Hanging up a phone that rings makes it busy."""

    async def story() -> None:
        made = await ring(rig)
        await act(rig, "hang-up")
        _, made = await rig.api("GET", f"/Calls/{made['sid']}.json")
        assert (made["status"], made["duration"]) == ("busy", None)

    rig.play(story)


@pytest.mark.parametrize("keys", ["", "12"])
def test_ringing_off(rig: Any, keys: str) -> None:
    """Hanging up in a question or a recording ends the call."""

    async def story() -> None:
        await ring(rig)
        await act(rig, "answer")
        if keys:
            await act(rig, "keys", keys=keys)
        await act(rig, "hang-up")
        assert await state(rig) == "idle"
        ended = [form["Digits"] for form in rig.service.at("/rec")]
        assert ended == (["hangup"] if keys else [])

    rig.play(story)


def test_calling_in(rig: Any) -> None:
    """A person can call a number of the account and talk to what answers."""

    async def story() -> None:
        await act(rig, "calls", to="1294", human=True)
        assert await state(rig) == "talking"
        await act(rig, "keys", keys="34")
        assert rig.service.at("/keys")[0]["Digits"] == "34"

    rig.play(story)
