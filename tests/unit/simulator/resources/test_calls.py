"""The Calls resource in both dialects: options, validation, limits, ending."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from simulator.config import Dialect, OwnedNumber, PaceLimits

PHONE = "+85512345678"
URL = "https://tocsin.example/voice"
MakeRig = Callable[..., Any]


def call(**fields: str) -> dict[str, str]:
    """A call that either telco takes, with some fields changed."""
    form = {"To": PHONE, "From": "1294", "Url": URL}
    return {**form, "StatusCallback": "https://tocsin.example/calls?a=1", **fields}


def test_create_answers_at_once(make_rig: MakeRig, dialect: Dialect) -> None:
    """201, queued, and an id of the dialect's own shape."""
    rig = make_rig(dialect=dialect)
    shape = r"CA[0-9a-f]{32}" if dialect is Dialect.TWILIO else r"[0-9a-f-]{36}"

    async def story() -> None:
        status, made = await rig.api("POST", "/Calls.json", **call())
        assert (status, made["status"], made["duration"]) == (201, "queued", None)
        assert re.fullmatch(shape, made["sid"])

    rig.play(story)


@pytest.mark.parametrize(
    ("changes", "twilio", "somleng"),
    [
        ({"To": ""}, 21201, "20422"),
        ({"To": "abc"}, 21211, "20422"),
        ({"From": ""}, 21213, "20422"),
        ({"From": "9999"}, 21210, "21210"),
        ({"From": "TOCSIN"}, 21210, "21210"),
        ({"Url": ""}, 21205, "20422"),
        ({"Url": "/voice"}, 21205, "20422"),
        ({"Url": "", "Twiml": "<html/>"}, 12100, "20422"),
        ({"Url": "", "Twiml": "<Response>" + " " * 4000}, 21223, "20422"),
        ({"StatusCallback": "x"}, 21609, "20422"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_validation(
    make_rig: MakeRig,
    dialect: Dialect,
    changes: dict[str, str],
    twilio: int,
    somleng: str,
) -> None:
    """Twilio answers 400 and a number, Somleng 422 and a code that is text."""
    rig = make_rig(dialect=dialect, numbers=(OwnedNumber(number="1294"),))

    async def story() -> None:
        status, error = await rig.api("POST", "/Calls.json", **call(**changes))
        if dialect is Dialect.TWILIO:
            assert (status, error["code"]) == (400, twilio)
        else:
            assert (status, error["code"]) == (422, somleng)

    rig.play(story)


@pytest.mark.parametrize(
    ("field", "number", "code"),
    [
        ("To", "+15005550001", 21217),
        ("To", "+15005550002", 21214),
        ("To", "+15005550003", 21215),
        ("To", "+15005550004", 21216),
        ("From", "+15005550001", 21212),
        ("From", "+15005550007", 21210),
    ],
)
def test_magic_numbers(make_rig: MakeRig, field: str, number: str, code: int) -> None:
    """Twilio's test numbers give their fixed answers."""
    rig = make_rig()

    async def story() -> None:
        status, error = await rig.api("POST", "/Calls.json", **call(**{field: number}))
        assert (status, error["code"]) == (400, code)

    rig.play(story)


def test_a_forced_refusal(make_rig: MakeRig, dialect: Dialect) -> None:
    """A test can have a phone refused with any code."""
    rig = make_rig(dialect=dialect)

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"refuse": "13224"})
        status, error = await rig.api("POST", "/Calls.json", **call())
        assert status in {400, 422}
        assert str(error["code"]) == "13224"

    rig.play(story)


def test_lines_are_limited(make_rig: MakeRig, dialect: Dialect) -> None:
    """One call at a time: Twilio refuses the second, Somleng makes it afterwards."""
    rig = make_rig(dialect=dialect, pace=PaceLimits(concurrent_calls=1))

    async def story() -> None:
        await rig.control("PUT", "phones/*", {"call": "busy"})
        await rig.api("POST", "/Calls.json", **call())
        status, second = await rig.api("POST", "/Calls.json", **call())
        await rig.settle()
        if dialect is Dialect.TWILIO:
            assert (status, second["code"]) == (429, 20429)
        else:
            assert status == 201
            _, second = await rig.api("GET", f"/Calls/{second['sid']}.json")
            assert second["status"] == "busy"

    rig.play(story)


def test_the_pace_of_calls(make_rig: MakeRig, dialect: Dialect) -> None:
    """Twilio refuses what is over one call a second; Somleng rings later."""
    rig = make_rig(dialect=dialect, pace=PaceLimits(calls_per_s=1.0))

    async def story() -> None:
        await rig.control("PUT", "phones/*", {"call": "busy", "ring_s": 0.0})
        form = call()
        statuses = [(await rig.api("POST", "/Calls.json", **form))[0] for _ in range(3)]
        await rig.settle()
        if dialect is Dialect.TWILIO:
            assert statuses == [201, 429, 429]
        else:
            assert statuses == [201, 201, 201]
            ends = [round(c.end_s) for c in rig.telco.ledger.calls.oldest_first()]
            assert ends == [ends[0], ends[0] + 1, ends[0] + 2]

    rig.play(story)


def test_cancelling_a_waiting_call(make_rig: MakeRig, dialect: Dialect) -> None:
    """A call that waits can be cancelled; Somleng never tells of it."""
    rig = make_rig(dialect=dialect)

    async def story() -> None:
        _, made = await rig.api("POST", "/Calls.json", **call())
        path = f"/Calls/{made['sid']}.json"
        status, made = await rig.api("POST", path, Status="canceled")
        assert (status, made["status"]) == (200, "canceled")
        await rig.settle()
        states = [form["CallStatus"] for form in rig.service.at("/calls")]
        assert states == (["canceled"] if dialect is Dialect.TWILIO else [])

    rig.play(story)


def test_hanging_up_a_live_call(make_rig: MakeRig, dialect: Dialect) -> None:
    """A live call ends as completed; asking again changes nothing."""
    rig = make_rig(dialect=dialect)
    rig.service.documents["/voice"] = "<Response><Gather/></Response>"

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"human": True})
        _, made = await rig.api("POST", "/Calls.json", **call())
        rig.telco.timers.run_due()
        await rig.breathe()
        await rig.control("POST", f"phones/{PHONE}/answer", {})
        await rig.breathe()
        path = f"/Calls/{made['sid']}.json"
        for _ in range(2):
            status, made = await rig.api("POST", path, Status="completed")
            assert (status, made["status"]) == (200, "completed")
        await rig.breathe()
        assert rig.telco.desk.n_live == 0
        status, _ = await rig.api("POST", path, Status="busy")
        assert status in {400, 422}

    rig.play(story)


