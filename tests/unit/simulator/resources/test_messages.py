"""The Messages resource in both dialects: what is accepted, refused and listed."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from simulator.config import Dialect, OwnedNumber, PaceLimits

PHONE = "+85512345678"
CALLBACK = "https://tocsin.example/status?attempt=7"
MakeRig = Callable[..., Any]


def text(**fields: str) -> dict[str, str]:
    """A message that either telco takes, with some fields changed."""
    form = {
        "To": PHONE,
        "From": "1294",
        "Body": "Leave now",
        "StatusCallback": CALLBACK,
    }
    return {**form, **fields}


def test_create_answers_at_once(make_rig: MakeRig, dialect: Dialect) -> None:
    """201, queued, and an id of the dialect's own shape."""
    rig = make_rig(dialect=dialect)
    shape = r"SM[0-9a-f]{32}" if dialect is Dialect.TWILIO else r"[0-9a-f-]{36}"

    async def story() -> None:
        status, message = await rig.api("POST", "/Messages.json", **text())
        assert (status, message["status"], message["to"]) == (201, "queued", PHONE)
        assert re.fullmatch(shape, message["sid"])
        assert message["date_sent"] is None
        status, again = await rig.api("GET", f"/Messages/{message['sid']}.json")
        assert (status, again["sid"]) == (200, message["sid"])

    rig.play(story)


def test_two_callbacks_tell_of_a_delivery(make_rig: MakeRig, dialect: Dialect) -> None:
    """Sent and delivered are called back in order, with the dialect's fields."""
    rig = make_rig(dialect=dialect)

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"sms": "delivered"})
        _, message = await rig.api("POST", "/Messages.json", **text())
        await rig.settle()
        forms = rig.service.at("/status")
        assert [form["MessageStatus"] for form in forms] == ["sent", "delivered"]
        assert {form["MessageSid"] for form in forms} == {message["sid"]}
        assert ("SmsSid" in forms[0]) == (dialect is Dialect.TWILIO)
        assert rig.service.heard[0].url == CALLBACK

    rig.play(story)


@pytest.mark.parametrize(
    ("fate", "code"), [("dead", "30005"), ("unreachable", "30003")]
)
def test_failures_are_told(
    make_rig: MakeRig, dialect: Dialect, fate: str, code: str
) -> None:
    """Twilio says undelivered with a code; Somleng says failed without one."""
    rig = make_rig(dialect=dialect)

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"sms": fate})
        _, message = await rig.api("POST", "/Messages.json", **text())
        await rig.settle()
        last = rig.service.at("/status")[-1]
        is_twilio = dialect is Dialect.TWILIO
        assert last["MessageStatus"] == ("undelivered" if is_twilio else "failed")
        assert last.get("ErrorCode") == (code if is_twilio else None)
        _, message = await rig.api("GET", f"/Messages/{message['sid']}.json")
        assert message["error_code"] == (int(code) if is_twilio else code)

    rig.play(story)


def test_a_late_message_dies(make_rig: MakeRig, dialect: Dialect) -> None:
    """What cannot arrive within its validity period fails instead."""
    rig = make_rig(dialect=dialect)

    async def story() -> None:
        await rig.control("PUT", f"phones/{PHONE}", {"sms_after_s": 60, "reply": "1"})
        form = text(ValidityPeriod="10")
        _, message = await rig.api("POST", "/Messages.json", **form)
        await rig.settle()
        _, message = await rig.api("GET", f"/Messages/{message['sid']}.json")
        code = 30036 if dialect is Dialect.TWILIO else "S1001"
        assert (message["status"], message["error_code"]) == ("failed", code)

    rig.play(story)


