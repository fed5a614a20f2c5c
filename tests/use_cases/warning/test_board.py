"""How alerts stand, for people who decide: reads only."""

from __future__ import annotations

import pytest

from telephony.delivery import AttemptState
from tests.use_cases.warning.world import World, an_alert, an_info, in_languages
from warning.alert import AlertId, AlertState
from warning.cap import CapStatus
from warning.cap_documents import cap_xml
from warning.errors import AlertNotFoundError


def test_a_preview_shows_what_approving_would_do(world: World) -> None:
    """Counts and exact texts, for a drill those of a drill."""
    world.register(1)
    world.register(2, groups=("drill",))
    cap = an_alert(*in_languages("km", "en"), status=CapStatus.EXERCISE)
    draft = world.intake.draft(cap, by="anna")
    preview = world.board.preview(draft.alert_id)
    assert preview.counts.n == 2
    assert preview.counts.excluded == {"not_in_drill": 1}
    assert list(preview.texts) == ["km", "en"]
    assert preview.texts["en"].startswith("EXERCISE")


def test_a_preview_shows_what_will_be_said(world: World) -> None:
    """The very text that leaves."""
    world.register(1)
    case = world.go_live()
    world.plan()
    (claimed,) = world.claim()
    with world.read() as uow:
        sent = uow.outbox.content(claimed.content_id).sms_text
    assert world.board.preview(case.alert_id).texts["en"] == sent


def test_progress_is_settled_when_nothing_is_left_to_do(world: World) -> None:
    """Neither open, nor waiting for the next step; planned to the last."""
    world.register(1)
    draft = world.intake.draft(an_alert(), by="anna")
    assert world.progress(draft).affected == 0
    assert not world.progress(draft).settled
    world.alerts.cancel(draft.alert_id, by="anna")
    assert world.progress(draft).settled
    case = world.go_live(an_alert(identifier="second"))
    assert not world.progress(case).settled
    world.plan()
    world.send(AttemptState.REACHED)
    assert not world.progress(case).settled
    world.clock.move(minutes=5, seconds=1)
    world.escalation.run_once()
    assert not world.progress(case).settled
    world.clock.move(hours=6)
    world.expire()
    world.alerts.end_expired()
    assert world.progress(case).settled
    assert world.is_balanced(case)


def test_alerts_are_listed_newest_first(world: World) -> None:
    """All of them, or those of some states."""
    world.register(1)
    live = world.go_live()
    world.clock.move(seconds=1)
    draft = world.intake.draft(an_alert(identifier="second"), by="anna")
    assert [case.alert_id for case in world.board.list()] == [
        draft.alert_id,
        live.alert_id,
    ]
    assert world.board.list(states=[AlertState.LIVE]) == [live]


def test_an_alert_goes_out_as_cap(world: World) -> None:
    """Reading it back gives the same alert."""
    draft = world.intake.draft(an_alert(an_info(language="km")), by="anna")
    again = cap_xml.read(world.board.cap_xml(draft.alert_id))
    assert again.alert == draft.cap


def test_what_is_not_there_is_not_found(world: World) -> None:
    """Also its deliveries and its progress."""
    nope = AlertId("nope")
    for question in (world.board.get, world.board.progress, world.board.preview):
        with pytest.raises(AlertNotFoundError):
            question(nope)
    with pytest.raises(AlertNotFoundError):
        world.board.deliveries(nope, after=0, limit=1)


def test_deliveries_are_listed(world: World) -> None:
    """Page by page."""
    world.register(1)
    case = world.go_live()
    world.plan()
    (line,) = world.board.deliveries(case.alert_id, after=0, limit=9)
    assert world.board.deliveries(case.alert_id, after=line.delivery_id, limit=9) == []


def test_an_alert_cancelled_half_way_is_settled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for those who will never be written out."""
    monkeypatch.setattr("warning.audience.planner.FIRST_CHUNK", 1)
    world.register(1)
    world.register(2)
    case = world.go_live()
    world.planner.run_once()
    world.alerts.cancel(case.alert_id, by="anna")
    progress = world.progress(case)
    assert (progress.planned, progress.affected, progress.settled) == (1, 2, True)
