"""Texts from people: replies, opt-outs, and answers sent back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator.config import Dialect, OwnedNumber
from telephony.carriers.curl_multi import CurlFailure, FailureKind

PHONE = "+85512345678"
MakeRig = Callable[..., Any]


@pytest.fixture
def rig(make_rig: MakeRig, dialect: Dialect) -> Any:
    number = OwnedNumber(number="1294", sms_url="https://tocsin.example/sms")
    return make_rig(dialect=dialect, numbers=(number,))


async def send(rig: Any, body: str = "Leave now") -> tuple[int, Any]:
    answer: tuple[int, Any] = await rig.api(
        "POST", "/Messages.json", To=PHONE, From="1294", Body=body
    )
    return answer


def test_a_citizen_answers(rig: Any) -> None:
    """A reply reaches the number's own address, and is not answered for ever."""
    rig.service.documents["/sms"] = "<Response><Message>Thank you</Message></Response>"

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"reply": "1"})
        await send(rig)
        await rig.settle()
        (form,) = rig.service.at("/sms")
        assert (form["Body"], form["From"], form["To"]) == ("1", PHONE, "1294")
        inbox = await rig.control("GET", f"phones/{PHONE}/inbox")
        bodies = [message["body"] for message in inbox["texts"]]
        assert bodies == ["Thank you", "1", "Leave now"]
        assert inbox["texts"][0]["direction"] == "outbound-reply"

    rig.play(story)


def test_opt_out_at_the_carrier(rig: Any, dialect: Dialect) -> None:
    """Twilio keeps STOP itself and refuses with 21610 until START; Somleng does not."""
    rig.service.documents["/sms"] = "<Response/>"

    async def story() -> None:
        for word, refused in ((" stop ", 400), ("START", 201)):
            act = {"to": "1294", "body": word}
            await rig.control("POST", f"phones/{PHONE}/texts", act)
            await rig.settle()
            status, answer = await send(rig)
            if dialect is Dialect.TWILIO:
                assert status == refused
                assert answer.get("code") in {21610, None}
            else:
                assert status == 201

    rig.play(story)


@pytest.mark.parametrize("answer", ["", "<html/>"])
def test_an_unusable_answer(rig: Any, dialect: Dialect, answer: str) -> None:
    """An empty or broken answer is an error; Somleng offers the text again."""
    rig.service.documents["/sms"] = answer

    async def story() -> None:
        act = {"to": "1294", "body": "hello"}
        await rig.control("POST", f"phones/{PHONE}/texts", act)
        await rig.settle()
        n_offers = 1 if dialect is Dialect.TWILIO else 3
        assert len(rig.service.at("/sms")) == n_offers

    rig.play(story)


def test_nobody_is_there(rig: Any, dialect: Dialect) -> None:
    """A service that cannot be reached loses the text on Twilio, not on Somleng."""
    rig.service.documents["/sms"] = "<Response/>"
    rig.service.failures = [CurlFailure(FailureKind.CONNECT, sent=False)]

    async def story() -> None:
        act = {"to": "1294", "body": "hello"}
        await rig.control("POST", f"phones/{PHONE}/texts", act)
        await rig.settle()
        assert len(rig.service.at("/sms")) == (0 if dialect is Dialect.TWILIO else 1)

    rig.play(story)


def test_a_number_without_an_address(make_rig: MakeRig) -> None:
    """Texts to a number nobody listens on stay in the phone."""
    rig = make_rig()

    async def story() -> None:
        act = {"to": "1294", "body": "hello"}
        await rig.control("POST", f"phones/{PHONE}/texts", act)
        await rig.settle()
        assert rig.service.heard == []

    rig.play(story)
