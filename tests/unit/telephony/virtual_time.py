"""Hours in a moment: an event loop whose clock jumps to whatever is due next."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

START = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


class VirtualClock:
    """Both clocks of a test; stands still while anything can run."""

    def __init__(self) -> None:
        self.s = 0.0

    def monotonic(self) -> float:
        return self.s

    def now(self) -> datetime:
        return START + timedelta(seconds=self.s)


class _Selector(selectors.SelectSelector):
    """Where a real loop would wait, time jumps."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> Any:
        assert timeout is not None, "everybody waits for something that never comes"
        self._clock.s += max(0.0, timeout)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    """A loop on which it is as late as the clock says."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(_Selector(clock))
        self._clock = clock

    def time(self) -> float:
        return self._clock.monotonic()


def play(
    scene: Callable[[VirtualClock], Coroutine[Any, Any, T]],
    clock: VirtualClock | None = None,
) -> T:
    """Run a scene on virtual time; all tasks of the loop end with it."""
    clock = clock or VirtualClock()

    with asyncio.Runner(loop_factory=lambda: _Loop(clock)) as runner:
        return runner.run(scene(clock))


class InlineExecutor(Executor):
    """Does the work at once, on the caller's thread."""

    def submit(self, work: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(work(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - handed on, as threads do
            done.set_exception(error)
        return done
