"""What calls are told to do, in both dialects: play, record, dial, wait."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.config import Dialect
from tests.unit.simulator.calling import MENU, PHONE, answering, place
from tests.unit.simulator.conftest import MakeRig


@pytest.fixture
def rig(make_rig: MakeRig, dialect: Dialect) -> Any:
    return answering(make_rig, dialect)


def test_twiml_that_is_not_there(rig: Any, dialect: Dialect) -> None:
    """Without a document the call ends; Twilio asks the fallback first."""
    rig.service.documents["/fallback"] = "<Response><Say>Sorry</Say></Response>"

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"keys": ["1"]})
        made = await place(
            rig,
            Url="https://tocsin.example/missing",
            FallbackUrl="https://tocsin.example/fallback",
        )
        assert made["status"] == "completed"
        asked = rig.service.at("/fallback")
        codes = [form["ErrorCode"] for form in asked]
        assert codes == (["11200"] if dialect is Dialect.TWILIO else [])

    rig.play(story)


def test_inline_twiml(rig: Any) -> None:
    """A document given with the call is run without asking for one."""

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"keys": ["1"]})
        made = await place(rig, Url="", Twiml=MENU)
        assert made["status"] == "completed"
        assert rig.service.at("/voice") == []
        assert rig.service.at("/keys")[0]["Digits"] == "1"

    rig.play(story)


def test_somleng_drops_the_call_at_pause(rig: Any, dialect: Dialect) -> None:
    """Pause is run by Twilio and ends the call on Somleng."""
    rig.service.documents["/voice"] = (
        '<Response><Pause length="9"/><Say>After</Say></Response>'
    )

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"keys": []})
        made = await place(rig)
        inbox = await rig.control("GET", f"phones/{PHONE}/inbox")
        heard = [entry["kind"] for entry in inbox["calls"][0]["transcript"]]
        if dialect is Dialect.TWILIO:
            assert (made["duration"], heard) == ("10", ["speech"])
        else:
            assert (made["duration"], heard) == ("0", ["warning"])

    rig.play(story)


def test_a_recording(rig: Any) -> None:
    """What is recorded is told to the action and can be fetched as sound."""
    rig.service.documents["/voice"] = (
        '<Response><Record action="https://tocsin.example/recorded"'
        ' recordingStatusCallback="https://tocsin.example/rec"/></Response>'
    )
    rig.service.documents["/recorded"] = "<Response/>"

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"keys": [], "speaks_s": 4.0})
        await place(rig)
        (form,) = rig.service.at("/recorded")
        assert form["RecordingDuration"] == "4"
        sid = form["RecordingUrl"].rpartition("/")[2]
        _, described = await rig.api("GET", f"/Recordings/{sid}.json")
        assert described["duration"] == "4"
        (told,) = rig.service.at("/rec")
        assert told["RecordingStatus"] == "completed"
        assert (await rig.api("GET", "/Recordings/RE0.json"))[0] == 404

    rig.play(story)


def test_silence_is_recorded_by_somleng_alone(rig: Any, dialect: Dialect) -> None:
    """Twilio goes on with the document; Somleng tells of a recording of nothing."""
    rig.service.documents["/voice"] = (
        '<Response><Record action="https://tocsin.example/recorded"/>'
        "<Say>Nothing heard</Say></Response>"
    )
    rig.service.documents["/recorded"] = "<Response/>"

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"keys": [], "speaks_s": 0.0})
        await place(rig)
        told = rig.service.at("/recorded")
        kept = rig.telco.ledger.recordings.values()
        assert len(told) == (dialect is Dialect.SOMLENG)
        assert [one.is_silent for one in kept] == [True] * len(told)

    rig.play(story)


@pytest.mark.parametrize(
    ("other", "status"), [({"call": "busy"}, "busy"), ({"keys": []}, "completed")]
)
def test_dialling_another(rig: Any, other: dict[str, Any], status: str) -> None:
    """Dial connects with another phone and tells the action how it went."""
    rig.service.documents["/voice"] = (
        '<Response><Dial action="https://tocsin.example/dialled" callerId="1294">'
        "<Number>+85598765432</Number></Dial></Response>"
    )
    rig.service.documents["/dialled"] = "<Response/>"

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"keys": []})
        await rig.control("PUT", "phones/+85598765432", other)
        made = await place(rig)
        (form,) = rig.service.at("/dialled")
        assert form["DialCallStatus"] == status
        child = rig.telco.ledger.calls.find(form["DialCallSid"])
        assert (child.parent_sid, child.from_) == (made["sid"], "1294")

    rig.play(story)


def test_sounds_are_fetched_when_asked(make_rig: MakeRig) -> None:
    """With fetch_media a sound that is missing is noted."""
    rig = make_rig(fetch_media=True)
    rig.service.documents["/voice"] = (
        "<Response><Play>https://tocsin.example/missing.wav</Play>"
        "<Play>https://tocsin.example/there.wav</Play></Response>"
    )
    rig.service.documents["/there.wav"] = "not really a sound"

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"keys": []})
        await place(rig)
        counters = rig.telco.ledger.counters
        assert (counters["media.missing"], counters["media.fetched"]) == (1, 1)

    rig.play(story)
