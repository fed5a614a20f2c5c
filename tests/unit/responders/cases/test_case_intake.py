"""Which open cases may be the same patient."""

from __future__ import annotations

import pytest

from tests.fakes.case_world import METRE, PATIENT, CaseWorld

CALLER, OTHER = "+85512345678", "+85512345679"


@pytest.mark.parametrize(
    ("metres", "minutes", "phone", "is_proposed"),
    [
        (140, 9, OTHER, True),
        (160, 9, OTHER, False),
        (140, 11, OTHER, False),
        (5_000, 11, CALLER, True),
        (140, 9, "", True),
        (160, 9, "", False),
    ],
)
def test_near_in_place_and_time_or_of_one_caller(
    metres: float, minutes: float, phone: str, is_proposed: bool
) -> None:
    """Within 150 m and 10 minutes, or the same number; a person decides."""
    world = CaseWorld()
    first = world.open(callback_phone=CALLER if phone else "").case
    world.move(minutes=minutes)
    second = world.open(lat=PATIENT[1] + metres * METRE, callback_phone=phone)
    expected = [first.case_id] if is_proposed else []
    assert [one.case_id for one in second.duplicates] == expected


def test_an_exercise_is_no_patient() -> None:
    """Neither of a case in earnest nor the other way round."""
    world = CaseWorld()
    world.open()
    assert not world.open(is_exercise=True).duplicates