@pytest.mark.parametrize(
    ("changes", "twilio", "somleng"),
    [
        ({"To": ""}, 21604, "20422"),
        ({"To": "abc"}, 21211, "20422"),
        ({"From": ""}, 21603, "20422"),
        ({"From": "+1555"}, 21606, "20422"),
        ({"From": "9999"}, 21606, "21606"),
        ({"Body": ""}, 21602, "20422"),
        ({"Body": "x" * 1601}, 21617, "20422"),
        ({"ValidityPeriod": "0"}, 21624, "20422"),
        ({"StatusCallback": "/status"}, 21609, "20422"),
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
        status, error = await rig.api("POST", "/Messages.json", **text(**changes))
        if dialect is Dialect.TWILIO:
            assert (status, error["status"]) == (400, 400)
            # A sender that is no number at all has a code of its own.
            assert error["code"] in {twilio, 21212}
        else:
            assert (status, error["code"]) == (422, somleng)
        assert rig.telco.ledger.counters["messages.accepted"] == 0

    rig.play(story)


@pytest.mark.parametrize(
    ("field", "number", "code"),
    [
        ("To", "+15005550001", 21211),
        ("To", "+15005550002", 21612),
        ("To", "+15005550003", 21408),
        ("To", "+15005550004", 21610),
        ("To", "+15005550009", 21614),
        ("From", "+15005550001", 21212),
        ("From", "+15005550007", 21606),
        ("From", "+15005550008", 21611),
    ],
)
def test_magic_numbers(make_rig: MakeRig, field: str, number: str, code: int) -> None:
    """Twilio's test numbers give their fixed answers."""
    rig = make_rig()

    async def story() -> None:
        status, error = await rig.api(
            "POST", "/Messages.json", **text(**{field: number})
        )
        assert (status, error["code"]) == (400, code)

    rig.play(story)


def test_magic_sender_is_valid(make_rig: MakeRig) -> None:
    """+15005550006 may send although it is nobody's."""
    rig = make_rig(numbers=(OwnedNumber(number="1294"),))

    async def story() -> None:
        form = text(From="+15005550006")
        status, _ = await rig.api("POST", "/Messages.json", **form)
        assert status == 201

    rig.play(story)


def test_alphanumeric_senders_are_twilios(make_rig: MakeRig, dialect: Dialect) -> None:
    """Somleng's senders are digits."""
    rig = make_rig(dialect=dialect)

    async def story() -> None:
        status, _ = await rig.api("POST", "/Messages.json", **text(From="TOCSIN"))
        assert status == (201 if dialect is Dialect.TWILIO else 422)

    rig.play(story)


def test_a_wrong_token_is_refused(make_rig: MakeRig, dialect: Dialect) -> None:
    """401 and 20003, whatever is asked."""
    rig = make_rig(dialect=dialect)

    async def story() -> None:
        for given in ("Basic d3Jvbmc6d3Jvbmc=", "Basic %%%", "Bearer x", ""):
            status, error = await rig.api(
                "POST", "/Messages.json", authorization=given or " ", **text()
            )
            assert (status, str(error["code"])) == (401, "20003")

    rig.play(story)


def test_over_the_pace(make_rig: MakeRig, dialect: Dialect) -> None:
    """Twilio refuses with 429; Somleng accepts and sends later."""
    rig = make_rig(dialect=dialect, pace=PaceLimits(messages_per_s=2.0))

    async def story() -> None:
        await rig.control("PUT", "phones/*", {"sms": "delivered"})
        form = text()
        answers = [await rig.api("POST", "/Messages.json", **form) for _ in range(5)]
        statuses = [status for status, _ in answers]
        if dialect is Dialect.TWILIO:
            assert statuses == [201, 201, 429, 429, 429]
            assert answers[-1][1]["code"] == 20429
            rig.seconds += 1.0
            status, _ = await rig.api("POST", "/Messages.json", **text())
            assert status == 201
        else:
            assert statuses == [201] * 5
            await rig.settle()
            sent = [m.sent_s for m in rig.telco.ledger.messages.oldest_first()]
            gaps = {round(b - a, 2) for a, b in pairwise(sent)}
            assert gaps == {0.5}

    rig.play(story)


def test_lists(make_rig: MakeRig, dialect: Dialect) -> None:
    """Twilio filters by number and date; Somleng gives everything, newest first."""
    rig = make_rig(dialect=dialect)

    async def story() -> None:
        sids = []
        for n in range(5):
            rig.seconds = n * 86_400.0
            form = text(To=f"+8551234567{n % 2}")
            _, message = await rig.api("POST", "/Messages.json", **form)
            sids.append(message["sid"])
        wanted = {"To": "+85512345670", "DateSent>": "2027-01-17"}
        _, listed = await rig.api("GET", "/Messages.json", **wanted)
        found = [message["sid"] for message in listed["messages"]]
        if dialect is Dialect.TWILIO:
            assert found == [sids[4], sids[2]]
        else:
            assert found == sids[::-1]

    rig.play(story)


def test_pages(make_rig: MakeRig, dialect: Dialect) -> None:
    """Following next_page_uri gives every message once, newest first."""
    rig = make_rig(dialect=dialect)

    async def story() -> None:
        sids = [
            (await rig.api("POST", "/Messages.json", **text()))[1]["sid"]
            for _ in range(5)
        ]
        seen: list[str] = []
        query: dict[str, str] = {"PageSize": "2", "To": PHONE}
        while True:
            _, page = await rig.api("GET", "/Messages.json", **query)
            seen += [message["sid"] for message in page["messages"]]
            if page["next_page_uri"] is None:
                break
            query = dict(
                part.split("=")
                for part in page["next_page_uri"].split("?")[1].split("&")
            )
            query["To"] = PHONE
        assert seen == sids[::-1]

    rig.play(story)


def test_cancel_and_delete(make_rig: MakeRig, dialect: Dialect) -> None:
    """What has not left can be cancelled; what is over can be deleted."""
    rig = make_rig(dialect=dialect)

    async def story() -> None:
        _, message = await rig.api("POST", "/Messages.json", **text())
        path = f"/Messages/{message['sid']}.json"
        refused, _ = await rig.api("DELETE", path)
        assert refused in {409, 422}
        status, message = await rig.api("POST", path, Status="canceled")
        assert (status, message["status"]) == (200, "canceled")
        status, _ = await rig.api("POST", path, Status="canceled")
        assert status in {409, 422}
        await rig.settle()
        assert [form["MessageStatus"] for form in rig.service.at("/status")] == [
            "canceled"
        ]
        status, nothing = await rig.api("DELETE", path)
        assert (status, nothing) == (204, None)
        status, _ = await rig.api("GET", "/Messages/SM0.json")
        assert status == 404

    rig.play(story)


def test_redaction(make_rig: MakeRig) -> None:
    """An empty body replaces the text."""
    rig = make_rig()

    async def story() -> None:
        _, message = await rig.api("POST", "/Messages.json", **text())
        path = f"/Messages/{message['sid']}.json"
        _, message = await rig.api("POST", path, Body="")
        assert message["body"] == ""

    rig.play(story)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_other_methods(make_rig: MakeRig, dialect: Dialect, method: str) -> None:
    """405 for methods the resource does not have."""
    rig = make_rig(dialect=dialect)

    async def story() -> None:
        assert (await rig.api(method, "/Messages.json"))[0] == 405
        assert (await rig.api("GET", "/Faxes.json"))[0] == 404
        assert (await rig.api("GET", "/Messages/a/b.json"))[0] == 404

    rig.play(story)
