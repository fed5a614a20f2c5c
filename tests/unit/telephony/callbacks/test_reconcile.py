"""What nobody knows is asked about before anything is made again."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest

from telephony.carriers.gateway import CarrierRecord, OutgoingCall, OutgoingMessage
from telephony.delivery import (
    AttemptId,
    AttemptReport,
    AttemptState,
    Channel,
    DeliveryEvent,
    DeliveryState,
)
from tests.unit.telephony.fake_gateway import FakeGateway, Taken
from tests.unit.telephony.virtual_time import VirtualClock, play
from tests.unit.telephony.world import World, phone_of, pool_of

SMS, VOICE = Channel.SMS, Channel.VOICE
BASE = "https://tocsin.example/telephony/main"


async def crash(
    world: World, *, is_asked: bool, channel: Channel = SMS, text: str = "Go up!"
) -> None:
    """A worker claims everything and dies before, or after, it has asked."""
    for one in world.claim(channel):
        if not is_asked:
            continue
        if channel is SMS:
            callback = f"{BASE}/messages/{one.attempt_id}/status"
            await world.gateway.send_message(
                OutgoingMessage(to=one.phone, body=text, status_callback=callback)
            )
        else:
            callback = f"{BASE}/calls/{one.attempt_id}/status"
            await world.gateway.place_call(
                OutgoingCall(to=one.phone, url=callback, status_callback=callback)
            )


def note(
    world: World, attempt_id: AttemptId, state: AttemptState, **changes: Any
) -> None:
    """Record a report by hand."""
    values: dict[str, Any] = {"at": world.clock.now(), "carrier": "main", **changes}
    with world.store.unit_of_work() as uow:
        uow.queue.apply([AttemptReport(attempt_id=attempt_id, state=state, **values)])
        uow.commit()


@pytest.mark.parametrize("channel", [SMS, VOICE])
@pytest.mark.parametrize("is_asked", [False, True])
def test_what_a_crash_left_behind_is_looked_up(
    channel: Channel,
    is_asked: bool,
) -> None:
    """What the carrier has is not made again, and what it has not is."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1, 2, channel=channel)
        await crash(world, is_asked=is_asked, channel=channel)
        reconciler = world.reconciler()
        assert await reconciler.resolve_once() == 0
        await asyncio.sleep(31)
        assert await reconciler.resolve_once() == 2
        assert await reconciler.resolve_once() == 0
        state = DeliveryState.SENT if is_asked else DeliveryState.QUEUED
        assert world.states() == [state] * 2
        assert [news.state for news in world.ear.news] == [state] * 2
        await world.send_for(1)
        assert world.gateway.numbers() == {phone_of(1): 1, phone_of(2): 1}

    play(scene)


def test_what_belongs_to_another_attempt_is_not_taken() -> None:
    """An older message to the same number proves nothing about this one."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1)
        await world.send_for(1)
        world.order(1, owner_ref="alert:2")
        await crash(world, is_asked=False)
        await asyncio.sleep(60)
        await world.reconciler().resolve_once()
        assert world.states() == [DeliveryState.SENT, DeliveryState.QUEUED]

    play(scene)


@pytest.mark.parametrize("tells_body", [False, True])
def test_two_attempts_to_one_number_do_not_share_a_message(
    tells_body: bool,
) -> None:
    """One was taken, the other is made again: the right one, if words tell."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.gateway.tells_body = tells_body
        world.order(1)
        await crash(world, is_asked=False)
        world.order(1, owner_ref="alert:2", text="All clear")
        await crash(world, is_asked=True, text="All clear")
        await asyncio.sleep(60)
        await world.reconciler().resolve_once()
        await world.send_for(1)
        assert world.gateway.numbers() == {phone_of(1): 2}
        assert world.states() == [DeliveryState.SENT] * 2
        if tells_body:
            assert [one.record.body for one in world.gateway.taken] == [
                "All clear",
                "Go up!",
            ]

    play(scene)


def test_an_open_question_does_not_send_again() -> None:
    """While the carrier cannot be asked nobody knows; later it is asked again."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1, 2)
        await crash(world, is_asked=True)
        world.gateway.is_silent = True
        await asyncio.sleep(3_600)
        reconciler = world.reconciler()
        assert await reconciler.resolve_once() == 0
        world.gateway.is_silent = False
        assert await reconciler.resolve_once() == 2
        assert world.states() == [DeliveryState.SENT] * 2

    play(scene)


def test_a_silent_carrier_is_left_alone_after_a_few_questions() -> None:
    """Its time-outs must not hold up the questions to others."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(*range(50))
        await crash(world, is_asked=False)
        world.gateway.is_silent = True
        asked: list[float] = []
        world.gateway.at = lambda: asked.append(clock.s)
        await asyncio.sleep(60)
        await world.reconciler(at_once=1).resolve_once()
        assert len(asked) == 3

    play(scene)


def test_what_stays_open_lets_others_go_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A round is bounded: those who cannot be settled must not fill it for ever."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1, 2)
        one, two = world.claim()
        for attempt in (one, two):
            note(world, attempt.attempt_id, AttemptState.UNKNOWN)
        gateway, found = world.gateway, world.gateway.messages_to

        async def deaf_for_one(number: str, *, since: datetime) -> Any:
            if number == phone_of(1):
                raise ValueError(f"a defect about {number}")
            return await found(number, since=since)

        monkeypatch.setattr(gateway, "messages_to", deaf_for_one)
        await asyncio.sleep(60)
        reconciler = world.reconciler(limit=1)
        assert await reconciler.resolve_once() == 0
        assert await reconciler.resolve_once() == 1
        assert world.states() == [DeliveryState.UNKNOWN, DeliveryState.QUEUED]

    play(scene)


