"""What operators do to alerts, also when two do it at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from telephony.delivery import AttemptState, DeliveryState
from tests.use_cases.warning.world import START, World, an_alert, an_info
from warning.alert import AlertId
from warning.approval import service as service_module
from warning.audience.audience_maker import order_seed
from warning.cap import CapStatus
from warning.errors import (
    AlertNotFoundError,
    EmptyAudienceError,
    FourEyesError,
    InvalidAlertError,
    TransitionError,
    UnrecordedError,
)
from warning.intake.hearing import AskFirst
from warning.people.subscribers import Status
from warning.registry.registry import Registry


def test_a_second_person_makes_it_live(world: World) -> None:
    """The audience is fixed in the same commit, and every step is in the audit."""
    person = world.register(1)
    case = world.go_live()
    with world.read() as uow:
        audience = uow.alerts.audience(case.alert_id)
        actions = [entry.action for entry in uow.audit.entries()]
    assert audience is not None
    assert audience.subscriber_ids.tolist() == [person]
    assert audience.subscribers_total == 1
    assert actions == ["alert.draft", "alert.submit", "alert.approve"]


def test_nobody_approves_their_own(world: World) -> None:
    """Neither who wrote it nor who submitted it; it stays submitted."""
    world.register(1)
    draft = world.intake.draft(an_alert(), by="anna")
    world.alerts.submit(draft.alert_id, by="boran")
    for by in ("anna", "boran"):
        with pytest.raises(FourEyesError):
            world.alerts.approve(draft.alert_id, by=by)
    assert world.state(draft.alert_id) == "submitted"
    assert world.alerts.reject(draft.alert_id, by="chea").submitted_by is None


def test_two_approvals_make_one_audience(world: World) -> None:
    """The second finds it live."""
    world.register(1)
    case = world.go_live()
    with pytest.raises(TransitionError):
        world.alerts.approve(case.alert_id, by="chea")


def test_a_cancel_between_work_and_commit_of_an_approval_wins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state is read again in the transaction that makes it live."""
    world.register(1)
    draft = world.intake.draft(an_alert(), by="anna")
    world.alerts.submit(draft.alert_id, by="anna")
    registry = world.registry

    def cancel_meanwhile() -> Registry:
        world.alerts.cancel(draft.alert_id, by="anna")
        return registry()

    monkeypatch.setattr(world, "registry", cancel_meanwhile)
    with pytest.raises(TransitionError):
        world.alerts.approve(draft.alert_id, by="boran")
    assert world.state(draft.alert_id) == "cancelled"
    assert world.planner.run_once() == 0


@pytest.mark.parametrize("is_anybody_there", [False, True])
def test_an_alert_that_reaches_nobody_is_refused(
    world: World, is_anybody_there: bool
) -> None:
    """Nobody inside, or everybody left out: says which."""
    if is_anybody_there:
        world.set_status(world.register(1), Status.OPTED_OUT)
    draft = world.intake.draft(an_alert(), by="anna")
    reason = "1 opted_out" if is_anybody_there else "Nobody is registered"
    with pytest.raises(EmptyAudienceError, match=reason):
        world.alerts.submit(draft.alert_id, by="anna")


def test_what_is_over_is_not_approved(world: World) -> None:
    """However long it waited for a second person."""
    world.register(1)
    draft = world.intake.draft(an_alert(), by="anna")
    world.alerts.submit(draft.alert_id, by="anna")
    world.clock.move(hours=6)
    with pytest.raises(InvalidAlertError, match="expired"):
        world.alerts.approve(draft.alert_id, by="boran")


def test_an_unknown_alert_is_not_found(world: World) -> None:
    """By whichever verb."""
    for verb in (world.alerts.submit, world.alerts.approve, world.alerts.cancel):
        with pytest.raises(AlertNotFoundError):
            verb(AlertId("nope"), by="anna")


def test_a_cancel_withdraws_what_is_queued(world: World) -> None:
    """At once, and for good."""
    for n in range(3):
        world.register(n)
    case = world.go_live()
    world.plan()
    world.alerts.cancel(case.alert_id, by="anna")
    assert world.claim() == []
    assert world.escalation.run_once() == 0
    with world.read() as uow:
        *_, last = uow.audit.entries()
    assert last.details["withdrawn"] == 3
    with pytest.raises(TransitionError):
        world.alerts.cancel(case.alert_id, by="anna")


