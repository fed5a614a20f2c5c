"""A case is decided again from its record."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from responders.case import CaseId
from responders.cases.replaying import replay
from responders.ports import Decision
from tests.fakes.case_world import CaseWorld, a_person, an_aed, phone


def a_case() -> tuple[CaseWorld, CaseId]:
    """Asked, one yes."""
    world = CaseWorld()
    world.people(*(a_person(n, 100.0 * n) for n in range(1, 13)))
    world.aeds(an_aed(1, 150.0))
    case_id = world.running()
    world.text(phone(3), "1")
    return world, case_id


def decisions(world: CaseWorld, case_id: CaseId) -> list[Decision]:
    with world.new_uow() as uow:
        return list(uow.cases.decisions(case_id))


def test_the_same_comes_out_again() -> None:
    """Waves and roles, with everybody who was asked and why."""
    world, case_id = a_case()
    found = replay(decisions(world, case_id))
    assert {one.decision.kind for one in found} == {"wave", "role"}
    assert all(one.is_same for one in found)
    told = "\n".join(line for one in found for line in one.lines)
    assert "asked 1: " in told
    assert "3: " in told


def test_a_record_that_was_changed_shows() -> None:
    """Whoever adds somebody to a wave is seen."""
    wave, *_ = decisions(*a_case())
    choices = cast("list[object]", wave.facts["choices"])
    changed = replace(wave, facts={**wave.facts, "choices": [*choices, choices[0]]})
    (found,) = replay([changed])
    assert found.is_same is False


def test_after_a_day_a_role_cannot_be_decided_again() -> None:
    """Where people were is gone; what was decided stays."""
    world, case_id = a_case()
    world.services.desk.close(case_id, by="dara")
    world.move(hours=2)
    world.move(hours=25)
    found = replay(decisions(world, case_id))
    assert {(one.decision.kind, one.is_same) for one in found} == {
        ("wave", True),
        ("role", None),
    }
    assert "deleted" in found[-1].lines[-1]
