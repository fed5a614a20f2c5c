"""Whole calls in both dialects: what rings, what is asked, what is called back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator.config import Dialect, OwnedNumber

PHONE = "+85512345678"
MENU = (
    '<Response><Gather numDigits="1" timeout="5" actionOnEmptyResult="true"'
    ' action="https://tocsin.example/keys"><Say language="en">Press 1</Say></Gather>'
    "</Response>"
)
MakeRig = Callable[..., Any]


async def place(rig: Any, **fields: str) -> dict[str, Any]:
    """Place a call, let everything happen; the call's resource afterwards."""
    form = {"To": PHONE, "From": "1294", "Url": "https://tocsin.example/voice",
            "StatusCallback": "https://tocsin.example/calls",
            "StatusCallbackEvent": "initiated ringing answered completed"}  # fmt: skip
    status, made = await rig.api("POST", "/Calls.json", **{**form, **fields})
    assert status == 201, made
    await rig.settle()
    _, made = await rig.api("GET", f"/Calls/{made['sid']}.json")
    return dict(made)


def by_digits(form: dict[str, str]) -> str:
    """Repeat after 2, thank for 1, say goodbye otherwise."""
    if form.get("Digits") == "2":
        return MENU
    word = "Thank you" if form.get("Digits") == "1" else "Goodbye"
    return f"<Response><Say>{word}</Say><Hangup/></Response>"


@pytest.fixture
def rig(make_rig: MakeRig, dialect: Dialect) -> Any:
    made = make_rig(dialect=dialect)
    made.service.documents = {"/voice": MENU, "/keys": by_digits}
    return made


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


def test_hanging_up_early(rig: Any) -> None:
    """Who rings off in the first prompt has pressed nothing."""

    async def story() -> None:
        plan = {"call": "answered", "hangs_up_after_s": 2.0}
        await rig.control("PUT", f"phones/{PHONE}", plan)
        made = await place(rig)
        assert (made["status"], made["duration"]) == ("completed", "2")
        assert rig.service.at("/keys") == []

    rig.play(story)


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