def test_a_defect_is_logged_without_the_number(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And the question stays open."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1)
        await crash(world, is_asked=False)

        def broken() -> None:
            raise ValueError(f"a defect about {phone_of(1)}")

        world.gateway.at = broken
        await asyncio.sleep(60)
        assert await world.reconciler().resolve_once() == 0

    with caplog.at_level(logging.DEBUG):
        play(scene)
    assert "attempt not asked about" in caplog.text
    assert phone_of(1) not in caplog.text


def test_rather_twice_than_never() -> None:
    """A carrier that stays silent is not waited for when another can take it."""

    async def scene(clock: VirtualClock) -> None:
        first, second = (FakeGateway(now=clock.now, name=n) for n in ("a", "b"))
        world = World(clock, first, second)
        world.order(1)
        (claimed,) = world.claim()
        note(world, claimed.attempt_id, AttemptState.UNKNOWN, carrier="a")
        first.is_silent = True
        reconciler = world.reconciler()
        await asyncio.sleep(299)
        assert await reconciler.resolve_once() == 0
        await asyncio.sleep(20)
        assert await reconciler.resolve_once() == 1
        assert world.states() == [DeliveryState.QUEUED]

    play(scene)


def test_nobody_is_given_up_while_nobody_else_works() -> None:
    """Making it again would only wait as well, until its time has passed."""

    async def scene(clock: VirtualClock) -> None:
        first, second = (FakeGateway(now=clock.now, name=n) for n in ("a", "b"))
        world = World(clock, first, second)
        world.carriers[1].breaker.stop("suspended", world.clock.s)
        world.order(1)
        (claimed,) = world.claim()
        note(world, claimed.attempt_id, AttemptState.UNKNOWN, carrier="a")
        first.is_silent = True
        reconciler = world.reconciler()
        await asyncio.sleep(1_000)
        assert await reconciler.resolve_once() == 0
        await asyncio.sleep(7_200)
        assert await reconciler.resolve_once() == 1
        with world.store.unit_of_work() as uow:
            assert len(uow.outbox.expire(now=clock.now())) == 1

    play(scene)


def test_a_carrier_that_left_the_settings_cannot_be_asked() -> None:
    """What it was asked for is made again, elsewhere."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1, 2)
        one, two = world.claim()
        note(world, one.attempt_id, AttemptState.UNKNOWN, carrier="gone")
        note(world, two.attempt_id, AttemptState.ACCEPTED, carrier="gone")
        await asyncio.sleep(3_600)
        assert await world.reconciler().resolve_once() == 1
        assert await world.reconciler().poll_once() == 0
        assert world.states() == [DeliveryState.QUEUED, DeliveryState.SENT]

    play(scene)


@pytest.mark.parametrize(
    ("word", "changes", "state"),
    [
        ("delivered", {}, DeliveryState.REACHED),
        ("undelivered", {"error_code": "30006"}, DeliveryState.FAILED),
        ("undelivered", {"error_code": "30003"}, DeliveryState.QUEUED),
        ("teleported", {}, DeliveryState.SENT),
    ],
)
def test_the_list_also_tells_how_it_went(
    word: str, changes: dict[str, Any], state: DeliveryState
) -> None:
    """A word nobody knows still proves that the carrier has it."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1)
        await crash(world, is_asked=True)
        world.gateway.report("main-1", word, **changes)
        await asyncio.sleep(60)
        assert await world.reconciler().resolve_once() == 1
        assert world.states() == [state]
        (row,) = world.store.rows.attempts.values()
        assert row.progress.carrier_ref == "main-1"

    play(scene)


def test_one_piece_of_news_that_cannot_be_written_stands_alone() -> None:
    """The others are settled; alone, it is the database's fault and is told."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1, 2, 3)
        await crash(world, is_asked=True)

        def check(news: DeliveryEvent) -> None:
            if news.recipient_id == 2:
                raise LookupError("a defect of the owner")

        world.ear.check = check
        await asyncio.sleep(60)
        reconciler = world.reconciler()
        await reconciler.resolve_once()
        states = [DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.SENT]
        assert world.states() == states
        with pytest.raises(LookupError):
            await reconciler.resolve_once()

    play(scene)


def test_an_older_acceptance_of_the_same_words_counts() -> None:
    """Carriers write whole seconds of their own clock, which may be behind."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1)
        (claimed,) = world.claim()
        record = CarrierRecord(
            carrier_ref="SM1",
            to=phone_of(1),
            status="sent",
            created_at=clock.now() - timedelta(seconds=55),
            body="Go up!",
        )
        world.gateway.taken.append(Taken(SMS, claimed.attempt_id, record))
        await asyncio.sleep(30)
        assert await world.reconciler().resolve_once() == 1
        assert world.states() == [DeliveryState.SENT]
        assert world.pool.named("main") is not None
        assert pool_of([], clock).room(SMS) == 0

    play(scene)
