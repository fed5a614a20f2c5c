"""Whole calls in both dialects: what rings, what is asked, what is called back."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.config import Dialect, OwnedNumber
from tests.unit.simulator.calling import MENU, PHONE, answering, by_digits, place
from tests.unit.simulator.conftest import MakeRig


@pytest.fixture
def rig(make_rig: MakeRig, dialect: Dialect) -> Any:
    return answering(make_rig, dialect)


def test_a_confirmed_call(rig: Any, dialect: Dialect) -> None:
    """Ring, ask, 2 to hear again, 1 to confirm; duration is in virtual seconds."""

    async def story() -> None:
        plan = {"keys": ["2", "1"], "reaction_s": 3.0, "ring_s": 7.0}
        await rig.control("PUT", f"phones/{PHONE}", plan)
        made = await place(rig)
        assert (made["status"], made["duration"]) == ("completed", "7")
        assert [form.get("Digits") for form in rig.service.at("/keys")] == ["2", "1"]
        (asked,) = rig.service.at("/voice")
        is_twilio = dialect is Dialect.TWILIO
        assert asked["CallStatus"] == ("in-progress" if is_twilio else "ringing")
        states = [form["CallStatus"] for form in rig.service.at("/calls")]
        if is_twilio:
            assert states == ["initiated", "ringing", "in-progress", "completed"]
        else:
            assert states == ["completed"]
        assert rig.service.at("/calls")[-1]["CallDuration"] == "7"
        numbers = [form["SequenceNumber"] for form in rig.service.at("/calls")]
        assert numbers == [str(n) for n in range(len(numbers))]

    rig.play(story)


def test_silence(rig: Any) -> None:
    """Who presses nothing is asked about at the action, without any Digits field."""

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"keys": []})
        made = await place(rig)
        (form,) = rig.service.at("/keys")
        assert "Digits" not in form
        assert made["status"] == "completed"

    rig.play(story)


@pytest.mark.parametrize(
    ("fate", "status", "sip"),
    [
        ("busy", "busy", "486"),
        ("no-answer", "no-answer", "480"),
        ("dead", "failed", "404"),
    ],
)
def test_no_answer(
    rig: Any, dialect: Dialect, fate: str, status: str, sip: str
) -> None:
    """Who does not answer is told as final state; nothing is asked."""

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"call": fate})
        made = await place(rig)
        assert (made["status"], made["duration"]) == (status, None)
        assert rig.service.at("/voice") == []
        last = rig.service.at("/calls")[-1]
        assert (last["CallStatus"], last["SipResponseCode"]) == (status, sip)
        expected = None if dialect is Dialect.TWILIO else ""
        assert last.get("CallDuration") == expected

    rig.play(story)


def test_ring_time(rig: Any, dialect: Dialect) -> None:
    """Twilio gives up after Timeout; Somleng ignores it."""

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"ring_s": 20.0, "keys": ["1"]})
        made = await place(rig, Timeout="10")
        is_twilio = dialect is Dialect.TWILIO
        assert made["status"] == ("no-answer" if is_twilio else "completed")

    rig.play(story)


def test_hanging_up_early(rig: Any) -> None:
    """Who rings off in the first prompt has pressed nothing."""

    async def story() -> None:
        plan = {"call": "answered", "hangs_up_after_s": 2.0}
        await rig.control("PUT", f"phones/{PHONE}", plan)
        made = await place(rig)
        assert (made["status"], made["duration"]) == ("completed", "2")
        assert rig.service.at("/keys") == []

    rig.play(story)


def test_a_citizen_calls(make_rig: MakeRig, dialect: Dialect) -> None:
    """A call to one of the account's numbers asks its address, and runs the answer."""
    number = OwnedNumber(number="1294", voice_url="https://tocsin.example/voice")
    rig = make_rig(dialect=dialect, numbers=(number,))
    rig.service.documents = {"/voice": MENU, "/keys": by_digits}

    async def story() -> None:
        act = {"to": "1294", "keys": ["1"]}
        made = await rig.control("POST", f"phones/{PHONE}/calls", act)
        await rig.settle()
        (asked,) = rig.service.at("/voice")
        assert (asked["Direction"], asked["CallStatus"]) == ("inbound", "ringing")
        call = rig.telco.ledger.calls.find(made["sid"])
        assert (call.status, rig.service.at("/keys")[0]["Digits"]) == ("completed", "1")

    rig.play(story)


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ('<Response><Reject reason="busy"/></Response>', "busy"),
        ("<Response><Reject/></Response>", "no-answer"),
        ("broken", "failed"),
    ],
)
def test_a_rejected_call(
    make_rig: MakeRig, dialect: Dialect, document: str, status: str
) -> None:
    """A missed call: the service sees it and rejects it, nobody talks."""
    rig = make_rig(dialect=dialect, voice_url="https://tocsin.example/voice")
    rig.service.documents["/voice"] = document

    async def story() -> None:
        await rig.control("POST", f"phones/{PHONE}/calls", {"to": "1294"})
        await rig.settle()
        (call,) = rig.telco.ledger.calls.oldest_first()
        assert (call.status, call.duration_s) == (status, None)

    rig.play(story)


def test_the_time_limit(make_rig: MakeRig) -> None:
    """A call that a person does not end is ended by Twilio's TimeLimit."""
    rig = make_rig(time_scale=1000.0)
    rig.service.documents["/voice"] = "<Response><Gather timeout='900'/></Response>"

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"human": True})
        form = {"To": PHONE, "From": "1294", "Url": "https://tocsin.example/voice"}
        _, made = await rig.api("POST", "/Calls.json", TimeLimit="1", **form)
        rig.telco.timers.run_due()
        await rig.breathe()
        await rig.control("POST", f"phones/{PHONE}/answer", {})
        while rig.telco.desk.n_live:
            await rig.breathe()
        _, made = await rig.api("GET", f"/Calls/{made['sid']}.json")
        assert made["status"] == "completed"

    rig.play(story)


def test_a_defect_ends_the_call(
    rig: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A call that meets a defect of the telco is failed, counted and logged."""

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"keys": ["1"]})
        monkeypatch.setattr(rig.telco.callbacks, "ask", lambda *_: 1 / 0)
        made = await place(rig)
        assert made["status"] == "failed"
        assert rig.telco.ledger.counters["calls.broken"] == 1
        assert "ZeroDivisionError" in caplog.text

    rig.play(story)


@pytest.mark.parametrize("url", ["/sms", "https://exämple.org/sms", "ftp://x/y"])
def test_addresses_that_lead_nowhere(make_rig: MakeRig, url: str) -> None:
    """An address in the settings that cannot be asked is counted, not a crash."""
    rig = make_rig(sms_url=url, voice_url=url)

    async def story() -> None:
        await rig.control("POST", f"phones/{PHONE}/calls", {"to": "1294"})
        await rig.control("POST", f"phones/{PHONE}/texts", {"to": "1294", "body": "x"})
        rig.telco.callbacks.post("CA1", url, [])
        await rig.settle()
        counters = rig.telco.ledger.counters
        assert counters["questions.unusable"] == 2
        assert counters["callbacks.unusable"] == 1

    rig.play(story)
