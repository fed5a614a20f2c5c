"""Workers that share carriers: joining, beating, leaving, obeying."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self, cast

from ops.health import CLOCK, SENDING, SILENCE
from ops.ports import Database
from ops.processes.membership import JOIN_S, Membership
from telephony.carriers.gateway import FailureClass
from telephony.delivery import Channel
from tests.unit.telephony.fake_gateway import FakeGateway
from tests.unit.telephony.virtual_time import VirtualClock
from tests.unit.telephony.world import carrier_of, pool_of

Beat = tuple[datetime, Mapping[str, str]]


@dataclass
class FakeDatabase:
    """Signs of life and orders; its own unit of work."""

    beats: dict[str, Beat] = field(default_factory=dict)
    orders: dict[str, datetime] = field(default_factory=dict)
    n_workers: int = 0
    is_full: bool = False

    def unit_of_work(self) -> Self:
        return self

    @property
    def heartbeats(self) -> Self:
        return self

    @property
    def carrier_resumes(self) -> Any:
        return _Orders(self.orders)

    def new_number(self) -> int:
        self.n_workers += 1
        return self.n_workers

    def beat(self, name: str, *, now: datetime, facts: Mapping[str, str]) -> None:
        self.beats[name] = (now, dict(facts))

    def since(self, then: datetime, *, prefix: str) -> Mapping[str, Beat]:
        return {
            name: beat
            for name, beat in self.beats.items()
            if name.startswith(prefix) and beat[0] >= then
        }

    def forget(self, *, prefix: str, before: datetime) -> None:
        for name, (at, _) in list(self.beats.items()):
            if name.startswith(prefix) and at < before:
                del self.beats[name]

    def gone(self, name: str) -> None:
        del self.beats[name]

    def commit(self) -> None:
        if self.is_full:
            raise OSError("full")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


@dataclass
class _Orders:
    at: Mapping[str, datetime]

    def since(self, then: datetime) -> Sequence[str]:
        return [name for name, at in self.at.items() if at > then]


class Crew:
    """Workers on one database, which wait in no time."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.database = FakeDatabase()
        self.waited: list[float] = []
        self.trouble = ""
        self.ahead = timedelta(0)

    def worker(self, *, is_only: bool = False) -> Membership:
        carrier = carrier_of(FakeGateway(now=self.clock.now), self.clock, sms_per_s=90)
        self.pool = pool_of([carrier], self.clock)

        async def wait(seconds: float) -> None:
            self.waited.append(seconds)

        return Membership(
            database=cast("Database", self.database),
            pool=self.pool,
            trouble=lambda: self.trouble,
            now=self.clock.now,
            compare_clocks=lambda: self.ahead,
            is_only=is_only,
            wait=wait,
        )


def test_a_worker_alone_starts_at_once() -> None:
    """With all of every pace; those that died before are forgotten."""
    crew = Crew()
    old = crew.clock.now() - SILENCE - timedelta(seconds=1)
    crew.database.beats["worker:0"] = (old, {})
    asyncio.run(crew.worker().join())
    assert list(crew.database.beats) == ["worker:1"]
    assert (crew.waited, crew.pool.share.part) == ([], 1)


def test_on_sqlite_whoever_died_a_moment_ago_takes_no_part() -> None:
    """There is one worker: started again at once, it has all of the pace at once."""
    crew = Crew()
    asyncio.run(crew.worker(is_only=True).join())
    asyncio.run(crew.worker(is_only=True).join())
    assert (crew.waited, crew.pool.share.part) == ([], 1)
    assert list(crew.database.beats) == ["worker:2"]


def test_the_second_waits_until_the_first_has_made_room() -> None:
    """Together they never ask for more than one would."""
    crew = Crew()
    first = crew.worker()
    firsts = crew.pool
    asyncio.run(first.join())
    second = crew.worker()
    asyncio.run(second.join())
    assert crew.waited == [JOIN_S]
    assert crew.pool.share.part == 1 / 2
    asyncio.run(first.beat())
    assert firsts.share.part == 1 / 2
    assert [firsts.worker, crew.pool.worker] == [1, 2]


def test_who_leaves_makes_room_at_once_and_who_dies_a_little_later() -> None:
    """The part of the dead is lost for as long as they may still be alive."""
    crew = Crew()
    first = crew.worker()
    firsts = crew.pool
    asyncio.run(first.join())
    for is_orderly in (True, False):
        other = crew.worker()
        asyncio.run(other.join())
        if is_orderly:
            asyncio.run(other.leave())
        else:
            crew.clock.s += SILENCE.total_seconds() + 1
        asyncio.run(first.beat())
        assert firsts.share.part == 1


def test_what_stops_sending_is_told_with_the_carriers() -> None:
    """Where the web server finds it."""
    crew = Crew()
    worker = crew.worker()
    asyncio.run(worker.join())
    assert crew.database.beats["worker:1"][1] == {"main": ""}
    crew.trouble = "The disk is full."
    crew.pool.fault("main", Channel.SMS, FailureClass.CARRIER, "Suspended.")
    asyncio.run(worker.beat())
    facts = crew.database.beats["worker:1"][1]
    assert facts[SENDING] == "The disk is full."
    assert facts["main"].startswith("Suspended.")


def test_a_wrong_clock_is_told_of() -> None:
    """Until it is right again."""
    crew = Crew()
    crew.ahead = timedelta(seconds=-61)
    worker = crew.worker()
    asyncio.run(worker.join())
    facts = crew.database.beats["worker:1"][1]
    assert "61 s behind the database's" in facts[CLOCK]
    crew.ahead = timedelta(seconds=4)
    asyncio.run(worker.beat())
    assert CLOCK not in crew.database.beats["worker:1"][1]


def test_an_operator_resumes_a_carrier() -> None:
    """Every worker obeys an order that came since it looked last, once."""
    crew = Crew()
    worker = crew.worker()
    asyncio.run(worker.join())
    for is_ordered in (False, True):
        crew.clock.s += 10
        crew.pool.fault("main", Channel.SMS, FailureClass.SENDER, "Not ours.")
        if is_ordered:
            crew.database.orders = {"main": crew.clock.now(), "gone": crew.clock.now()}
            crew.clock.s += 1
        asyncio.run(worker.beat())
        assert (crew.pool.alarms() == {}) is is_ordered
    crew.clock.s += 10
    asyncio.run(worker.beat())
    crew.clock.s += 10
    crew.pool.fault("main", Channel.SMS, FailureClass.SENDER, "Not ours.")
    asyncio.run(worker.beat())
    assert crew.pool.alarms()


def test_a_full_disk_does_not_keep_a_worker_from_ending() -> None:
    """The others notice by themselves."""
    crew = Crew()
    worker = crew.worker()
    asyncio.run(worker.join())
    crew.database.is_full = True
    asyncio.run(worker.leave())
