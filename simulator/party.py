"""Who is at the phone: a simulated citizen, or a person through the control interface.

A party rings, listens, presses keys and speaks. It keeps virtual seconds since the
answer; `HungUpError` out of any method ends the call from its side.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from simulator.citizens import CallFate, CallPlan
from simulator.errors import SimulatorError
from simulator.timers import Timers
from simulator.twiml import Gather, Record


class HungUpError(SimulatorError):
    """The party has put the phone down."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was recorded."""

    duration_s: float
    #: The key pressed, or ``hangup``, or empty: it ended by itself.
    ended_by: str


class Party(Protocol):
    """One phone during one call."""

    @property
    def elapsed_s(self) -> float:
        """Virtual seconds since the answer."""
        ...

    async def ring(self, limit_s: float) -> CallFate:
        """Ring until it is answered or not, at most `limit_s` virtual seconds."""
        ...

    async def listen(self, duration_s: float) -> None:
        """Hear something of so many virtual seconds."""
        ...

    async def press(self, gather: Gather, prompt_s: float) -> str:
        """Hear prompts, press keys; the keys, without the one that ends."""
        ...

    async def speak(self, record: Record) -> Spoken | None:
        """Speak after the tone; None for silence."""
        ...

    def pass_over(self, duration_s: float) -> None:
        """Count virtual seconds spent talking with someone else."""
        ...


class CitizenParty:
    """A simulated person, following a plan.

    Parameters
    ----------
    plan : CallPlan
        Of this call.
    timers : Timers
        Waits in virtual seconds.
    """

    def __init__(self, plan: CallPlan, timers: Timers) -> None:
        self._plan = plan
        self._timers = timers
        self._keys = list(plan.keys)
        self._elapsed_s = 0.0

    @property
    def elapsed_s(self) -> float:
        """Virtual seconds since the answer."""
        return self._elapsed_s

    async def ring(self, limit_s: float) -> CallFate:
        """Ring as long as the plan says."""
        plan = self._plan
        if plan.ring_s >= limit_s and plan.fate is not CallFate.DEAD:
            await self._timers.sleep(limit_s)
            return CallFate.NO_ANSWER
        await self._timers.sleep(plan.ring_s)
        return plan.fate

    async def listen(self, duration_s: float) -> None:
        """Hear it, or ring off when patience ends."""
        await self._pass(duration_s)

    async def press(self, gather: Gather, prompt_s: float) -> str:
        """Press this question's keys after the reaction time."""
        keys = self._keys.pop(0) if self._keys else ""
        digits, is_ended = "", False
        for key in keys:
            if key == gather.finish_on_key:
                is_ended = True
                break
            digits += key
            if gather.is_complete(digits):
                is_ended = True
                break
        if not keys:
            await self._pass(prompt_s + gather.timeout_s)
            return ""
        # Keys are pressed into the prompt; one second lies between two of them.
        pressing_s = self._plan.reaction_s + len(digits) - 1
        await self._pass(pressing_s + (0.0 if is_ended else gather.timeout_s))
        return digits

    async def speak(self, record: Record) -> Spoken | None:
        """Speak as long as the plan says."""
        spoken_s = min(self._plan.speaks_s, record.max_length_s)
        if spoken_s <= 0.0:
            await self._pass(record.timeout_s)
            return None
        await self._pass(spoken_s)
        if not record.finish_on_key:
            await self._pass(record.timeout_s)
            return Spoken(spoken_s, "")
        return Spoken(spoken_s, record.finish_on_key[-1])

    def pass_over(self, duration_s: float) -> None:
        """Count them: they have passed in the other call."""
        self._elapsed_s += duration_s

    async def _pass(self, duration_s: float) -> None:
        left_s = self._plan.patience_s - self._elapsed_s
        if duration_s < left_s:
            self._elapsed_s += duration_s
            await self._timers.sleep(duration_s)
            return
        self._elapsed_s += max(left_s, 0.0)
        await self._timers.sleep(left_s)
        raise HungUpError("the person has rung off")


class HumanParty:
    """A real person, at real speed: a virtual second is a second here.

    Parameters
    ----------
    now : callable
        Monotonic seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._answered_at: float | None = None
        self._pickup: asyncio.Future[CallFate] | None = None
        self._keys: asyncio.Queue[str | None] = asyncio.Queue()
        self._is_gone = False

    @property
    def elapsed_s(self) -> float:
        """Seconds since the answer."""
        return 0.0 if self._answered_at is None else self._now() - self._answered_at

    @property
    def is_ringing(self) -> bool:
        """Whether it rings now."""
        return self._pickup is not None and not self._pickup.done()

    def start_talking(self) -> None:
        """Begin as one who has called himself."""
        self._answered_at = self._now()

    def answer(self) -> bool:
        """Pick up; False if it does not ring."""
        return self._settle(CallFate.ANSWERED)

    def hang_up(self) -> None:
        """Put the phone down, or refuse the ringing call."""
        if not self._settle(CallFate.BUSY):
            self._is_gone = True
            self._keys.put_nowait(None)

    def press_keys(self, keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self._keys.put_nowait(key)

    async def ring(self, limit_s: float) -> CallFate:
        """Ring until the person does something."""
        self._pickup = asyncio.get_running_loop().create_future()
        try:
            fate = await asyncio.wait_for(self._pickup, limit_s)
        except TimeoutError:
            return CallFate.NO_ANSWER
        self._answered_at = self._now()
        return fate

    async def listen(self, duration_s: float) -> None:
        """Hear it; keys pressed meanwhile are lost."""
        until = self._now() + duration_s
        while (wait_s := until - self._now()) > 0.0:
            if await self._next_key(wait_s) is None:
                return

    async def press(self, gather: Gather, prompt_s: float) -> str:
        """Collect keys until they are complete or silence ends it."""
        digits, wait_s = "", prompt_s + gather.timeout_s
        while not gather.is_complete(digits):
            key = await self._next_key(wait_s)
            if key is None or key == gather.finish_on_key:
                break
            digits += key
            wait_s = gather.timeout_s
        return digits

    async def speak(self, record: Record) -> Spoken | None:
        """Speak until a key; the length is what counts, there is no microphone."""
        began = self._now()
        while True:
            left_s = record.max_length_s - (self._now() - began)
            try:
                key = await self._next_key(left_s)
            except HungUpError:
                return Spoken(self._now() - began, "hangup")
            if key is None or key in record.finish_on_key:
                return Spoken(self._now() - began, key or "")

    def pass_over(self, duration_s: float) -> None:
        """Do nothing: a person's clock has counted them."""

    async def _next_key(self, wait_s: float) -> str | None:
        """Key pressed within so many seconds, or None.

        Raises
        ------
        HungUpError
            If the person rings off first.
        """
        if self._is_gone:
            raise HungUpError("the person has rung off")
        try:
            key = await asyncio.wait_for(self._keys.get(), wait_s)
        except TimeoutError:
            return None
        if key is None:
            raise HungUpError("the person has rung off")
        return key

    def _settle(self, fate: CallFate) -> bool:
        if self._pickup is None or self._pickup.done():
            return False
        self._pickup.set_result(fate)
        return True
