"""One event, several alerts: nobody hears it twice, and nobody misses it."""

from __future__ import annotations

import pytest

from telephony.delivery import AttemptState
from tests.use_cases.warning.world import (
    EAST_SQUARE,
    START,
    World,
    an_alert,
    an_info,
    ids_of,
)
from warning.alert import AlertCase
from warning.audience.overlap import is_same_event
from warning.cap import Alert, CapStatus, NamedValue, Severity
from warning.errors import EmptyAudienceError

EAST = {"lon": 105.5, "lat": 11.5}
WIDE = "11,104 11,106 12,106 12,104 11,104"


def a_wider_one(**changes: object) -> Alert:
    """The same flood, of a larger area."""
    return an_alert(an_info(polygon=WIDE, **changes), identifier="wide")


@pytest.fixture
def told(world: World) -> tuple[World, AlertCase, int, int]:
    """A flood in the west of which somebody was told; somebody else lives east."""
    west, east = world.register(1), world.register(2, places=[EAST])
    case = world.go_live()
    world.plan()
    world.send()
    return world, case, west, east


def test_who_was_told_is_not_told_twice(
    told: tuple[World, AlertCase, int, int],
) -> None:
    """They are left out with that reason, and figures add up."""
    world, first, _, east = told
    draft = world.intake.draft(a_wider_one(), by="anna")
    preview = world.board.preview(draft.alert_id)
    assert preview.counts.excluded == {"already_told": 1}
    (overlap,) = preview.overlaps
    assert (overlap.alert_id, overlap.already_told) == (first.alert_id, 1)
    world.alerts.submit(draft.alert_id, by="anna")
    live = world.alerts.approve(draft.alert_id, by="boran")
    world.plan()
    assert ids_of(world.claim()) == [east]
    assert world.counts(live).excluded == {"already_told": 1}
    assert world.is_balanced(live)


DIFFERENT: dict[str, Alert] = {
    "something worse": a_wider_one(severity=Severity.EXTREME),
    "something else": a_wider_one(event="Fire"),
    "an exercise": an_alert(an_info(polygon=WIDE), status=CapStatus.EXERCISE),
    "of unknown severity": a_wider_one(severity=Severity.UNKNOWN),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_is_news_is_told(world: World, name: str) -> None:
    """A worse one, another event, and what is meant otherwise."""
    person = world.register(1, groups=("drill",))
    world.go_live(an_alert(an_info(severity=Severity.SEVERE), identifier="first"))
    world.plan()
    world.send()
    world.go_live(DIFFERENT[name])
    world.plan()
    assert ids_of(world.claim()) == [person]


@pytest.mark.parametrize("how", ["queued", "refused", "ended", "cancelled", "expired"])
def test_who_was_not_told_or_not_of_what_holds_is_told(world: World, how: str) -> None:
    """Better twice than never."""
    person = world.register(1, channels=1)
    first = world.go_live()
    world.plan()
    if how == "refused":
        world.report(world.claim()[0], AttemptState.FAILED)
    elif how != "queued":
        world.send()
    if how == "cancelled":
        world.alerts.cancel(first.alert_id, by="anna")
    if how in {"ended", "expired"}:
        world.clock.move(hours=6)
    if how == "ended":
        world.alerts.end_expired()
    world.go_live(a_wider_one(expires=START.replace(hour=23)))
    world.plan()
    assert person in ids_of(world.claim())


def test_an_alert_that_tells_nobody_anything_new_is_refused(
    told: tuple[World, AlertCase, int, int],
) -> None:
    """Everybody inside was told; the message says so."""
    world, *_ = told
    draft = world.intake.draft(an_alert(identifier="again"), by="anna")
    with pytest.raises(EmptyAudienceError, match="1 already_told"):
        world.alerts.submit(draft.alert_id, by="anna")


def test_an_update_leaves_out_whom_another_alert_has_told(
    told: tuple[World, AlertCase, int, int],
) -> None:
    """Of the newly inside; those who are told of a change are told."""
    world, first, west, east = told
    other = an_alert(an_info(polygon=EAST_SQUARE), identifier="east")
    world.go_live(other)
    world.plan()
    world.send()
    draft = world.follow_ups.update(first.alert_id, a_wider_one(), by="anna")
    world.alerts.submit(draft.alert_id, by="anna")
    live = world.alerts.approve(draft.alert_id, by="boran")
    world.plan()
    assert ids_of(world.claim()) == [west]
    assert world.counts(live).excluded == {"already_told": 1}
    assert east not in ids_of(world.claim())


def test_when_what_stood_in_is_over_people_are_told(
    told: tuple[World, AlertCase, int, int],
) -> None:
    """An all-clear of the one leaves nobody without the other."""
    world, first, west, _ = told
    wide = world.go_live(a_wider_one())
    world.plan()
    assert world.send() == 1
    assert world.readmission.run_once() == 0
    waiting = world.follow_ups.all_clear(first.alert_id, by="anna")
    preview = world.board.preview(waiting.alert_id)
    assert [one.relies_on_this for one in preview.overlaps] == [True]
    assert world.readmission.run_once() == 1
    assert world.readmission.run_once() == 0
    assert world.plan() == 1
    (one,) = world.claim()
    assert (one.recipient_id, one.owner_ref) == (west, wide.owner_ref)
    assert world.counts(wide).excluded == {}
    assert world.is_balanced(wide)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (an_alert(), an_alert(), True),
        (an_alert(), an_alert(an_info(event="  FLOOD ")), True),
        (an_alert(), an_alert(an_info(event="Fire")), False),
        (an_alert(), an_alert(an_info(language="km")), False),
        (an_alert(), an_alert(an_info(language="en-GB")), True),
        (
            an_alert(incidents=("X",)),
            an_alert(an_info(event="Fire"), incidents=("X",)),
            True,
        ),
        (
            an_alert(an_info(event_codes=(NamedValue("SAME", "FLW"),))),
            an_alert(an_info(event="Crue", event_codes=(NamedValue("SAME", "FLW"),))),
            True,
        ),
    ],
)
def test_one_event_is_known_by_its_words_codes_or_incidents(
    one: Alert, other: Alert, expected: bool
) -> None:
    """Whichever of the two comes first."""
    assert is_same_event(one, other) is is_same_event(other, one) is expected
