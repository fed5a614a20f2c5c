"""Other systems are told of every change, in order, at least once, and by us."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from ops.exchange.webhook_sender import WebhookSender
from tests.use_cases.warning.world import World
from warning.errors import FeedError
from warning.publishing.webhook_service import WebhookService
from warning.publishing.webhooks import GIVE_UP_AFTER, SIGNATURE_HEADER, signature

URL = "https://hub.example/alerts"


class Hub:
    """Other systems: what they heard, and what they answer."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, Mapping[str, str]]] = []
        self.answer: Callable[[str], int] = lambda url: 204

    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str], timeout_s: float
    ) -> int:
        assert timeout_s > 0
        self.heard.append((url, body.decode(), headers))
        return self.answer(url)

    def events(self) -> list[str]:
        return [json.loads(body)["event"] for _, body, _ in self.heard]


class Told:
    """A world, a system that is told of it, and what carries the news."""

    def __init__(self, world: World) -> None:
        self.world, self.hub = world, Hub()
        uow, read = world.database.unit_of_work, world.database.read_only
        self.service = WebhookService(
            new_uow=uow,
            read_uow=read,
            base_url="https://warning.example.org",
            now=world.clock,
        )
        self.sender = WebhookSender(
            new_uow=uow, read_uow=read, poster=self.hub, now=world.clock
        )
        self.webhook = self.service.register(URL, ["alert"], by="admin")

    def carry(self) -> int:
        """Queue what is new and tell it; return how many tries that were."""
        while self.service.fan_out():
            pass
        n = 0
        while tried := self.sender.run_once():
            n += tried
        return n


@pytest.fixture
def told(world: World) -> Told:
    world.register(1)
    return Told(world)


def test_every_change_of_an_alert_is_told(told: Told) -> None:
    """In order, with what it is about, signed over what is sent."""
    case = told.world.go_live()
    told.carry()

    assert told.hub.events() == ["alert.draft", "alert.submit", "alert.approve"]
    url, body, headers = told.hub.heard[-1]
    event = json.loads(body)
    assert url == URL
    assert event["alert"]["identifier"] == case.cap.identifier
    assert event["alert"]["cap"].endswith(f"/feeds/cap/{case.alert_id}.xml")
    assert event["details"]["state"] == "live"
    assert headers[SIGNATURE_HEADER] == signature(
        told.webhook.secret, body.encode(), told.world.clock()
    )
    assert "anna" not in body


def test_what_was_before_is_not_told(world: World) -> None:
    """A system hears what comes after it was registered."""
    world.register(1)
    world.go_live()
    late = Told(world)

    assert late.carry() == 0


def test_people_and_accounts_are_nobodys_business(told: Told) -> None:
    """Only alerts are told."""
    with told.world.database.unit_of_work() as uow:
        uow.audit.append(
            at=told.world.clock(),
            actor="x",
            action="subscriber.add",
            subject="subscriber:1",
            details={},
        )
        uow.commit()

    assert told.carry() == 0


def test_a_system_that_is_down_hears_later(told: Told) -> None:
    """With pauses, the same event under the same id, and once it is heard no more."""
    told.hub.answer = lambda url: 503
    told.world.go_live()
    assert told.carry() == 3
    assert told.carry() == 0, "it rests"
    told.world.clock.move(seconds=11)
    told.hub.answer = lambda url: 204
    told.carry()
    told.world.clock.move(hours=2)
    told.carry()

    ids = [headers["Tocsin-Event-Id"] for _, _, headers in told.hub.heard]
    assert sorted(set(ids), key=int) == ids[:3]
    assert sorted(ids[3:], key=int) == ids[:3]
    (webhook,) = told.service.list()
    assert (webhook.n_failures, webhook.error) == (0, None)


def test_a_system_that_stays_away_is_given_up(told: Told) -> None:
    """After a day, with an entry in the record."""

    def refuse(url: str) -> int:
        raise FeedError("Nothing answers at its address.")

    told.hub.answer = refuse
    told.world.go_live()
    told.carry()
    told.world.clock.move(seconds=GIVE_UP_AFTER.total_seconds())
    told.carry()
    told.world.clock.move(hours=2)

    assert told.carry() == 0
    (webhook,) = told.service.list()
    assert webhook.error == "Nothing answers at its address."
    with told.world.read() as uow:
        actions = [entry.action for entry in uow.audit.entries()]
    assert actions.count("webhook.give_up") == 3


def test_a_kill_after_telling_tells_once_more(told: Told) -> None:
    """At least once: the receiver knows it by its id."""

    class KilledError(BaseException):
        """The process ends here."""

    def die(url: str) -> int:
        raise KilledError

    told.world.go_live()
    while told.service.fan_out():
        pass
    told.hub.answer = die
    with pytest.raises(KilledError):
        told.sender.run_once()
    told.hub.answer = lambda url: 204
    assert told.sender.run_once() == 0, "still under lease"
    told.world.clock.move(seconds=61)
    told.carry()

    assert len({headers["Tocsin-Event-Id"] for _, _, headers in told.hub.heard}) == 3


def test_queueing_is_done_once(told: Told) -> None:
    """The queue and how far it goes are one transaction."""
    told.world.go_live()

    assert told.service.fan_out() > 0
    assert told.service.fan_out() == 0
    assert told.service.n_queued() == 3


def test_one_that_is_down_holds_up_nobody(told: Told) -> None:
    """Others hear at once."""
    told.service.register("https://good.example/x", ["alert.approve"], by="admin")
    told.hub.answer = lambda url: 500 if url == URL else 200
    told.world.go_live()
    told.carry()

    good = [url for url, _, _ in told.hub.heard if url != URL]
    assert good == ["https://good.example/x"]


def test_a_removed_system_hears_nothing_more(told: Told) -> None:
    """Also not what was queued."""
    told.world.go_live()
    told.service.fan_out()
    told.service.remove(told.webhook.webhook_id, by="admin")

    assert told.carry() == 0


def test_old_messages_are_forgotten(told: Told) -> None:
    """A week after; what waits stays."""
    told.world.go_live()
    told.carry()
    told.world.clock.move(seconds=timedelta(days=8).total_seconds())

    assert told.sender.forget() == 3
