"""The pace holds in every second, and the most urgent goes first."""

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.delivery import Lane
from telephony.sending.pacing import CallSlots, Pacer, TokenBucket


class ManualTime:
    """Seconds that pass only when everybody waits; wake-ups may be late."""

    def __init__(self, late_s: float = 0.0) -> None:
        self.s = 1000.0
        self.late_s = late_s
        self.sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self.s

    async def wait(self, seconds: float) -> None:
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = self.s + seconds + self.late_s
        heapq.heappush(self.sleepers, (due, id(wake), wake))
        await wake

    async def pass_until(self, end_s: float) -> None:
        """Let time pass up to an instant, waking each sleeper at its time."""
        await settle()
        while self.sleepers and self.sleepers[0][0] <= end_s:
            self.s, _, wake = heapq.heappop(self.sleepers)
            if not wake.done():
                wake.set_result(None)
            await settle()
        self.s = end_s


async def settle() -> None:
    """Let every task run until it waits for time."""
    for _ in range(8):
        await asyncio.sleep(0)


def run(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Play a scene."""
    asyncio.run(scene())


def pacer_of(per_s: float, time: ManualTime) -> Pacer:
    """A pacer on manual time."""
    return Pacer(TokenBucket(per_s), now=time.now, wait=time.wait)


async def saturate(per_s: float, seconds: float, late_s: float) -> list[float]:
    """When each request leaves while there is always another one waiting."""
    time, left = ManualTime(late_s), []
    pacer = pacer_of(per_s, time)

    async def customer() -> None:
        while True:
            await pacer.turn(Lane.WARNING)
            left.append(time.s)

    tasks = [asyncio.create_task(customer()) for _ in range(3)]
    # A customer never waits for its own turn only: all three are always in line.
    await time.pass_until(time.s + seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await pacer.aclose()
    return left


def most_in_a_second(instants: list[float]) -> int:
    """Most instants in any half-open second, give or take a microsecond."""
    most, first = 0, 0
    for last, instant in enumerate(instants):
        while instant - instants[first] >= 1 - 1e-6:
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.mark.parametrize("late_s", [0.0, 0.002])
@pytest.mark.parametrize("per_s", [1, 5, 20, 100, 500])
def test_every_second_holds_the_pace(per_s: int, late_s: float) -> None:
    """No second exceeds the pace by 5 %, and the whole is not slower by 5 %."""
    seconds = 6
    instants = asyncio.run(saturate(per_s, seconds, late_s))
    assert most_in_a_second(instants) <= 1.05 * per_s
    assert len(instants) >= 0.95 * per_s * seconds


def test_pace_below_one_a_second() -> None:
    """One call every four seconds is a pace too."""
    assert len(asyncio.run(saturate(0.25, 15, 0.0))) == 4


def test_idle_time_is_not_saved_up() -> None:
    """After a quiet hour the first second is no rush."""

    async def scene() -> None:
        time = ManualTime()
        pacer = pacer_of(100, time)
        time.s += 3600
        left = []

        async def customer() -> None:
            await pacer.turn(Lane.WARNING)
            left.append(time.s)

        tasks = [asyncio.create_task(customer()) for _ in range(300)]
        await time.pass_until(time.s + 0.999)
        assert 95 <= len(left) <= 105
        await time.pass_until(time.s + 5)
        await asyncio.gather(*tasks)

    run(scene)


@given(
    per_s=st.floats(0.1, 5000),
    gaps=st.lists(st.floats(0, 0.3), min_size=1, max_size=200),
)
def test_bucket_never_exceeds_its_pace(per_s: float, gaps: list[float]) -> None:
    """However requests come, no second holds more than the pace and a twentieth."""
    bucket, now, taken = TokenBucket(per_s), 50.0, []
    for gap in gaps:
        now += gap
        while not bucket.delay_s(now):
            bucket.take()
            taken.append(now)
    assert most_in_a_second(taken) <= per_s + int(0.05 * per_s) + 1


def test_urgent_lane_goes_first() -> None:
    """A new cardiac call takes the very next turn whatever is queued."""

    async def scene() -> None:
        time, order = ManualTime(), []
        pacer = pacer_of(10, time)

        async def customer(lane: Lane) -> None:
            await pacer.turn(lane)
            order.append(lane)

        def queue(lane: Lane, n: int) -> list[asyncio.Task[None]]:
            return [asyncio.create_task(customer(lane)) for _ in range(n)]

        tasks = queue(Lane.DRILL, 3) + queue(Lane.WARNING, 3)
        await time.pass_until(time.s + 0.05)
        tasks += queue(Lane.STAND_DOWN, 1) + queue(Lane.DISPATCH, 2)
        await time.pass_until(time.s + 2)
        await asyncio.gather(*tasks)
        assert order[0] is Lane.DRILL
        assert order[1:] == sorted(order[1:])

    run(scene)


def test_cancelled_wait_costs_no_turn() -> None:
    """Who leaves the line is passed over, and the line moves on later too."""

    async def scene() -> None:
        time = ManualTime()
        pacer = pacer_of(10, time)
        await pacer.turn(Lane.WARNING)
        waiting = [asyncio.create_task(pacer.turn(Lane.WARNING)) for _ in range(3)]
        await settle()
        waiting[0].cancel()
        await time.pass_until(time.s + 0.201)
        assert [task.done() for task in waiting] == [True, True, True]
        again = asyncio.create_task(pacer.turn(Lane.WARNING))
        await time.pass_until(time.s + 0.1)
        await again

    run(scene)


def test_closing_sends_everybody_away() -> None:
    """Whoever waits at the end is cancelled; closing an idle pacer does nothing."""

    async def scene() -> None:
        time = ManualTime()
        pacer = pacer_of(1, time)
        await pacer.aclose()
        await pacer.turn(Lane.WARNING)
        waiting = asyncio.create_task(pacer.turn(Lane.WARNING))
        await settle()
        await pacer.aclose()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    run(scene)


def test_slow_down_halves_and_recovers() -> None:
    """ "Too fast" halves the pace at once; it is back after ten quiet seconds."""
    bucket = TokenBucket(100)
    assert bucket.per_s(1000) == 100
    bucket.slow_down(1000)
    assert bucket.per_s(1000) == 50
    bucket.slow_down(1000.5)
    assert bucket.per_s(1000.5) == pytest.approx(52.5)
    bucket.slow_down(1001)
    assert bucket.per_s(1001) == pytest.approx(27.5)
    for second in range(1002, 1020):
        bucket.slow_down(second)
    assert bucket.per_s(1019) >= 5
    assert bucket.per_s(1040) == 100


def test_pause_the_carrier_asked_for() -> None:
    """``Retry-After`` closes the bucket altogether; the longest wish counts."""

    async def scene() -> None:
        time = ManualTime()
        pacer = pacer_of(100, time)
        pacer.slow_down(2)
        pacer.slow_down(1)
        pacer.slow_down()
        assert pacer.per_s() == 50
        waiting = asyncio.create_task(pacer.turn(Lane.DISPATCH))
        await time.pass_until(time.s + 1.9)
        assert not waiting.done()
        await time.pass_until(time.s + 0.2)
        await waiting

    run(scene)


def test_a_part_of_the_pace_is_exact_and_stays_slowed() -> None:
    """What a worker may send changes with the number of workers, at once."""
    bucket = TokenBucket(90)
    bucket.set_part(30, 0)
    assert bucket.per_s(0) == 30
    bucket.slow_down(0)
    bucket.set_part(90, 0)
    assert bucket.per_s(0) == 45
    bucket.set_part(90, 10)
    assert bucket.per_s(10) == 90


def test_a_smaller_part_keeps_no_more_tokens_than_it_may() -> None:
    """Or the first second of a new worker would see both."""
    bucket = TokenBucket(1_000)
    assert bucket.delay_s(0) == 0
    assert bucket.delay_s(100) == 0
    bucket.set_part(10, 100)
    bucket.take()
    assert bucket.delay_s(100) == pytest.approx(0.1)


def test_lines_may_become_fewer_or_none() -> None:
    """Calls under way go on; who waits goes when there are lines again."""

    async def scene() -> None:
        slots = CallSlots(2)
        await slots.take(Lane.WARNING)
        slots.set_limit(0)
        assert (slots.n_free, slots.limit) == (0, 0)
        waiting = asyncio.create_task(slots.take(Lane.WARNING))
        await settle()
        slots.give_back()
        await settle()
        assert not waiting.done()
        slots.set_limit(1)
        await waiting

    run(scene)


@pytest.mark.parametrize("per_s", [0.0, -1.0, float("nan")])
def test_pace_that_sends_nothing_is_refused(per_s: float) -> None:
    """A pace of nothing is a mistake in the settings."""
    with pytest.raises(ValueError, match="use above 0"):
        TokenBucket(per_s)


def test_clock_that_stands_still_gives_nothing() -> None:
    """A clock that goes back does not take tokens away."""
    bucket = TokenBucket(10)
    assert bucket.delay_s(1000) == 0
    bucket.take()
    assert bucket.delay_s(999) == pytest.approx(0.1)
    assert bucket.delay_s(999.1) == 0


def test_call_slots_bound_calls_at_once() -> None:
    """No more calls than allowed; the urgent one gets the next free slot."""

    async def scene() -> None:
        slots, order = CallSlots(2), []

        async def call(lane: Lane) -> None:
            await slots.take(lane)
            order.append(lane)

        await call(Lane.WARNING)
        await call(Lane.WARNING)
        assert slots.n_free == 0
        tasks = [
            asyncio.create_task(call(lane)) for lane in (Lane.DRILL, Lane.DISPATCH)
        ]
        await settle()
        slots.give_back()
        await settle()
        assert order[2:] == [Lane.DISPATCH]
        slots.set_in_use(0)
        await asyncio.gather(*tasks)
        assert (order[3:], slots.n_free) == ([Lane.DRILL], 1)
        slots.give_back(5)
        assert slots.n_free == 2

    run(scene)


def test_rows_are_the_truth_about_calls() -> None:
    """More calls than the limit, found in the rows after a restart, block."""
    slots = CallSlots(2)
    slots.set_in_use(7)
    assert slots.n_free == 0


def test_cancelled_wait_for_a_slot_takes_none() -> None:
    """In line or in the moment of the giving: the slot goes to the next."""

    async def scene() -> None:
        slots = CallSlots(1)
        await slots.take(Lane.WARNING)
        tasks = [asyncio.create_task(slots.take(Lane.WARNING)) for _ in range(3)]
        await settle()
        tasks[0].cancel()
        await settle()
        slots.give_back()
        tasks[1].cancel()
        await tasks[2]
        assert (tasks[1].cancelled(), slots.n_free) == (True, 0)

    run(scene)


def test_limit_of_no_calls_is_refused() -> None:
    """A carrier that may hold no call is a mistake in the settings."""
    with pytest.raises(ValueError, match="use 1 up"):
        CallSlots(0)
