"""The control interface: who may use it, what it shows, what it changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from simulator.config import OwnedNumber
from simulator.http_protocol import Request

PHONE = "+85512345678"
ASSETS = ("phone.js", "index.js", "simulator.css")
MakeRig = Callable[..., Any]


@pytest.fixture
def rig(make_rig: MakeRig) -> Any:
    return make_rig(numbers=(OwnedNumber(number="1294"),))


async def send(rig: Any, attempt: str | None = None) -> None:
    form = {"To": PHONE, "From": "1294", "Body": "x"}
    if attempt is not None:
        form["StatusCallback"] = f"https://tocsin.example/s?attempt={attempt}"
    status, _ = await rig.api("POST", "/Messages.json", **form)
    assert status == 201


def test_who_may(rig: Any) -> None:
    """Local and with the token, as basic or bearer; health is for everyone local."""

    async def story() -> None:
        async def status(path: str, peer: str, authorization: str) -> int:
            headers = {"authorization": authorization}
            answer = await rig.ask(Request("GET", path, "", headers, b"", peer))
            return int(answer.status)

        good, path = rig.authorization, "/_simulator/counters"
        assert await status(path, "127.0.0.1", good) == 200
        assert await status(path, "::1", f"Bearer {rig.config.auth_token}") == 200
        assert await status(path, "127.0.0.1", "Bearer wrong") == 401
        assert await status(path, "127.0.0.1", "") == 401
        assert await status(path, "192.0.2.1", good) == 403
        assert await status("/_simulator/health", "127.0.0.1", "") == 200

    rig.play(story)


def test_writes_must_be_json(rig: Any) -> None:
    """A form of a foreign page cannot change anything."""

    async def story() -> None:
        headers = {"authorization": rig.authorization}
        kinds = {"application/x-www-form-urlencoded": 415, "text/plain": 415}
        for kind, expected in kinds.items():
            headers["content-type"] = kind
            request = Request("POST", "/_simulator/outage", "", headers, b"{}")
            assert (await rig.ask(request)).status == expected
        headers["content-type"] = "application/json"
        for body in (b"nonsense", b"[1]"):
            request = Request("PUT", "/_simulator/faults", "", headers, body)
            assert (await rig.ask(request)).status == 400

    rig.play(story)


def test_exactly_once(rig: Any) -> None:
    """Marks accepted more than once are named; so is how many have none."""

    async def story() -> None:
        for attempt in ("1", "2", "2", None):
            await send(rig, attempt)
        found = await rig.control("GET", "exactly-once?mark=attempt")
        assert found == {
            "accepted": 4,
            "recipients": 1,
            "marks": 2,
            "repeated": {"2": 2},
            "unmarked": 1,
        }
        whole = await rig.control("GET", "exactly-once?kind=call")
        assert whole["accepted"] == 0

    rig.play(story)


def test_accepted_in_pages(rig: Any) -> None:
    """Everything accepted, oldest first, from where one left off."""

    async def story() -> None:
        for attempt in "123":
            await send(rig, attempt)
        page = await rig.control("GET", "accepted?mark=attempt&limit=2")
        assert [row["mark"] for row in page["rows"]] == ["1", "2"]
        page = await rig.control("GET", f"accepted?mark=attempt&after={page['last']}")
        assert [row["mark"] for row in page["rows"]] == ["3"]
        for query in ("kind=fax", "after=x"):
            assert "error" in await rig.control("GET", f"accepted?{query}")

    rig.play(story)


def test_reset(rig: Any) -> None:
    """After a reset nothing is remembered and nothing goes wrong any more."""

    async def story() -> None:
        await rig.control("PUT", "faults", {"callback_lost": 1.0})
        await rig.control("PUT", f"phones/{PHONE}", {"human": True})
        await send(rig, "1")
        state = await rig.control("POST", "reset", {})
        assert state["counters"] == {}
        assert state["now"]["is_quiet"]
        assert (await rig.control("GET", "faults"))["callback_lost"] == 0.0
        assert (await rig.control("GET", f"phones/{PHONE}/inbox"))["behaviour"] is None

    rig.play(story)


def test_quiet(rig: Any) -> None:
    """Waiting for quiet answers when nothing is under way, and gives up in time."""

    async def story() -> None:
        assert (await rig.control("GET", "quiet"))["now"]["is_quiet"]
        await send(rig)
        late = await rig.control("GET", "quiet?timeout_s=0.02")
        assert not late["now"]["is_quiet"]

    rig.play(story)


def test_numbers(rig: Any) -> None:
    """A number's addresses can be set while the telco runs."""

    async def story() -> None:
        await rig.control("PUT", "numbers/85599", {"sms_url": "https://x.org/s"})
        numbers = await rig.control("GET", "numbers")
        assert numbers["85599"] == {"sms_url": "https://x.org/s", "voice_url": None}
        assert set(numbers) == {"1294", "85599"}

    rig.play(story)


