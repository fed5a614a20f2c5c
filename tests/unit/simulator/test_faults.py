"""Faults on command: drawn in their shares, and felt by the customer."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from simulator.config import Dialect
from simulator.errors import ControlError, SimulatorConfigError
from simulator.faults import (
    CallbackFault,
    FaultPlan,
    Faults,
    GarbledAnswer,
    RequestFault,
)
from simulator.http_protocol import Request, Response

PHONE = "+85512345678"
MakeRig = Callable[..., Any]


def faults(plan: FaultPlan, now: Callable[[], float] = lambda: 0.0) -> Faults:
    return Faults(plan, rng=random.Random(1), now=now)


def test_shares() -> None:
    """Each fault strikes in its share; the rest of the requests pass."""
    drawn = faults(FaultPlan(too_many=0.2, drop_after=0.3, callback_lost=0.5))
    seen = Counter(drawn.for_request() for _ in range(10_000))
    assert seen[RequestFault.TOO_MANY] == pytest.approx(2000, abs=150)
    assert seen[RequestFault.DROP_AFTER] == pytest.approx(3000, abs=150)
    assert seen[None] == pytest.approx(5000, abs=150)
    callbacks = Counter(drawn.for_callback() for _ in range(10_000))
    assert callbacks[CallbackFault.LOST] == pytest.approx(5000, abs=150)


def test_an_outage_ends() -> None:
    """Down for a while means up afterwards; a plan can be down until told otherwise."""
    clock = [0.0]
    drawn = faults(FaultPlan(), lambda: clock[0])
    drawn.go_down(60.0)
    assert drawn.is_down
    clock[0] = 61.0
    assert not drawn.is_down
    drawn.use(FaultPlan(down=True))
    assert drawn.is_down


def test_latency_is_within_bounds() -> None:
    """The delay of an answer is drawn between the two bounds."""
    drawn = faults(FaultPlan(latency_min_s=0.1, latency_max_s=0.2))
    assert all(0.1 <= drawn.latency_s() <= 0.2 for _ in range(100))
    assert faults(FaultPlan()).latency_s() == 0.0


@pytest.mark.parametrize(
    "values",
    [
        {"too_many": 1.1},
        {"too_many": 0.6, "drop_after": 0.6},
        {"callback_lost": 0.6, "callback_repeated": 0.6},
        {"error_after": -0.1},
        {"latency_min_s": 2.0, "latency_max_s": 1.0},
    ],
)
def test_impossible_plans(values: dict[str, Any]) -> None:
    """Shares outside 0..1, sums above 1 and bounds the wrong way round are errors."""
    with pytest.raises(SimulatorConfigError):
        FaultPlan(**values)


@pytest.mark.parametrize(
    "values", [{"nonsense": 1}, {"garbled_as": "x"}, {"down": {}, "too_many": "a"}]
)
def test_impossible_json(values: dict[str, Any]) -> None:
    """A wrong field or value over the control interface is an error with a sentence."""
    with pytest.raises(ControlError):
        FaultPlan.from_json(values)


def test_json_round_trip() -> None:
    """A plan survives its JSON form."""
    plan = FaultPlan(too_many=0.1, garbled_after=0.2, garbled_as=GarbledAnswer.EMPTY)
    assert FaultPlan.from_json(plan.to_json()) == plan


async def create(rig: Any) -> Response:
    """Send one message and return the raw answer."""
    body = f"To=%2B{PHONE[1:]}&From=1294&Body=x".encode()
    headers = {"authorization": rig.authorization}
    path = f"{rig.telco.rules.root}/Messages.json"
    answer: Response = await rig.ask(Request("POST", path, "", headers, body))
    return answer


@pytest.mark.parametrize(
    ("fault", "is_accepted"),
    [
        ("too_many", False),
        ("error_before", False),
        ("drop_before", False),
        ("error_after", True),
        ("drop_after", True),
        ("garbled_after", True),
    ],
)
def test_before_and_after(
    make_rig: MakeRig, dialect: Dialect, fault: str, is_accepted: bool
) -> None:
    """A fault before leaves nothing behind; one after hides an accepted message."""
    rig = make_rig(dialect=dialect, faults=FaultPlan(**{fault: 1.0}))

    async def story() -> None:
        response = await create(rig)
        assert response.drop == fault.startswith("drop")
        assert len(rig.telco.ledger.messages) == int(is_accepted)
        if fault == "too_many":
            assert response.status == 429
            assert dict(response.headers) == {"Retry-After": "1"}
        if fault.startswith("error"):
            assert response.status == 500
        assert rig.telco.ledger.counters[f"faults.{fault}"] == 1

    rig.play(story)


@pytest.mark.parametrize("shape", list(GarbledAnswer))
def test_garbled_answers(make_rig: MakeRig, shape: GarbledAnswer) -> None:
    """Every shape of broken answer hides an accepted message."""
    rig = make_rig(faults=FaultPlan(garbled_after=1.0, garbled_as=shape))

    async def story() -> None:
        response = await create(rig)
        assert len(rig.telco.ledger.messages) == 1
        match shape:
            case GarbledAnswer.HTML:
                assert response.content_type == "text/html"
            case GarbledAnswer.EMPTY:
                assert (response.status, response.body) == (201, b"")
            case GarbledAnswer.REDIRECT:
                assert response.status == 307
            case _:
                assert response.missing_bytes > 0
                assert response.stall == (shape is GarbledAnswer.STALLED)

    rig.play(story)


def test_down(make_rig: MakeRig) -> None:
    """A carrier that is down breaks every connection; the control interface answers."""
    rig = make_rig()

    async def story() -> None:
        await rig.control("POST", "outage", {"seconds": 60})
        assert (await create(rig)).drop
        assert (await rig.control("GET", "counters"))["now"]["is_down"]
        rig.seconds = 61.0
        assert (await create(rig)).status == 201

    rig.play(story)


def test_latency(make_rig: MakeRig) -> None:
    """Answers are held back, control answers are not."""
    rig = make_rig(faults=FaultPlan(latency_min_s=0.1, latency_max_s=0.1))

    async def story() -> None:
        assert (await create(rig)).delay_s == pytest.approx(0.1)

    rig.play(story)
