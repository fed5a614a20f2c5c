"""A sender when the database refuses, a defect shows, or it is told to end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from telephony.carriers.gateway import FailureClass
from telephony.delivery import AttemptState, Channel, DeliveryState
from telephony.sending import sender as sender_module
from telephony.strange_words import StrangeWord
from tests.unit.telephony.fake_gateway import FakeGateway, refused
from tests.unit.telephony.virtual_time import VirtualClock, play
from tests.unit.telephony.world import World, phone_of

SMS, VOICE = Channel.SMS, Channel.VOICE


class Weather:
    """Makes the database refuse for a while."""

    def __init__(self, world: World) -> None:
        self._open = world.new_uow
        self.is_bad = False
        self.n_refused = 0
        world.new_uow = self.unit_of_work

    def unit_of_work(self) -> Any:
        if self.is_bad:
            self.n_refused += 1
            raise OSError("database is locked")
        return self._open()


def test_a_database_that_refuses_stops_the_sending_and_loses_nothing() -> None:
    """Claims, answers and counts are tried again until it is back."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock, sms_per_s=100)
        weather = Weather(world)
        world.gateway.latency_s = 0.5
        world.order(*range(60))
        stop = asyncio.Event()
        running = asyncio.create_task(world.sender().run(stop))
        await asyncio.sleep(0.3)
        weather.is_bad = True
        await asyncio.sleep(6)
        n_asked = len(world.gateway.asked)
        assert 0 < n_asked < 60
        assert weather.n_refused > 5
        weather.is_bad = False
        await asyncio.sleep(5)
        stop.set()
        await running
        assert world.states() == [DeliveryState.SENT] * 60
        assert set(world.gateway.numbers().values()) == {1}

    play(scene)


def test_a_database_that_is_gone_does_not_keep_a_worker_from_stopping() -> None:
    """What is not recorded is reconciled by the next one."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        weather = Weather(world)
        world.gateway.latency_s = 1
        world.order(1)
        stop = asyncio.Event()
        running = asyncio.create_task(world.sender().run(stop))
        await asyncio.sleep(0.5)
        weather.is_bad = True
        stop.set()
        await asyncio.wait_for(running, 5)
        assert world.attempts() == [AttemptState.INTENDED]

    play(scene)


def test_one_answer_that_cannot_be_recorded_does_not_hold_up_the_others() -> None:
    """It is left to reconciling; the rest of its batch is written."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)

        def check(news: Any) -> None:
            if news.recipient_id == 2:
                raise LookupError("a defect of the owner")

        world.ear.check = check
        world.order(1, 2, 3)
        await world.send_for(1)
        assert world.attempts() == [
            AttemptState.ACCEPTED,
            AttemptState.INTENDED,
            AttemptState.ACCEPTED,
        ]

    play(scene)


def test_an_attempt_that_broke_before_asking_is_left_to_reconciling(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is counted out again, so that room is not lost with it."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(world.pool), "choose", None)
            await world.send_for(0.5)
        assert world.attempts() == [AttemptState.INTENDED]

    play(scene)
    assert "attempt was not made" in caplog.text


def test_a_defect_in_the_sender_itself_ends_it_loudly() -> None:
    """A worker that no longer sends must not look alive: its keeper starts another."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(world.carrier), "room", None)
            with pytest.raises(ExceptionGroup):
                await world.sender().run(asyncio.Event())

    play(scene)


def test_a_cancelled_sender_is_gone_at_once() -> None:
    """Like a crash: what it had asked for is reconciled."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock, FakeGateway(now=clock.now, latency_s=8))
        world.order(1)
        running = asyncio.create_task(world.sender().run(asyncio.Event()))
        await asyncio.sleep(1)
        running.cancel()
        await asyncio.wait({running})
        assert clock.s == pytest.approx(1)
        assert world.attempts() == [AttemptState.INTENDED]

    play(scene)


def test_many_texts_are_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the latest stay in memory; each is sent right all the same."""

    monkeypatch.setattr(sender_module, "_MAX_CONTENTS", 20)

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        for n in range(25):
            world.order(n, text=f"No {n}")
        sender, stop = world.sender(), asyncio.Event()
        running = asyncio.create_task(sender.run(stop))
        await asyncio.sleep(3)
        stop.set()
        await running
        said = {one.to: one.body for one in world.gateway.texts_asked}
        assert said == {phone_of(n): f"No {n}" for n in range(25)}
        assert len(sender._contents) < 20

    play(scene)


def test_nothing_leaves_before_the_time_that_the_carrier_asked_for() -> None:
    """``Retry-After`` holds for everybody's texts there, and calls go on."""

    async def scene(clock: VirtualClock) -> None:
        wish = refused(
            FailureClass.NOT_PROCESSED, code="20429", http_status=429, retry_after_s=7.0
        )
        world = World(clock, FakeGateway(now=clock.now, fates=[wish]))
        world.order(1)
        await world.send_for(0.5)
        world.order(2)
        world.order(3, channel=VOICE)
        stop = asyncio.Event()
        running = asyncio.create_task(world.sender().run(stop))
        await asyncio.sleep(5)
        assert list(world.gateway.numbers()) == [phone_of(3)]
        await asyncio.sleep(5)
        stop.set()
        await running
        assert world.gateway.numbers() == {phone_of(n): 1 for n in (1, 2, 3)}

    play(scene)


def test_a_code_that_no_table_has_is_counted_and_follows_its_status() -> None:
    """A known one is not, and neither is an answer without any."""

    async def scene(clock: VirtualClock) -> None:
        fates = [
            refused(FailureClass.PERSON, code=code, http_status=400)
            for code in ("29999", "21211", "http_400")
        ]
        world = World(clock, FakeGateway(now=clock.now, fates=fates))
        world.order(1, 2, 3)
        await world.send_for(0.4)
        assert world.states() == [DeliveryState.FAILED] * 3
        strange = {StrangeWord("main", "code", "29999"): 1}
        assert world.store.rows.strange_words == strange

    play(scene)
