"""The search for our own attempts, where filters work and where they do not."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from telephony.carriers.curl_transfer import CurlFailure, FailureKind
from telephony.errors import CarrierUnavailableError
from tests.unit.telephony.fake_transport import (
    NOW,
    RECORD,
    TO,
    Answer,
    FakeTransport,
    answer,
    ask,
    gateway_on,
    page,
    result_of,
)

UNSENT = CurlFailure(FailureKind.CONNECT, sent=False)


def sent_at(minutes_ago: int, sid: str, **change: Any) -> dict[str, Any]:
    """A record made so long ago."""
    at = NOW - timedelta(minutes=minutes_ago)
    date = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return {**RECORD, "sid": sid, "date_created": date, **change}


def found(*answers: Answer) -> list[str]:
    """What a search of the last ten minutes finds."""
    since = NOW - timedelta(minutes=10, microseconds=-900)
    records = ask(lambda gateway: gateway.messages_to(TO, since=since), *answers)
    return [record.carrier_ref for record in records]


def test_search_asks_for_the_number_only() -> None:
    """A filter by date would leave out what is queued and has none."""
    transport = FakeTransport(page())
    gateway = gateway_on(transport)
    asyncio.run(result_of(gateway.messages_to(TO, since=NOW)))
    (asked,) = transport.asked
    assert asked.path == "/api/2010-04-01/Accounts/AC1/Messages.json"
    assert asked.query == [("To", TO), ("PageSize", "100")]


def test_search_filters_again() -> None:
    """Where filters are ignored, other numbers, older and inbound ones fall out."""
    assert found(
        page(
            sent_at(0, "new"),
            sent_at(1, "other", to="+85599999999"),
            sent_at(2, "reply", direction="inbound"),
            sent_at(3, "bare", to=TO[1:]),
            sent_at(4, "undated", date_created=None),
            sent_at(10, "edge"),
            sent_at(11, "old"),
        )
    ) == ["undated", "edge", "bare", "new"]


def test_search_reads_on_until_it_is_past() -> None:
    """Newest first: the page that reaches back far enough is the last one read."""
    transport = FakeTransport(
        page(sent_at(1, "a"), more=True),
        page(sent_at(2, "b"), sent_at(20, "old"), more=True),
        answer(500),
    )
    gateway = gateway_on(transport)
    records = asyncio.run(
        result_of(gateway.messages_to(TO, since=NOW - timedelta(minutes=10)))
    )
    assert [record.carrier_ref for record in records] == ["b", "a"]
    assert len(transport.asked) == 2


def test_search_of_an_unordered_list_reads_it_all() -> None:
    """Oldest first, or without dates: the first page proves nothing."""
    assert found(
        page(sent_at(30, "x"), sent_at(20, "y"), more=True), page(sent_at(1, "a"))
    ) == ["a"]
    assert found(
        page(sent_at(20, "x", date_created="2026-05-01"), more=True),
        page(sent_at(1, "a")),
    ) == ["x", "a"]


def test_record_on_two_pages_is_one() -> None:
    """Pages shift while messages are added; nothing is counted twice."""
    assert found(page(sent_at(1, "a"), more=True), page(sent_at(1, "a"))) == ["a"]


def test_search_without_end_is_bounded() -> None:
    """A list that never ends leaves the question open, it does not hang."""
    with pytest.raises(CarrierUnavailableError, match="too many records"):
        found(page(sent_at(1, "a"), more=True))


@pytest.mark.parametrize(
    "given",
    [
        answer(500),
        answer(200, b"<html>"),
        answer(200, {"messages": 7}),
        answer(200, {"messages": {}}),
        answer(200, {"messages": ""}),
        answer(200, {"meta": []}),
        answer(200, {"errors": []}),
        answer(200, {"calls": []}),
        answer(200, b'{"a":' + b"[" * 100_000),
        answer(200, {"messages": [7]}),
        answer(200, {"messages": [{}]}),
        answer(200, {"meta": 1, "messages": []}),
        answer(200, {"a": 1, "b": 2}),
        answer(201, {"messages": []}),
        answer(200, {"messages": [], "next_page_uri": 7}),
        UNSENT,
    ],
)
def test_search_that_proves_nothing(given: Answer) -> None:
    """A list that cannot be had or read leaves the question open."""
    with pytest.raises(CarrierUnavailableError):
        found(given)


def test_search_never_leaves_the_carrier() -> None:
    """A next page on another host gets neither the question nor the credentials."""
    elsewhere = answer(
        200,
        {"meta": {"key": "messages", "next_page_url": "https://evil.example/"}}
        | {"messages": []},
    )
    transport = FakeTransport(elsewhere, page(sent_at(1, "a")))
    gateway = gateway_on(transport)
    with pytest.raises(CarrierUnavailableError):
        asyncio.run(result_of(gateway.messages_to(TO, since=NOW)))
    assert len(transport.asked) == 1


def test_calls_to() -> None:
    """Calls are searched as messages are."""
    body = {"calls": [sent_at(1, "c1")], "page": 0}
    records = ask(
        lambda gateway: gateway.calls_to(TO, since=NOW - timedelta(minutes=5)),
        answer(200, body),
    )
    assert [record.carrier_ref for record in records] == ["c1"]
