"""One heap of things to do later."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from simulator.timers import Timers


@given(delays=st.lists(st.integers(0, 50), max_size=60))
def test_order(delays: list[int]) -> None:
    """Actions run by time, and those of one time in the order they were given."""
    clock, ran = [0.0], []
    timers = Timers(lambda: clock[0], time_scale=10.0)
    for number, delay in enumerate(delays):
        timers.after(delay * 10.0, lambda *args: ran.append(args), delay, number)
    while timers.next_due_s is not None:
        clock[0] = timers.next_due_s
        timers.run_due()
    assert ran == sorted(ran)
    assert len(ran) == len(delays)


def test_scale() -> None:
    """Virtual seconds are divided by the scale; real ones are not."""
    timers = Timers(lambda: 0.0, time_scale=20.0)
    assert (timers.real_s(60.0), timers.virtual_s(3.0)) == (3.0, 60.0)
    timers.after(60.0, print)
    assert timers.next_due_s == 3.0
    timers.after_real(1.0, print)
    assert timers.next_due_s == 1.0
    timers.clear()
    assert (len(timers), timers.next_due_s) == (0, None)


def test_the_loop_is_woken() -> None:
    """On a loop, what is due at once runs without anybody's help."""

    async def story() -> None:
        loop = asyncio.get_running_loop()
        timers = Timers(loop.time)
        timers.drive(loop)
        await asyncio.wait_for(timers.sleep(0.001), 5)
        await timers.sleep_real(0.0)

    asyncio.run(story())
