"""An authority's own steps: a live alert follows those it was submitted with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from telephony.delivery import AttemptState, Channel
from tests.use_cases.warning.world import World, an_alert, an_info
from warning.cap import Severity
from warning.escalation.escalation_plans import USUAL
from warning.escalation.rule_book import RuleBook
from warning.escalation.rule_desk import RuleDesk


def call_after(minutes: float) -> dict[str, Any]:
    """A text, and a call so many minutes later."""
    call = {"channel": "voice", "after_min": minutes}
    return {"Severe": {"steps": [{"channel": "sms"}, call]}}


def test_steps_that_change_while_an_alert_waits_or_lives_change_nothing_of_it(
    world: World,
) -> None:
    """Whoever approved it saw when people would be rung; the next alert has others."""
    database = world.database
    desk = RuleDesk(
        new_uow=database.unit_of_work, read_uow=database.read_only, now=world.clock
    )
    # The worker, a process of its own, has looked at rules before.
    escalation = world.escalation_by(RuleBook(database.read_only, after=USUAL))
    assert escalation.run_once() == 0
    world.register(1)
    desk.save(call_after(5), seen=0, by="anna")
    info = replace(an_info(), severity=Severity.SEVERE)
    draft = world.intake.draft(an_alert(info), by="anna")
    case = world.alerts.submit(draft.alert_id, by="anna")
    assert case.rules_revision == 1

    desk.save(call_after(1), seen=1, by="anna")
    world.alerts.approve(draft.alert_id, by="boran")
    desk.save(call_after(60), seen=2, by="anna")
    world.plan()
    assert world.send(AttemptState.REACHED) == 1
    world.clock.move(minutes=4)
    assert escalation.run_once() == 0
    world.clock.move(minutes=2)
    assert escalation.run_once() == 1
    assert len(world.claim(Channel.VOICE)) == 1
