"""The manual names everything that can be set."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from simulator.citizens import CitizenMix
from simulator.faults import FaultPlan
from simulator.phones import Forced

MANUAL = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text()


@pytest.mark.parametrize("kind", [CitizenMix, FaultPlan, Forced])
def test_every_field_is_documented(kind: type[CitizenMix | FaultPlan | Forced]) -> None:
    """A share, a fault or a behaviour that is not in the manual does not exist."""
    missing = [field.name for field in fields(kind) if f"`{field.name}`" not in MANUAL]
    assert missing == []


def test_the_defaults_of_the_mix() -> None:
    """The manual's shares are the ones in force."""
    for field in fields(CitizenMix):
        if field.name != "reply_text":
            assert f"| `{field.name}` | {field.default:.2f} |" in MANUAL
