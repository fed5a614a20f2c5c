"""Rules of escalation: who may change them, and which an alert follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.wiring.escalation_services import EscalationServices
from tests.fakes.escalation_rules import RuleStore, make_rules
from tests.use_cases.warning.world import an_alert, an_info
from warning.alert import AlertCase, AlertId, AlertState
from warning.cap import Severity
from warning.errors import InvalidRulesError, StaleRulesError
from warning.escalation.escalation_plans import brought_rules
from warning.escalation.rule_desk import tidied

NOW = datetime(2026, 9, 1, 3, tzinfo=UTC)
TEXT = {"channel": "sms"}
CALL = {"channel": "voice", "after_min": 7}
OTHER: dict[str, Any] = {"Severe": {"steps": [TEXT, CALL]}}


@pytest.fixture
def store() -> RuleStore:
    return RuleStore()


@pytest.fixture
def rules(store: RuleStore) -> EscalationServices:
    return make_rules(store, lambda: NOW)


def waits(
    rules: EscalationServices,
    revision: int,
    *,
    severity: Severity = Severity.SEVERE,
    state: AlertState = AlertState.LIVE,
) -> list[timedelta]:
    case = AlertCase(
        alert_id=AlertId("1"),
        cap=replace(an_alert(), infos=(an_info(severity=severity),)),
        state=state,
        created_by="anna",
        created_at=NOW,
        rules_revision=revision,
    )
    return [step.after for step in rules.book.of(case).steps[1:]]


MIN = timedelta(minutes=1)


def test_an_alert_follows_the_rules_it_was_submitted_with(
    rules: EscalationServices,
) -> None:
    """Those of any revision; a draft those in force."""
    rules.desk.save(OTHER, seen=0, by="anna")
    rules.desk.bring_back(seen=1, by="anna")
    brought = [3 * MIN, 10 * MIN]
    assert [waits(rules, n) for n in range(3)] == [brought, [7 * MIN], brought]
    assert waits(rules, 1, state=AlertState.DRAFT) == brought
    assert waits(rules, 1, severity=Severity.MINOR) == [7 * MIN]
    assert waits(rules, 0, severity=Severity.MINOR) == []


def test_rules_are_read_once_a_process(
    rules: EscalationServices, store: RuleStore
) -> None:
    """It is asked for every live alert, every second."""
    rules.desk.save(OTHER, seen=0, by="anna")
    store.n_read = 0
    for _ in range(50):
        waits(rules, 1)
    assert store.n_read == 1


def test_what_is_kept_is_in_the_record(
    rules: EscalationServices, store: RuleStore
) -> None:
    """What was and what is; what changes nothing is not written down."""
    assert rules.desk.save(OTHER, seen=0, by="anna")
    assert not rules.desk.save(OTHER, seen=1, by="boran")
    now = rules.desk.rules()
    assert (now.revision, now.is_brought) == (1, False)
    assert [one.by for one in now.changes] == ["anna"]
    (entry,) = store.entries
    assert (entry.actor, entry.action) == ("anna", "escalation.written")
    assert entry.details == {
        "before": tidied(brought_rules()),
        "after": tidied(OTHER),
    }


def test_what_comes_to_the_rules_of_the_release_is_them(
    rules: EscalationServices, store: RuleStore
) -> None:
    """Said in full or not; a later release may bring better ones."""
    full = {
        "steps": [TEXT, {"channel": "voice", "after_min": 0, "unless": "confirmed"}],
        "focal_points": {"after_min": 10.0, "tell_phones": False},
    }
    assert not rules.desk.save({**brought_rules(), "Extreme": full}, seen=0, by="anna")
    rules.desk.save(OTHER, seen=0, by="anna")
    assert rules.desk.save(brought_rules(), seen=1, by="anna")
    assert rules.desk.rules().is_brought
    assert store.sets[-1].rules is None
    assert store.entries[-1].action == "escalation.brought"


def test_the_second_of_two_overwrites_nothing(rules: EscalationServices) -> None:
    """They are told by whom."""
    rules.desk.save(OTHER, seen=0, by="anna")
    for act in (
        lambda: rules.desk.save(brought_rules(), seen=0, by="boran"),
        lambda: rules.desk.bring_back(seen=0, by="boran"),
    ):
        with pytest.raises(StaleRulesError, match="anna"):
            act()
    assert not rules.desk.rules().is_brought


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({}, "Severe is missing"),
        ({"Minor": {"steps": [TEXT]}}, "Severe is missing"),
        ({"Severe": {"steps": []}}, "a text and then calls"),
        ({"Severe": {"steps": [CALL]}}, "a text and then calls"),
        ({"Severe": {"steps": [TEXT, TEXT]}}, "a text and then calls"),
        ({"Severe": {"steps": [TEXT, *[CALL] * 5]}}, "at most 5"),
        ({"Severe": {"steps": [TEXT, {**CALL, "after_min": -1}]}}, "0 to 1440"),
        ({"Severe": {"steps": [TEXT, {**CALL, "after_min": 1e300}]}}, "0 to 1440"),
        ({"Severe": {"steps": [TEXT, {**CALL, "after_min": float("nan")}]}}, "0 to"),
        ({"Severe": {"steps": [TEXT, {**CALL, "after_min": "soon"}]}}, "soon"),
        ({"Severe": {"steps": [TEXT, {**CALL, "unless": "read"}]}}, "read"),
        ({"Severe": {"steps": [TEXT, {**CALL, "until": 3}]}}, "until"),
        ({"Severe": {"steps": "sms"}}, "escalation"),
        ({"Severe": {"steps": [TEXT], "focal_points": {}}}, "after_min"),
        ({"Severe": {"steps": [TEXT], "focal_points": 3}}, "escalation"),
        ({"Severe": 3}, "escalation"),
        ({"Bad": {"steps": [TEXT]}, **OTHER}, "Bad"),
    ],
)
def test_rules_that_cannot_be_followed_are_refused(
    rules: EscalationServices, store: RuleStore, wrong: dict[str, Any], says: str
) -> None:
    """Before anything is kept."""
    with pytest.raises(InvalidRulesError, match=says):
        rules.desk.save(wrong, seen=0, by="anna")
    assert store.sets == []
