"""An authority's own Update or Cancel finds the alert that it is about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.use_cases.warning.world import (
    EAST_SQUARE,
    World,
    an_alert,
    an_info,
    ids_of,
)
from warning.alert import AlertCase, AlertKind
from warning.arrival import Document
from warning.cap import Alert, CapStatus, Info, MsgType, Reference, ResponseType
from warning.errors import EmptyAudienceError, FollowUpError, InvalidAlertError
from warning.schedule import NO_SCHEDULE, Schedule

NAMES_IT = Reference("alerts.example", "KH-1", an_alert().sent)


def a_follower(kind: MsgType = MsgType.UPDATE, **changes: object) -> Alert:
    values: dict[str, object] = {
        "identifier": "KH-2",
        "msg_type": kind,
        "references": (NAMES_IT,),
    }
    return an_alert(**(values | changes))


OVER = an_info(response_types=(ResponseType.ALL_CLEAR,))
KINDS = {
    "update": (a_follower(), AlertKind.UPDATE),
    "cancel": (a_follower(MsgType.CANCEL), AlertKind.WITHDRAWAL),
    "all-clear": (
        an_alert(
            OVER, identifier="KH-2", msg_type=MsgType.UPDATE, references=(NAMES_IT,)
        ),
        AlertKind.ALL_CLEAR,
    ),
}


@pytest.fixture
def told(world: World) -> tuple[World, AlertCase, int]:
    """A live alert of which one of two people was told."""
    person = world.register(1)
    case = world.go_live()
    world.plan()
    world.send()
    world.register(2)
    return world, case, person


@pytest.mark.parametrize("name", KINDS)
def test_a_document_follows_what_it_names(
    told: tuple[World, AlertCase, int], name: str
) -> None:
    """Drafted it changes nothing; approved it takes the place, or closes."""
    world, case, person = told
    cap, kind = KINDS[name]
    draft = world.intake.draft(cap, by="anna")
    assert (draft.kind, draft.follows) == (kind, case.alert_id)
    assert world.state(case.alert_id) == "live"
    world.alerts.submit(draft.alert_id, by="anna")
    world.alerts.approve(draft.alert_id, by="boran")
    world.plan()
    assert world.state(case.alert_id) in {"ended", "cancelled"}
    n_told = 2 if kind is AlertKind.UPDATE else 1
    assert len(claimed := ids_of(world.claim())) == n_told
    assert person in claimed


@pytest.mark.parametrize(
    "cap",
    [
        a_follower(references=(Reference("other.example", "X", NAMES_IT.sent),)),
        a_follower(status=CapStatus.TEST),
    ],
)
def test_what_follows_nothing_of_ours_stands_alone(
    told: tuple[World, AlertCase, int], cap: Alert
) -> None:
    """Whoever starts to listen in the middle has to warn all the same."""
    world, *_ = told
    draft = world.intake.draft(cap, by="anna")
    assert (draft.kind, draft.follows) == (AlertKind.WARNING, None)


def test_of_two_updates_that_wait_one_takes_the_place(
    told: tuple[World, AlertCase, int],
) -> None:
    """The other is told to follow that one."""
    world, case, _ = told
    drafts = [
        world.intake.draft(a_follower(identifier=name), by="anna") for name in "ab"
    ]
    for draft in drafts:
        world.alerts.submit(draft.alert_id, by="anna")
    first, second = drafts
    world.alerts.approve(first.alert_id, by="boran")
    with pytest.raises(FollowUpError) as raised:
        world.alerts.approve(second.alert_id, by="boran")
    assert raised.value.alert_id == first.alert_id
    later = world.intake.draft(a_follower(identifier="c"), by="anna")
    assert later.follows == first.alert_id
    assert case.alert_id != first.alert_id


WORDLESS = a_follower(MsgType.CANCEL, infos=())


def test_a_cancel_without_a_word_gets_ours(told: tuple[World, AlertCase, int]) -> None:
    """Submitted, for there is nothing to write; approved, it tells whoever was told."""
    world, case, person = told
    draft = world.intake.draft(WORDLESS, by="met")
    assert (draft.kind, draft.follows) == (AlertKind.WITHDRAWAL, case.alert_id)
    assert (draft.state.value, world.state(case.alert_id)) == ("submitted", "live")
    assert draft.cap.reference() == WORDLESS.reference()
    assert "WITHDRAWN" in (draft.cap.infos[0].headline or "")
    world.alerts.approve(draft.alert_id, by="boran")
    world.plan()
    assert world.state(case.alert_id) == "cancelled"
    assert ids_of(world.claim()) == [person]


def test_a_cancel_without_a_word_of_what_nobody_knows_is_refused(
    told: tuple[World, AlertCase, int],
) -> None:
    """There is nobody to tell, and nothing to say."""
    world, *_ = told
    unknown = Reference("other.example", "X", NAMES_IT.sent)
    cap = a_follower(MsgType.CANCEL, infos=(), references=(unknown,))
    with pytest.raises(InvalidAlertError, match="nobody to tell"):
        world.intake.draft(cap, by="met")


@pytest.mark.parametrize("is_submitted", [False, True])
@pytest.mark.parametrize("infos", [(), (an_info(),)])
def test_a_cancel_of_what_waits_withdraws_it(
    world: World, infos: tuple[Info, ...], *, is_submitted: bool
) -> None:
    """Nobody can approve any more what its authority has taken back."""
    world.register(1)
    waiting = world.intake.draft(an_alert(), by="met")
    if is_submitted:
        world.alerts.submit(waiting.alert_id, by="met")
    cancel = world.intake.draft(a_follower(MsgType.CANCEL, infos=infos), by="met")
    assert (cancel.state.value, cancel.follows) == ("cancelled", waiting.alert_id)
    assert world.state(waiting.alert_id) == "cancelled"
    with world.read() as uow:
        entries = list(uow.audit.entries(subject=waiting.owner_ref))
    assert cancel.alert_id in str(entries[-1].details["reason"])


def test_nobody_else_withdraws_what_waits(world: World) -> None:
    """Another sender's Cancel is only a draft."""
    waiting = world.intake.draft(an_alert(), by="met")
    cap = a_follower(MsgType.CANCEL, sender="other.example")
    draft = world.intake.draft(cap, by="met")
    assert (draft.state.value, draft.follows) == ("draft", None)
    assert world.state(waiting.alert_id) == "draft"


