"""Decides a case again from its record, decision by decision, and tells why.

What comes out must be what was done; where it is not, the rules have changed since, or
the record has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from responders.cases.explain import plain, replay_role, replay_wave
from responders.deciding.decision_errors import DecisionInputError
from responders.ports import Decision

#: Reasons that are told, the commonest first.
_MOST_REASONS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """One decision, looked at again."""

    decision: Decision
    #: Whether the same came out; None if it cannot be decided again.
    is_same: bool | None
    #: What was decided and why, a line each.
    lines: Sequence[str]


def replay(decisions: Sequence[Decision]) -> list[Replayed]:
    """Decide everything again that decides something; what was learnt is left out."""
    known = {"wave": _wave, "role": _role}
    return [known[one.kind](one) for one in decisions if one.kind in known]


def _wave(decision: Decision) -> Replayed:
    facts: Mapping[str, Any] = decision.facts
    outcome = facts["outcome"]
    lines = [
        (
            f"{len(facts['choices'])} asked within {outcome['radius_m']:.0f} m, "
            f"{outcome['expected_yes']:.2f} yeses expected before"
        )
    ]
    lines += [
        f"asked {one['responder_id']}: {one['travel_s']:.0f} s away, accepts with "
        f"{one['p_accept']:.2f}, adds {one['gain']:.4f}"
        for one in facts["choices"]
    ]
    reasons = sorted(facts["barred"].items(), key=lambda item: -item[1]["n"])
    lines += [f"not asked, {why}: {who['n']}" for why, who in reasons[:_MOST_REASONS]]
    lines += [f"stopped: {outcome['stop']}"] if outcome["stop"] else []
    return _judged(decision, lines)


def _role(decision: Decision) -> Replayed:
    facts: Mapping[str, Any] = decision.facts
    choice = facts["choice"]
    lines = [
        f"{choice['responder_id']}: {choice['role']}, {choice['why']}",
        (
            f"survival {choice['survival_before']:.4f} without, "
            f"{choice['survival_direct']:.4f} direct, "
            f"{choice['survival_via_aed']:.4f} by an AED"
        ),
    ]
    return _judged(decision, lines)


def _judged(decision: Decision, lines: list[str]) -> Replayed:
    try:
        is_same: bool | None = _decided_again(decision) == _decided(decision)
    except DecisionInputError as error:
        is_same = None
        lines.append(str(error))
    return Replayed(decision=decision, is_same=is_same, lines=lines)


def _decided(decision: Decision) -> object:
    """What the record says came out."""
    facts: Mapping[str, Any] = decision.facts
    if decision.kind == "role":
        return facts["choice"]
    return facts["choices"], facts["outcome"]["stop"], facts["outcome"]["notice"]


def _decided_again(decision: Decision) -> object:
    """What comes out now."""
    if decision.kind == "role":
        return plain(replay_role(decision.facts))
    again = replay_wave(decision.facts)
    return plain(again.choices), plain(again.stop), plain(again.notice)
