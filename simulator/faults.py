"""Faults on command: what goes wrong, how often, and who decides it.

A `FaultPlan` is a value (from the settings or over the control interface); `Faults`
holds the plan of the moment and draws, seeded, what happens to each request and each
callback. Nothing here does any input or output.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, TypeVar

from simulator.errors import ControlError, SimulatorConfigError
from simulator.json_fields import fields_given

_FaultT = TypeVar("_FaultT", bound=Enum)


class RequestFault(Enum):
    """What happens to one API request. The value is the field of `FaultPlan`."""

    #: 429 with `Retry-After`; not processed.
    TOO_MANY = "too_many"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    #: Processed, and the answer is broken: see `GarbledAnswer`.
    GARBLED_AFTER = "garbled_after"


class GarbledAnswer(Enum):
    """Shapes of a broken answer; all of them after the request was accepted."""

    HTML = "html"
    EMPTY = "empty"
    #: Announces more bytes than it sends, then closes.
    TRUNCATED = "truncated"
    REDIRECT = "redirect"
    #: Sends the head and then nothing, for ever.
    STALLED = "stalled"


class CallbackFault(Enum):
    """What happens to one callback."""

    LOST = "callback_lost"
    REPEATED = "callback_repeated"
    DISORDERED = "callback_disordered"


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultPlan:
    """Shares (0 to 1) of requests or callbacks that meet each fault.

    The request shares are exclusive and sum to at most 1, the callback shares too.
    """

    #: Real seconds before each answer, evenly drawn between the two.
    latency_min_s: float = 0.0
    latency_max_s: float = 0.0
    too_many: float = 0.0
    #: What `Retry-After` says, seconds.
    retry_after_s: int = 1
    error_before: float = 0.0
    error_after: float = 0.0
    drop_before: float = 0.0
    drop_after: float = 0.0
    garbled_after: float = 0.0
    garbled_as: GarbledAnswer = GarbledAnswer.HTML
    callback_lost: float = 0.0
    callback_repeated: float = 0.0
    callback_disordered: float = 0.0
    #: Refuse every connection's requests: the carrier is down.
    down: bool = False

    def __post_init__(self) -> None:
        requests = sum(getattr(self, fault.value) for fault in RequestFault)
        callbacks = sum(getattr(self, fault.value) for fault in CallbackFault)
        if max(requests, callbacks) > 1.0 + 1e-9:
            raise SimulatorConfigError("the shares of one kind of fault exceed 1")
        for fault in (*RequestFault, *CallbackFault):
            if not 0.0 <= getattr(self, fault.value) <= 1.0:
                raise SimulatorConfigError(f"{fault.value} must be between 0 and 1")
        if not 0.0 <= self.latency_min_s <= self.latency_max_s:
            raise SimulatorConfigError(
                "latency_min_s must be between 0 and the maximum"
            )

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> FaultPlan:
        """Build a plan from a JSON object; fields left out are off.

        Raises
        ------
        ControlError
            For a field that does not exist or a value it cannot have.
        """
        given = fields_given(cls, values, "fault")
        try:
            if "garbled_as" in given:
                given["garbled_as"] = GarbledAnswer(given["garbled_as"])
            return cls(**given)
        except (TypeError, ValueError) as error:
            raise ControlError(f"faults: {error}") from error

    def to_json(self) -> dict[str, Any]:
        """Return the plan as a JSON object."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**values, "garbled_as": self.garbled_as.value}


class Faults:
    """Draws what happens, from the plan of the moment.

    Parameters
    ----------
    plan : FaultPlan
        In force until `use` is called.
    rng : random.Random
        Source of chance; seeded, so that a run can be repeated.
    now : callable
        Monotonic seconds, for the end of an outage.
    """

    def __init__(
        self, plan: FaultPlan, *, rng: random.Random, now: Callable[[], float]
    ) -> None:
        self._rng = rng
        self._now = now
        self._down_until = 0.0
        self.use(plan)

    @property
    def plan(self) -> FaultPlan:
        """The plan in force."""
        return self._plan

    def use(self, plan: FaultPlan) -> None:
        """Put another plan in force; an outage for a while ends."""
        self._plan = plan
        self._down_until = 0.0
        self._on_request = _marks(plan, RequestFault)
        self._on_callback = _marks(plan, CallbackFault)

    def go_down(self, seconds: float) -> None:
        """Be down for so many real seconds from now."""
        self._down_until = self._now() + seconds

    @property
    def is_down(self) -> bool:
        """Whether the carrier refuses everything now."""
        if self._plan.down:
            return True
        return bool(self._down_until) and self._now() < self._down_until

    def for_request(self) -> RequestFault | None:
        """Draw what happens to the next API request."""
        return self._draw(self._on_request)

    def for_callback(self) -> CallbackFault | None:
        """Draw what happens to the next callback."""
        return self._draw(self._on_callback)

    def latency_s(self) -> float:
        """Draw how long the next answer is held back, real seconds."""
        plan = self._plan
        if plan.latency_max_s <= 0.0:
            return 0.0
        return self._rng.uniform(plan.latency_min_s, plan.latency_max_s)

    def _draw(self, marks: tuple[tuple[float, _FaultT], ...]) -> _FaultT | None:
        if not marks:
            return None
        draw = self._rng.random()
        return next((fault for mark, fault in marks if draw < mark), None)


def _marks(plan: FaultPlan, kind: type[_FaultT]) -> tuple[tuple[float, _FaultT], ...]:
    """Upper ends of each fault's stretch of [0, 1), without the ones that are off."""
    marks: list[tuple[float, _FaultT]] = []
    top = 0.0
    for fault in kind:
        share = float(getattr(plan, fault.value))
        if share:
            top += share
            marks.append((top, fault))
    return tuple(marks)