def test_a_cancel_of_what_is_live_and_unheard_stops_it(world: World) -> None:
    """Nothing has left: it is withdrawn at once, and nobody need be told."""
    world.register(1)
    case = world.go_live()
    world.plan()
    cancel = world.intake.draft(WORDLESS, by="met")
    assert (cancel.state.value, world.state(case.alert_id)) == ("cancelled",) * 2
    assert world.claim() == []


def test_whom_to_cancel_is_said_where_nobody_was_told(world: World) -> None:
    """A stranger's Cancel that has nobody to tell ends nothing, and says so."""
    world.register(1)
    case = world.go_live()
    wordless = a_follower(MsgType.CANCEL, infos=(), sender="other.example")
    document = Document("feed:other", b"<alert/>")
    draft = world.intake.draft(wordless, by="met", document=document)
    with pytest.raises(EmptyAudienceError, match=f"{case.alert_id}.* cancel that"):
        world.alerts.approve(draft.alert_id, by="boran")
    assert world.state(case.alert_id) == "live"


@pytest.mark.parametrize("is_submitted", [False, True])
def test_an_update_of_a_draft_takes_its_place(
    world: World, *, is_submitted: bool
) -> None:
    """Its words and its area; who agreed to the old words has not agreed to these."""
    world.register(1, places=[{"lon": 105.5, "lat": 11.5}])
    waiting = world.intake.draft(an_alert(), by="met")
    later = Schedule(send_at=waiting.created_at + timedelta(hours=1))
    world.alerts.plan(waiting.alert_id, later, by="anna")
    if is_submitted:
        world.register(2)
        world.alerts.submit(waiting.alert_id, by="met")
    moved = a_follower(infos=(an_info(polygon=EAST_SQUARE),))
    draft = world.intake.draft(moved, by="met")
    assert (draft.state.value, draft.kind) == ("draft", AlertKind.WARNING)
    assert (draft.follows, draft.submitted_by, draft.schedule) == (None, None, later)
    assert world.state(waiting.alert_id) == "cancelled"
    with world.read() as uow:
        last = list(uow.audit.entries(subject=waiting.owner_ref))[-1]
    assert last.details["reason"] == f"alerts.example replaced it by {draft.alert_id}"
    world.alerts.submit(draft.alert_id, by="anna")
    assert world.alerts.approve(draft.alert_id, by="boran").approved_by == "boran"