@pytest.mark.parametrize(
    ("method", "path", "value"),
    [
        ("PUT", f"phones/{PHONE}", {"nonsense": 1}),
        ("PUT", f"phones/{PHONE}", {"call": "maybe"}),
        ("PUT", f"phones/{PHONE}", {"keys": ["x"]}),
        ("PUT", f"phones/{PHONE}", {"ring_s": "soon"}),
        ("POST", f"phones/{PHONE}/answer", {}),
        ("POST", f"phones/{PHONE}/hang-up", {}),
        ("POST", f"phones/{PHONE}/keys", {"keys": "1"}),
        ("POST", f"phones/{PHONE}/keys", {"keys": "a"}),
        ("POST", f"phones/{PHONE}/texts", {"to": "1294"}),
        ("POST", f"phones/{PHONE}/calls", {"to": "1294"}),
        ("POST", f"phones/{PHONE}/dance", {}),
        ("POST", "phones/*/texts", {"to": "1294", "body": "x"}),
        ("POST", "outage", {"seconds": "x"}),
        ("PUT", "faults", {"too_many": 2}),
        ("PUT", "nonsense", {}),
        ("GET", "nonsense", None),
        ("DELETE", "faults", None),
        ("PATCH", f"phones/{PHONE}", {}),
        ("GET", "static/nonsense", None),
    ],
    ids=str,
)
def test_bad_requests(rig: Any, method: str, path: str, value: Any) -> None:
    """Each mistake gets a sentence."""

    async def story() -> None:
        assert len((await rig.control(method, path, value))["error"]) > 10

    rig.play(story)


def test_behaviours_of_many(rig: Any) -> None:
    """Many phones are set at once, listed when they have news, and given back."""

    async def story() -> None:
        values = {PHONE: {"keys": ["1"]}, "85598765432": {"call": "busy"}}
        assert await rig.control("PUT", "phones", values) == {"forced": 2}
        inbox = await rig.control("GET", "phones/+85598765432/inbox")
        assert inbox["behaviour"]["call"] == "busy"
        await send(rig)
        assert (await rig.control("GET", "phones"))["phones"] == [PHONE]
        assert await rig.control("DELETE", f"phones/{PHONE}") is None
        inbox = await rig.control("GET", f"phones/{PHONE}/inbox")
        assert inbox["behaviour"] is None

    rig.play(story)


@pytest.mark.parametrize(
    "path",
    ["", f"phones/{PHONE}", *(f"static/{name}" for name in ASSETS)],
)
def test_pages(rig: Any, path: str) -> None:
    """Pages forbid everything that does not come from here."""

    async def story() -> None:
        headers = {"authorization": rig.authorization}
        answer = await rig.ask(Request("GET", f"/_simulator/{path}", "", headers, b""))
        assert answer.status == 200
        policy = dict(answer.headers)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert b"http://" not in answer.body
        assert b"innerHTML" not in answer.body

    rig.play(story)


def test_the_token_is_never_shown(rig: Any) -> None:
    """Neither the settings nor the account give the token away."""
    assert rig.config.auth_token not in repr(rig.config)

    async def story() -> None:
        status, account = await rig.api("GET", ".json")
        assert status == 200
        assert rig.config.auth_token not in json.dumps(account)
        _, numbers = await rig.api("GET", "/IncomingPhoneNumbers.json")
        rows = numbers["incoming_phone_numbers"]
        assert [row["phone_number"] for row in rows] == ["1294"]

    rig.play(story)


def test_a_time_that_is_none(rig: Any) -> None:
    """How long to wait for quiet must be a number."""

    async def story() -> None:
        assert (
            "timeout_s" in (await rig.control("GET", "quiet?timeout_s=soon"))["error"]
        )

    rig.play(story)


def test_defects_cost_one_answer(
    rig: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A defect of the telco is logged and answered with 500; it goes on serving."""

    async def story() -> None:
        monkeypatch.setattr(rig.telco.callbacks, "forget", lambda: 1 / 0)
        assert (await rig.control("POST", "reset", {}))["status"] == 500
        monkeypatch.setattr(rig.telco.phones, "forced", lambda _: 1 / 0)
        form = {"To": PHONE, "From": "1294", "Body": "x"}
        status, error = await rig.api("POST", "/Messages.json", **form)
        assert (status, error["code"]) == (500, 20500)
        assert caplog.text.count("ZeroDivisionError") == 2

    rig.play(story)
