"""What approving would do, and what came of it, in figures that hold."""

from __future__ import annotations

import pytest

from telephony.delivery import Channel
from tests.use_cases.warning.world import (
    EAST_SQUARE,
    START,
    World,
    an_alert,
    an_info,
    in_languages,
)
from warning.alert import AlertId
from warning.errors import AlertNotFoundError
from warning.recipients import Variant


def test_an_approver_sees_all_that_counts(world: World) -> None:
    """Counts, channels, languages, parts, and how long it takes."""
    world.register(1, language="km", channels=int(Channel.SMS))
    world.register(2, language="sw", channels=int(Channel.VOICE))
    world.register(3, language="en")
    draft = world.intake.draft(an_alert(*in_languages("en", "km")), by="anna")
    preview = world.board.preview(draft.alert_id)
    assert preview.counts.n == 3
    assert preview.by_variant == {"warning": 3}
    assert preview.by_first_channel == {"sms": 2, "voice": 1}
    assert preview.told_in == {"km": "km", "sw": "km", "en": "en"}
    parts = {one.language: one.parts.n_parts for one in preview.sayings[0].texts}
    assert preview.sms_parts == parts["km"] + parts["en"]
    assert preview.seconds_to_reach_all == pytest.approx(1 / 2)
    assert (preview.starts_at, preview.overlaps) == (START, [])
    assert preview.differences is None


def test_what_waits_in_the_queue_takes_its_time(world: World) -> None:
    """Of the same lane and of those before it."""
    for n in range(10):
        world.register(n, channels=int(Channel.SMS))
    fire = an_alert(an_info(event="Fire"), identifier="fire")
    world.go_live(fire)
    world.plan()
    draft = world.intake.draft(an_alert(), by="anna")
    seconds = world.board.preview(draft.alert_id).seconds_to_reach_all
    assert seconds == pytest.approx(20 / 10)


def test_an_update_shows_what_is_new(world: World) -> None:
    """Words, area and the three audiences, each with its text."""
    world.register(1)
    world.register(2, places=[{"lon": 105.5, "lat": 11.5}])
    case = world.go_live()
    world.plan()
    world.send()
    moved = an_info(polygon=EAST_SQUARE, headline="Now the east")
    french = an_info(polygon=EAST_SQUARE, language="fr")
    draft = world.follow_ups.update(case.alert_id, an_alert(moved, french), by="anna")
    preview = world.board.preview(draft.alert_id)
    assert preview.by_variant == {"warning": 1, "update": 0, "released": 1}
    texts = {one.variant: one.texts[0].sms_text for one in preview.sayings}
    assert "no longer holds" in texts[Variant.RELEASED]
    assert texts[Variant.UPDATE].startswith("UPDATE")
    changes = preview.differences
    assert changes is not None
    (headline,) = changes.changed["en"]
    assert (headline.field, headline.after) == ("headline", "Now the east")
    assert (changes.languages_added, changes.languages_removed) == (["fr"], [])
    assert changes.added_km2 == pytest.approx(changes.area_km2_after)
    assert changes.removed_km2 == pytest.approx(changes.area_km2_before)


def test_a_preview_sends_what_it_shows(world: World) -> None:
    """The same people by the same variant as approving makes it."""
    world.register(1)
    case = world.go_live()
    world.plan()
    world.send()
    waiting = world.follow_ups.all_clear(case.alert_id, by="anna")
    shown = world.board.preview(waiting.alert_id)
    live = world.alerts.approve(waiting.alert_id, by="boran")
    with world.read() as uow:
        audience = uow.alerts.audience(live.alert_id)
        assert audience is not None
        assert audience.by_variant == shown.by_variant == {"all_clear": 1}


def test_a_report_has_every_step_and_every_figure(world: World) -> None:
    """Who did what, what came of it, and what followed."""
    one, _two = world.register(1), world.register(2)
    case = world.go_live()
    world.plan()
    world.send()
    world.answer(one, "CONFIRMED", case)
    world.clock.move(minutes=30)
    waiting = world.follow_ups.all_clear(case.alert_id, by="anna")
    report = world.reports.report(case.alert_id)
    actions = [step.action for step in report.steps]
    assert actions == [
        "alert.draft",
        "alert.submit",
        "alert.approve",
        "alert.all_clear",
    ]
    assert report.steps[-1].details["before"] == "live"
    assert (report.shares.confirmed, report.shares.needs_help) == (0.5, 0.0)
    assert report.open_s == 1_800
    assert report.is_balanced
    assert [one.alert_id for one in report.followers] == [waiting.alert_id]


def test_a_report_of_a_draft_is_empty(world: World) -> None:
    """Nothing is divided by nobody."""
    draft = world.intake.draft(an_alert(), by="anna")
    report = world.reports.report(draft.alert_id)
    assert report.shares.reached is None
    assert (report.by_variant, report.open_s, report.rounds) == ({}, None, 0)
    with pytest.raises(AlertNotFoundError):
        world.reports.report(AlertId("nope"))
