"""What changes on the screen by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.fakes import PUBLIC_URL, FakeServices, make_progress
from warning.alert import AlertState
from web.console.situation import live

Browser = Callable[[str], FlaskClient]


class Ticks:
    """Seconds that only grow when told."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def worked_out() -> list[str]:
    """How often a feed looked."""
    return []


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def feed(ticks: Ticks, worked_out: list[str]) -> live.LiveFeed[int]:
    def look() -> int:
        worked_out.append("look")
        return len(worked_out)

    return live.LiveFeed(look, lambda n: {"n": str(n // 2)}, monotonic=ticks)


def test_many_who_look_cost_one_look(
    feed: live.LiveFeed[int], worked_out: list[str], ticks: Ticks
) -> None:
    """Within a second everybody sees the same, whatever language they read."""
    for _ in range(10):
        feed.view("en")
    feed.view("km")
    ticks.at = live.EVERY_S
    feed.view("en")

    assert len(worked_out) == 2


def test_a_version_stands_for_what_is_shown(
    feed: live.LiveFeed[int], ticks: Ticks
) -> None:
    """The same content has the same version, other content another."""
    first = feed.view("en")
    ticks.at = 1
    second = feed.view("en")
    ticks.at = 2
    third = feed.view("en")

    assert first.data != second.data
    assert second.version == third.version
    assert first.version != second.version


def test_asking_tells_the_figures(browser: Browser, services: FakeServices) -> None:
    """What a browser without a stream gets: version, clock, markup by place."""
    case = services.alert(AlertState.LIVE)
    services.board.figures[case.alert_id] = make_progress(needs_help=7)

    answer = browser("viewer").get("/console/now", base_url=PUBLIC_URL)

    told = json.loads(answer.text)
    assert told["clock"] == "03:01:00"
    names = {
        "alarms",
        "alerts",
        "cases",
        "cases_plain",
        "on_map",
        "people",
        "readiness",
    }
    assert set(told["parts"]) == names
    assert "Need help" in told["parts"]["alerts"]
    assert told["parts"]["on_map"] == f"{case.alert_id}:live"


def read(stream: Iterator[bytes], n: int) -> list[str]:
    return [next(stream).decode() for _ in range(n)]


def test_a_stream_starts_with_the_view_and_then_beats(
    browser: Browser, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event with an id at once; while nothing changes a beat with the time."""
    monkeypatch.setattr(live, "EVERY_S", 0.01)
    services.alert(AlertState.LIVE)

    answer = browser("viewer").get("/console/events", base_url=PUBLIC_URL)
    retry, view, beat = read(answer.iter_encoded(), 3)
    answer.close()

    assert retry == "retry: 2000\n\n"
    assert view.startswith("id: ")
    assert "event: view" in view
    assert beat.startswith('event: beat\ndata: {"clock":"')


def test_who_comes_back_is_told_only_what_is_new(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser that names the last event it saw gets a beat while nothing changed."""
    monkeypatch.setattr(live, "EVERY_S", 0.01)
    client = browser("viewer")
    version = json.loads(client.get("/console/now", base_url=PUBLIC_URL).text)[
        "version"
    ]

    answer = client.get(
        "/console/events", base_url=PUBLIC_URL, headers={"Last-Event-ID": version}
    )
    _, first = read(answer.iter_encoded(), 2)
    answer.close()

    assert first.startswith("event: beat")


def test_streams_are_few(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gets none is told when to come again; one that ends makes room."""
    monkeypatch.setattr(live, "EVERY_S", 0.01)
    client = browser("viewer")

    streams = app.extensions[live.FEED].streams
    for _ in range(live.MAX_STREAMS):
        streams.acquire()
    refused = client.get("/console/events", base_url=PUBLIC_URL)
    streams.release()
    after = client.get("/console/events", base_url=PUBLIC_URL)
    after.close()

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert after.status_code == 200
    assert streams.acquire(blocking=False), "a stream that ended makes room"