def test_redirecting_a_live_call(make_rig: MakeRig, dialect: Dialect) -> None:
    """Twilio goes on with the other document; Somleng says yes and does nothing."""
    rig = make_rig(dialect=dialect)
    rig.service.documents["/voice"] = "<Response><Gather/></Response>"
    rig.service.documents["/other"] = (
        "<Response><Gather><Say>Other</Say></Gather></Response>"
    )

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"human": True})
        _, made = await rig.api("POST", "/Calls.json", **call())
        path = f"/Calls/{made['sid']}.json"
        early, _ = await rig.api("POST", path, Url="https://tocsin.example/other")
        rig.telco.timers.run_due()
        await rig.breathe()
        await rig.control("POST", f"phones/{PHONE}/answer", {})
        await rig.breathe()
        status, _ = await rig.api("POST", path, Url="https://tocsin.example/other")
        await rig.breathe()
        assert status == 200
        n_asked = len(rig.service.at("/other"))
        is_twilio = dialect is Dialect.TWILIO
        assert (early, n_asked) == ((400, 1) if is_twilio else (200, 0))

    rig.play(story)


def test_lists(make_rig: MakeRig, dialect: Dialect) -> None:
    """Twilio filters by number and status, Somleng gives everything."""
    rig = make_rig(dialect=dialect)

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"call": "busy"})
        await rig.control("PUT", "phones/+85598765432", {"call": "no-answer"})
        for to in (PHONE, "+85598765432"):
            form = call(To=to)
            await rig.api("POST", "/Calls.json", **form)
        await rig.settle()
        is_twilio = dialect is Dialect.TWILIO
        for query in ({"To": PHONE}, {"Status": "busy"}, {"To": PHONE, "From": "1294"}):
            _, listed = await rig.api("GET", "/Calls.json", **query)
            numbers = {found["to"] for found in listed["calls"]}
            assert numbers == ({PHONE} if is_twilio else {PHONE, "+85598765432"})
        _, listed = await rig.api("GET", "/Calls.json", **{"EndTime<": "2020-01-01"})
        assert len(listed["calls"]) == (0 if is_twilio else 2)

    rig.play(story)


def test_delete(make_rig: MakeRig) -> None:
    """A call that is over can be deleted, a waiting one cannot."""
    rig = make_rig()

    async def story() -> None:
        _, made = await rig.api("POST", "/Calls.json", **call())
        path = f"/Calls/{made['sid']}.json"
        assert (await rig.api("DELETE", path))[0] == 400
        await rig.settle()
        assert (await rig.api("DELETE", path))[0] == 204
        assert (await rig.api("GET", "/Calls/CA0.json"))[0] == 404

    rig.play(story)
