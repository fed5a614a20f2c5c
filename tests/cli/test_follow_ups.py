"""``tocsin alert`` after the alert: one command stops it and prepares what is said."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import create_services
from ops.config.settings_sources import load_settings
from ops.demo.world import ALERT_FILE, alert_for
from telephony.delivery import AttemptReport, AttemptState, Channel
from tests.cli.conftest import Run, assert_refused
from tests.cli.test_alerts import cap, people
from warning.audience.planner import Planner

__all__ = ["cap", "people"]


@pytest.fixture
def live(people: Path, cap: Path, tocsin: Run) -> str:
    """A live alert of which somebody was told."""
    sent = json.loads(tocsin("alert", "send", cap, "--by", "anna", "--json").out)
    services = create_services(load_settings())
    try:
        services.alerts.approve(sent["alert"], by="boran", accept_fallback=True)
    finally:
        services.close()
    return str(sent["alert"])


def test_an_alert_of_which_nobody_was_told_is_only_closed(
    tocsin: Run, live: str
) -> None:
    """The command says so, and a second time is refused."""
    result = tocsin("alert", "cancel", live, "--by", "anna")
    assert result.status == 0
    assert "Nobody had been told" in result.out
    assert_refused(tocsin("alert", "all-clear", live, "--by", "anna"), "cancelled")


def test_a_false_alarm_is_corrected_by_one_command(
    tocsin: Run, live: str, people: Path
) -> None:
    """What was said goes to whoever was told, once somebody else approves it."""
    tell_everybody(live)
    done = json.loads(tocsin("alert", "correct", live, "--by", "anna", "--json").out)
    assert done["state"] == "submitted"
    rows = dict(sqlite3.connect(people).execute("SELECT alert_id, state FROM alerts"))
    assert rows == {live: "cancelled", done["follow_up"]: "submitted"}
    again = tocsin("alert", "correct", live, "--by", "anna", "--json")
    assert json.loads(again.out)["follow_up"] == done["follow_up"]


def test_an_update_says_whom_it_would_tell_what(
    tocsin: Run, live: str, tmp_path: Path
) -> None:
    """And is submitted; the alert goes on."""
    file = tmp_path / "update.xml"
    now = datetime.now(UTC)  # noqa: TID251 - the services read the real clock
    file.write_bytes(alert_for(now, file=ALERT_FILE, identifier="a-2"))
    tell_everybody(live)
    result = tocsin("alert", "update", live, file, "--by", "anna", "--json")
    done = json.loads(result.out)
    assert (done["alert"], done["state"]) == (live, "submitted")
    assert done["by_variant"]["update"] == 3
    again = tocsin("alert", "update", live, file, "--by", "anna")
    assert_refused(again, "submitted")


def test_a_report_is_json(tocsin: Run, live: str) -> None:
    """With every step and figures that add up."""
    report = json.loads(tocsin("alert", "report", live).out)
    actions = [step["action"] for step in report["steps"]]
    assert actions == ["alert.draft", "alert.submit", "alert.approve"]
    assert report["progress"]["affected"] == 3


@pytest.mark.parametrize("verb", ["correct", "all-clear", "cancel", "report"])
def test_an_unknown_alert_is_refused(tocsin: Run, people: Path, verb: str) -> None:
    """In one sentence."""
    assert_refused(tocsin("alert", verb, "nope"), "There is no alert nope")


def tell_everybody(alert_id: str) -> None:
    """Write the audience out and hand it to a carrier, as the worker would."""
    services = create_services(load_settings())
    database, now = services.database, services.now
    planner = Planner(
        new_uow=database.unit_of_work,
        read_uow=database.read_only,
        area_of=lambda ids: [""] * len(ids),
        country_language="en",
        now=now,
    )
    assert planner.run_once() == 3
    with database.unit_of_work() as uow:
        claimed = uow.queue.claim(
            Channel.SMS, limit=9, now=now(), lease_until=now() + timedelta(seconds=9)
        )
        reports = [
            AttemptReport(
                attempt_id=one.attempt_id, state=AttemptState.ACCEPTED, at=now()
            )
            for one in claimed
        ]
        uow.queue.apply(reports)
        uow.commit()
    services.close()
    assert alert_id


def test_an_alert_is_paused_resumed_and_extended(tocsin: Run, live: str) -> None:
    """Each by one command; an earlier end is refused."""
    paused = json.loads(tocsin("alert", "pause", live, "--by", "anna", "--json").out)
    resumed = json.loads(tocsin("alert", "resume", live, "--by", "anna", "--json").out)
    now = datetime.now(UTC)  # noqa: TID251 - the services read the real clock
    later = (now + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M%z")
    extended = tocsin("alert", "extend", live, later, "--by", "boran", "--json")
    assert paused["paused_at"]
    assert resumed["paused_at"] is None
    assert json.loads(extended.out)["extended_until"].startswith(later[:16])
    refused = tocsin("alert", "extend", live, later, "--by", "boran")
    assert_refused(refused, "give a later time")
