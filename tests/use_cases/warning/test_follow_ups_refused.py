"""What cannot follow an alert is refused, with what to do instead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.use_cases.warning.follow_up_cases import MOVED, go_on, moved
from tests.use_cases.warning.world import World, an_alert, an_info
from warning.alert import AlertCase, AlertId
from warning.cap import Alert, CapStatus, MsgType, Reference
from warning.errors import (
    AlertNotFoundError,
    FollowUpError,
    InvalidAlertError,
    TransitionError,
)

__all__ = ["moved"]

BAD_UPDATES: dict[str, tuple[Alert, str]] = {
    "another earnest": (an_alert(status=CapStatus.TEST), "is Test"),
    "no update at all": (an_alert(msg_type=MsgType.CANCEL), "type Cancel"),
    "an unknown reference": (
        an_alert(
            identifier="KH-2",
            msg_type=MsgType.UPDATE,
            references=(Reference("other.example", "X-9", None),),
        ),
        "refers to X-9, not to KH-1",
    ),
    "its own predecessor": (
        an_alert(
            msg_type=MsgType.UPDATE,
            references=(Reference("alerts.example", "KH-1", None),),
        ),
        "one of its own",
    ),
    "nowhere": (an_alert(replace(an_info(), areas=())), "Draw its area"),
}


@pytest.mark.parametrize("case", BAD_UPDATES)
def test_an_update_that_makes_no_sense_is_refused(
    moved: tuple[World, AlertCase, list[int]], case: str
) -> None:
    """With what is wrong; the alert goes on as it was."""
    world, live, _ = moved
    cap, says = BAD_UPDATES[case]
    with pytest.raises(InvalidAlertError, match=says):
        world.follow_ups.update(live.alert_id, cap, by="anna")
    assert world.state(live.alert_id) == "live"
    assert len(world.board.list()) == 1


def test_an_update_that_names_its_predecessor_keeps_its_identity(
    moved: tuple[World, AlertCase, list[int]],
) -> None:
    """And refers to all that it has to, whatever time it gives for it."""
    world, case, _ = moved
    own = an_alert(
        identifier="KH-2",
        msg_type=MsgType.UPDATE,
        references=(Reference("alerts.example", "KH-1", None),),
    )
    draft = world.follow_ups.update(case.alert_id, own, by="anna")
    assert draft.cap.identifier == "KH-2"
    assert draft.cap.references == (case.cap.reference(),)


def test_one_update_waits_at_a_time(moved: tuple[World, AlertCase, list[int]]) -> None:
    """The second is told which one it has to wait for."""
    world, case, _ = moved
    first = world.follow_ups.update(case.alert_id, MOVED, by="anna")
    with pytest.raises(FollowUpError) as raised:
        world.follow_ups.update(case.alert_id, MOVED, by="chea")
    assert raised.value.alert_id == first.alert_id
    world.alerts.cancel(first.alert_id, by="anna")
    assert world.follow_ups.update(case.alert_id, MOVED, by="chea").follows


@pytest.mark.parametrize("state", ["draft", "submitted", "cancelled", "ended"])
def test_only_what_is_live_is_updated(world: World, state: str) -> None:
    """Anything else needs a new alert."""
    case = in_state(world, state)
    with pytest.raises(TransitionError, match="cannot be updated"):
        world.follow_ups.update(case.alert_id, MOVED, by="anna")


@pytest.mark.parametrize("state", ["draft", "submitted", "cancelled"])
def test_an_all_clear_needs_an_alert_that_was_given(world: World, state: str) -> None:
    """Not one that nobody has heard of, nor one that was withdrawn."""
    case = in_state(world, state)
    with pytest.raises(TransitionError, match="nothing to tell of by all-clear"):
        world.follow_ups.all_clear(case.alert_id, by="anna")
    assert world.state(case.alert_id) == state


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_a_correction_needs_an_alert_that_was_given(world: World, state: str) -> None:
    """A draft is cancelled, not corrected."""
    case = in_state(world, state)
    with pytest.raises(TransitionError, match="Cancel it"):
        world.follow_ups.correct(case.alert_id, by="anna")


def in_state(world: World, state: str) -> AlertCase:
    """An alert that has come as far as a state."""
    world.register(9)
    if state in {"draft", "submitted"}:
        draft = world.intake.draft(an_alert(), by="anna")
        if state == "submitted":
            world.alerts.submit(draft.alert_id, by="anna")
        return draft
    case = world.go_live()
    if state == "cancelled":
        return world.alerts.cancel(case.alert_id, by="anna")
    world.clock.move(hours=6)
    world.alerts.end_expired()
    return case


def test_the_end_of_an_end_is_not_told(
    moved: tuple[World, AlertCase, list[int]],
) -> None:
    """Whoever closed too soon writes a new alert."""
    world, case, _ = moved
    live = go_on(world, world.follow_ups.all_clear(case.alert_id, by="anna"))
    for verb in (world.follow_ups.all_clear, world.follow_ups.correct):
        with pytest.raises(TransitionError, match="end of"):
            verb(live.alert_id, by="anna")
    with pytest.raises(TransitionError, match="new alert"):
        world.follow_ups.update(live.alert_id, MOVED, by="anna")
    world.alerts.cancel(live.alert_id, by="anna")
    assert world.claim() == []
    assert len(world.board.list()) == 2


def test_whoever_works_on_the_old_is_sent_to_the_new(
    moved: tuple[World, AlertCase, list[int]],
) -> None:
    """Each verb names the update that took the place."""
    world, case, _ = moved
    update = go_on(world, world.follow_ups.update(case.alert_id, MOVED, by="anna"))
    for verb in (world.follow_ups.all_clear, world.follow_ups.correct):
        with pytest.raises(FollowUpError, match=update.alert_id):
            verb(case.alert_id, by="anna")
    with pytest.raises(FollowUpError, match=update.alert_id):
        world.follow_ups.update(case.alert_id, MOVED, by="anna")


def test_an_unknown_alert_has_no_sequel(world: World) -> None:
    """Whichever it is to be."""
    nope = AlertId("nope")
    for verb in (world.follow_ups.all_clear, world.follow_ups.correct):
        with pytest.raises(AlertNotFoundError):
            verb(nope, by="anna")
    with pytest.raises(AlertNotFoundError):
        world.follow_ups.update(nope, MOVED, by="anna")
