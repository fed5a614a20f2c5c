"""An authority's own Update or Cancel finds the alert that it is about."""

from __future__ import annotations

import pytest

from tests.use_cases.warning.world import World, an_alert, an_info, ids_of
from warning.alert import AlertCase, AlertKind
from warning.cap import Alert, CapStatus, Info, MsgType, Reference, ResponseType
from warning.errors import EmptyAudienceError, FollowUpError, InvalidAlertError

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


def test_whom_to_cancel_is_said_where_nobody_was_told(world: World) -> None:
    """A Cancel that has nobody to tell does not look as if it had ended the alert."""
    world.register(1)
    case = world.go_live()
    draft = world.intake.draft(WORDLESS, by="met")
    with pytest.raises(EmptyAudienceError, match=f"{case.alert_id}.* cancel that"):
        world.alerts.approve(draft.alert_id, by="boran")
