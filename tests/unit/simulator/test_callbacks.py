"""Callbacks under faults: lost, repeated, disordered, unanswered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator.config import Dialect
from simulator.faults import FaultPlan
from telephony.carriers.curl_multi import CurlFailure, FailureKind

PHONE = "+85512345678"
MakeRig = Callable[..., Any]


async def deliver(rig: Any) -> list[str]:
    """Send one message to its end; the states called back, in the order heard."""
    await rig.control(
        "PUT", f"phones/{PHONE}", {"sms": "delivered", "sms_after_s": 0.0}
    )
    await rig.api(
        "POST", "/Messages.json", To=PHONE, From="1294", Body="x",
        StatusCallback="https://tocsin.example/status",
    )  # fmt: skip
    await rig.settle()
    return [form["MessageStatus"] for form in rig.service.at("/status")]


def test_lost(make_rig: MakeRig, dialect: Dialect) -> None:
    """A lost callback is never sent, and is counted."""
    rig = make_rig(dialect=dialect, faults=FaultPlan(callback_lost=1.0))

    async def story() -> None:
        assert await deliver(rig) == []
        assert rig.telco.ledger.counters["callbacks.lost"] == 2

    rig.play(story)


def test_repeated(make_rig: MakeRig, dialect: Dialect) -> None:
    """A repeated callback comes twice."""
    rig = make_rig(dialect=dialect, faults=FaultPlan(callback_repeated=1.0))

    async def story() -> None:
        assert sorted(await deliver(rig)) == ["delivered"] * 2 + ["sent"] * 2

    rig.play(story)


def test_disordered(make_rig: MakeRig) -> None:
    """A disordered callback is overtaken by the one after it."""
    rig = make_rig(faults=FaultPlan(callback_disordered=1.0))

    async def story() -> None:
        await rig.control(
            "PUT", f"phones/{PHONE}", {"sms": "delivered", "sms_after_s": 0.1}
        )
        form = {"To": PHONE, "From": "1294", "Body": "x"}
        form["StatusCallback"] = "https://tocsin.example/status"
        await rig.api("POST", "/Messages.json", **form)
        message = next(rig.telco.ledger.messages.oldest_first())
        while message.status != "sent":
            await rig.breathe()
            rig.seconds = rig.telco.timers.next_due_s
            rig.telco.timers.run_due()
        await rig.control("PUT", "faults", {})
        await rig.settle()
        states = [form["MessageStatus"] for form in rig.service.at("/status")]
        assert states == ["delivered", "sent"]

    rig.play(story)


def test_unanswered(make_rig: MakeRig, dialect: Dialect) -> None:
    """After a network error Somleng calls back again much later, Twilio does not."""
    rig = make_rig(dialect=dialect)
    rig.service.failures = [CurlFailure(FailureKind.CONNECT, sent=False)]

    async def story() -> None:
        states = await deliver(rig)
        if dialect is Dialect.TWILIO:
            assert states == ["delivered"]
        else:
            assert states == ["delivered", "sent"]
            assert rig.seconds > 600.0

    rig.play(story)


def test_refused_callbacks_are_counted(make_rig: MakeRig) -> None:
    """An answer that is no success is counted, not repeated."""
    rig = make_rig()

    async def story() -> None:
        form = {"To": PHONE, "From": "1294", "Body": "x"}
        form["StatusCallback"] = "https://tocsin.example/missing"
        await rig.control("PUT", f"phones/{PHONE}", {"sms": "delivered"})
        await rig.api("POST", "/Messages.json", **form)
        await rig.settle()
        assert rig.telco.ledger.counters["callbacks.refused"] == 2

    rig.play(story)


@pytest.mark.parametrize(
    "url", ["https://tocsin.example/cb", "https://tocsin.example/cb?a=1"]
)
def test_callbacks_by_get_are_signed_over_their_query(
    make_rig: MakeRig, url: str
) -> None:
    """With GET the fields are the query, and the signature covers the whole address."""
    rig = make_rig()

    async def story() -> None:
        rig.telco.callbacks.post("CA1", url, [("CallStatus", "completed")], "GET")
        await rig.settle()
        (heard,) = rig.service.heard
        assert (heard.method, heard.form["CallStatus"]) == ("GET", "completed")

    rig.play(story)