def test_a_retry_after_a_cancel_does_not_leave(world: World) -> None:
    """What was under way at the time and failed is not tried again."""
    world.register(1)
    case = world.go_live()
    world.plan()
    (claimed,) = world.claim()
    world.alerts.cancel(case.alert_id, by="anna")
    world.report(claimed, AttemptState.FAILED, retry_at=world.clock())
    assert world.claim() == []
    with world.read() as uow:
        (line,) = uow.alerts.deliveries(case.alert_id, after=0, limit=9)
    assert line.state is DeliveryState.CANCELLED


def test_an_alert_ends_when_its_time_is_over(world: World) -> None:
    """Nothing leaves any more, and who was not reached is known to be so."""
    world.register(1)
    case = world.go_live()
    world.plan()
    assert world.alerts.end_expired() == 0
    world.clock.move(hours=6)
    assert world.claim() == []
    assert world.alerts.end_expired() == 1
    assert world.alerts.end_expired() == 0
    assert world.state(case.alert_id) == "ended"
    assert world.expire() == 1
    assert world.progress(case).by_state == {"unreachable": 1}


def test_an_alert_without_an_end_ends_after_a_day(world: World) -> None:
    """It is counted from the document: no later run makes it longer."""
    world.register(1)
    world.go_live(an_alert(an_info(expires=None)))
    world.clock.move(hours=23)
    world.plan()
    assert world.alerts.end_expired() == 0
    assert world.claim()[0].deadline == START + timedelta(hours=24)
    world.clock.move(hours=1)
    assert world.alerts.end_expired() == 1


def test_an_alert_that_cannot_be_ended_holds_up_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged and tried again."""
    world.register(1)
    cases = [world.go_live(an_alert(identifier=name)) for name in "ab"]
    world.clock.move(hours=6)
    note_step = service_module.note_step

    def fail_once(*args: object, **facts: object) -> None:
        monkeypatch.setattr(service_module, "note_step", note_step)
        raise OSError("disk full")

    monkeypatch.setattr(service_module, "note_step", fail_once)
    assert world.alerts.end_expired() == 1
    assert "alert not ended" in caplog.text
    assert sorted(world.state(case.alert_id) for case in cases) == ["ended", "live"]
    assert world.alerts.end_expired() == 1


def test_an_alert_cancelled_meanwhile_is_not_ended(world: World) -> None:
    """The state is read again before it is changed."""
    world.register(1)
    case = world.go_live()
    world.alerts.cancel(case.alert_id, by="anna")
    assert world.alerts._try_end(case.alert_id) == 0
    assert world.state(case.alert_id) == "cancelled"


def test_a_drill_counts_its_group(world: World) -> None:
    """All others are left out with that reason."""
    world.register(1)
    world.register(2, groups=("drill",))
    case = world.go_live(an_alert(status=CapStatus.TEST))
    with world.read() as uow:
        audience = uow.alerts.audience(case.alert_id)
    assert audience is not None
    assert audience.excluded == {"not_in_drill": 1}


def test_the_order_of_sending_belongs_to_the_alert() -> None:
    """The same wherever it is worked out."""
    assert (
        order_seed(AlertId("a")) == order_seed(AlertId("a")) != order_seed(AlertId("b"))
    )


def test_whoever_approves_may_be_asked_to_accept_a_fall_back(world: World) -> None:
    """Until somebody says so, nobody is called in a language they may not know."""
    world.register(3)
    world.alerts._hearing = AskFirst(lambda _language, _words: False)
    draft = world.intake.draft(an_alert(), by="anna")
    world.alerts.submit(draft.alert_id, by="anna")

    with pytest.raises(UnrecordedError):
        world.alerts.approve(draft.alert_id, by="boran")
    assert world.state(draft.alert_id) == "submitted"
    case = world.alerts.approve(draft.alert_id, by="boran", accept_fallback=True)
    assert world.state(case.alert_id) == "live"
