"""``warning.escalation_ports.RuleSets``: the fake and every database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.fakes.escalation_rules import RuleStore
from tests.store.conftest import POSTGRES
from tests.store.rows import NOW
from warning.escalation_ports import RuleSet, UnitOfWork

NewRules = Callable[[], AbstractContextManager[UnitOfWork]]
RULES = {"Severe": {"steps": [{"channel": "sms"}], "focal_points": {"after_min": 2.5}}}


@pytest.fixture(params=["fake", "sqlite", POSTGRES])
def new_rules(request: pytest.FixtureRequest) -> NewRules:
    """Opens transactions over rules."""
    if request.param == "fake":
        return RuleStore().unit_of_work
    unit_of_work: NewRules = request.getfixturevalue(request.param).unit_of_work
    return unit_of_work


def test_rules_of_every_revision_stay(new_rules: NewRules) -> None:
    """The newest first; going back is a revision too."""
    with new_rules() as uow:
        assert uow.escalation_rules.newest(limit=9) == []
        kept = []
        for rules in (RULES, None, RULES):
            revision = uow.escalation_rules.take_revision()
            one = RuleSet(revision=revision, rules=rules, by="anna", at=NOW)
            uow.escalation_rules.add(one)
            kept.append(one)
        uow.commit()
    with new_rules() as uow:
        assert uow.escalation_rules.revision() == 3
        assert uow.escalation_rules.newest(limit=2) == [kept[2], kept[1]]
        assert [uow.escalation_rules.find(n) for n in (1, 2, 9)] == [*kept[:2], None]


def test_what_was_undone_was_never_there(new_rules: NewRules) -> None:
    """Its number is taken again."""
    with new_rules() as uow:
        assert uow.escalation_rules.take_revision() == 1
    with new_rules() as uow:
        assert uow.escalation_rules.revision() == 0
        assert uow.escalation_rules.take_revision() == 1