def test_times_that_an_update_cannot_keep_are_dropped(world: World) -> None:
    """What ends before it would be sent is sent at once, if somebody approves."""
    waiting = world.intake.draft(an_alert(), by="met")
    late = Schedule(send_at=waiting.created_at + timedelta(hours=2))
    world.alerts.plan(waiting.alert_id, late, by="anna")
    ends = an_info(expires=waiting.created_at + timedelta(hours=1))
    draft = world.intake.draft(a_follower(infos=(ends,)), by="met")
    assert draft.schedule == NO_SCHEDULE


def test_an_update_of_a_waiting_update_follows_what_is_live(
    told: tuple[World, AlertCase, int],
) -> None:
    """Of the one in between nobody has heard."""
    world, case, _ = told
    first = world.intake.draft(a_follower(), by="met")
    again = Reference("alerts.example", "KH-2", NAMES_IT.sent)
    second = world.intake.draft(
        a_follower(identifier="KH-3", references=(again,)), by="met"
    )
    assert world.state(first.alert_id) == "cancelled"
    assert (second.kind, second.follows) == (AlertKind.UPDATE, case.alert_id)


def test_a_cancel_of_a_waiting_update_is_about_what_is_live(
    told: tuple[World, AlertCase, int],
) -> None:
    """People heard of the alert before it: to them it is said."""
    world, case, _ = told
    first = world.intake.draft(a_follower(), by="met")
    again = Reference("alerts.example", "KH-2", NAMES_IT.sent)
    cancel = world.intake.draft(
        a_follower(MsgType.CANCEL, identifier="KH-3", references=(again,), infos=()),
        by="met",
    )
    assert world.state(first.alert_id) == "cancelled"
    assert (cancel.kind, cancel.follows) == (AlertKind.WITHDRAWAL, case.alert_id)
    assert (cancel.state.value, world.state(case.alert_id)) == ("submitted", "live")


def test_an_update_of_what_was_approved_for_later_waits_beside_it(
    world: World,
) -> None:
    """No machine takes back what two people agreed to; approved, it takes its place."""
    person = world.register(1)
    old = world.intake.draft(an_alert(), by="met")
    later = Schedule(send_at=old.created_at + timedelta(hours=1))
    world.alerts.plan(old.alert_id, later, by="anna")
    world.alerts.submit(old.alert_id, by="anna")
    world.alerts.approve(old.alert_id, by="boran")
    update = world.intake.draft(a_follower(), by="met")
    assert (update.kind, update.follows) == (AlertKind.UPDATE, old.alert_id)
    assert world.state(old.alert_id) == "scheduled"
    world.alerts.submit(update.alert_id, by="anna")
    world.alerts.approve(update.alert_id, by="boran")
    assert world.state(old.alert_id) == "ended"
    world.plan()
    assert ids_of(world.claim()) == [person]


@pytest.mark.parametrize("kind", [MsgType.UPDATE, MsgType.CANCEL])
def test_a_borrowed_name_takes_back_nothing(world: World, kind: MsgType) -> None:
    """Our alerts are public, and so are their senders and identifiers."""
    world.register(1)
    ours = world.intake.draft(an_alert(), by="anna")
    stranger = Document("feed:other", b"<alert/>")
    draft = world.intake.draft(a_follower(kind), by="feed:other", document=stranger)
    assert (draft.state.value, world.state(ours.alert_id)) == ("draft", "draft")
