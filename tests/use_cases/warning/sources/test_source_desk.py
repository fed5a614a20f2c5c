"""How far an alert from elsewhere goes by itself: no further than was configured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.administration import Administration
from tests.use_cases.warning.source_world import LIVE, a_desk
from tests.use_cases.warning.world import World, an_alert, an_info
from warning.alert import AlertId, AlertState
from warning.cap import Alert, MsgType, Reference, Severity
from warning.cap_documents import cap_xml
from warning.errors import ChangedAlertError, DuplicateAlertError
from warning.sources.feed_state import Outcome
from warning.sources.source_desk import Receipt, SourceDesk, SourcePolicy

DRAFT = SourcePolicy()
SUBMITS = SourcePolicy(submits=True, author="met")


@pytest.fixture
def desk(world: World) -> SourceDesk:
    return a_desk(world)


def take(desk: SourceDesk, policy: SourcePolicy, cap: Alert | None = None) -> Receipt:
    data = cap_xml.write(cap or flood())
    return desk.take(data, source="feed:met", policy=policy)


def flood(**changes: object) -> Alert:
    info = an_info(event="Flood", severity=Severity.SEVERE)
    return an_alert(info, **changes)


def state(world: World, receipt: Receipt) -> AlertState:
    assert receipt.alert_id is not None
    return world.board.get(receipt.alert_id).state


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (DRAFT, AlertState.DRAFT),
        (SUBMITS, AlertState.SUBMITTED),
        (LIVE, AlertState.LIVE),
    ],
)
def test_an_alert_goes_as_far_as_its_source_may(
    world: World, desk: SourceDesk, policy: SourcePolicy, expected: AlertState
) -> None:
    """Draft, submitted, live; each step in its operator's name."""
    receipt = take(desk, policy)

    assert receipt.outcome is Outcome.TAKEN
    assert state(world, receipt) is expected
    with world.read() as uow:
        actors = [entry.actor for entry in uow.audit.entries()]
    wanted = {DRAFT: ["feed:met"], SUBMITS: ["met"] * 2, LIVE: ["met", "met", "duty"]}
    assert actors == wanted[policy]


@pytest.mark.parametrize(
    "cap",
    [
        an_alert(an_info(event="Storm", severity=Severity.SEVERE)),
        an_alert(an_info(event="Flood", severity=Severity.EXTREME)),
        an_alert(
            an_info(event="Flood", severity=Severity.SEVERE),
            an_info(event="Flood", severity=Severity.MINOR, language="km"),
        ),
        flood(
            msg_type=MsgType.UPDATE,
            references=(Reference("alerts.example", "KH-0", an_alert().sent),),
        ),
    ],
    ids=["other event", "other severity", "not wholly", "update"],
)
def test_only_what_is_named_goes_live(
    world: World, desk: SourceDesk, cap: Alert
) -> None:
    """Wholly, and never an update: that speaks to people who were told before."""
    assert state(world, take(desk, LIVE, cap)) is not AlertState.LIVE


def test_another_language_may_name_the_event_otherwise(
    world: World, desk: SourceDesk
) -> None:
    """With the same severity it is the same alert."""
    cap = an_alert(
        an_info(event="Flood", severity=Severity.SEVERE),
        an_info(event="ទឹកជំនន់", severity=Severity.SEVERE, language="km"),
    )

    assert state(world, take(desk, LIVE, cap)) is AlertState.LIVE


@pytest.mark.parametrize("who", ["met", "duty"])
def test_operators_of_record_must_be_there(
    world: World, desk: SourceDesk, who: str
) -> None:
    """Somebody who left answers for nothing; the reason is told."""
    uow = world.database.unit_of_work
    Administration(
        new_uow=uow, read_uow=world.database.read_only, now=world.clock
    ).disable(who, by="admin")

    receipt = take(desk, LIVE)

    assert state(world, receipt) is not AlertState.LIVE
    assert f"no active operator {who!r}" in receipt.sentence


def test_nobody_inside_stays_a_draft(world: World, desk: SourceDesk) -> None:
    """Nobody would be told: a person must look at it."""
    east = replace(an_info(event="Flood", severity=Severity.SEVERE).areas[0])
    east = replace(east, polygons=("1,1 1,2 2,2 2,1 1,1",))
    info = an_info(event="Flood", severity=Severity.SEVERE, areas=(east,))

    receipt = take(desk, LIVE, an_alert(info))

    assert state(world, receipt) is AlertState.DRAFT
    assert "Nobody is registered" in receipt.sentence


def test_a_reissue_is_held(world: World, desk: SourceDesk) -> None:
    """The same words under another name go no further by themselves."""
    first = take(desk, LIVE)
    second = take(desk, LIVE, flood(identifier="KH-2"))

    assert second.outcome is Outcome.HELD
    assert state(world, second) is AlertState.DRAFT
    assert str(first.alert_id) in second.sentence
    assert second.alert_id is not None
    arrival = world.intake.arrivals([second.alert_id])[second.alert_id]
    assert arrival.duplicate_of == first.alert_id


def test_a_reissue_after_an_hour_is_an_alert(world: World, desk: SourceDesk) -> None:
    """The flood may have come back."""
    take(desk, DRAFT)
    world.clock.move(minutes=61)

    assert take(desk, DRAFT, flood(identifier="KH-2")).outcome is Outcome.TAKEN


def test_a_kill_between_two_steps_costs_a_second_look(
    world: World, desk: SourceDesk
) -> None:
    """The same document goes on where it stood."""
    world.intake.draft_from_cap(cap_xml.write(flood()), by="met", source="feed:met")

    receipt = take(desk, LIVE)

    assert receipt.outcome is Outcome.TAKEN
    assert state(world, receipt) is AlertState.LIVE
    assert take(desk, LIVE).outcome is Outcome.KNOWN


def test_what_a_person_has_touched_is_theirs(world: World, desk: SourceDesk) -> None:
    """A rejected alert is not submitted again because its feed still shows it."""
    receipt = take(desk, SUBMITS)
    assert receipt.alert_id is not None
    world.alerts.reject(receipt.alert_id, by="duty")

    assert take(desk, SUBMITS).outcome is Outcome.KNOWN
    assert state(world, receipt) is AlertState.DRAFT


def test_another_sources_copy_is_known(world: World, desk: SourceDesk) -> None:
    """Two feeds carry one alert: it is one, with the first one's policy."""
    receipt = take(desk, DRAFT)
    data = cap_xml.write(flood())

    again = desk.take(data, source="push:hub", policy=LIVE)

    assert (again.outcome, again.alert_id) == (Outcome.KNOWN, receipt.alert_id)
    assert state(world, receipt) is AlertState.DRAFT


def test_one_identity_is_one_document(world: World) -> None:
    """Other bytes under the same sender, identifier and time are refused."""
    data = cap_xml.write(flood())
    first = world.intake.draft_from_cap(data, by="anna")
    with pytest.raises(DuplicateAlertError) as same:
        world.intake.draft_from_cap(data, by="boran")
    with pytest.raises(ChangedAlertError) as other:
        world.intake.draft_from_cap(data.replace(b"Severe", b"Minor"), by="boran")

    assert same.value.alert_id == other.value.alert_id == first.alert_id
    assert (
        world.intake.arrivals([AlertId("x"), first.alert_id])[first.alert_id].source
        == "api"
    )


def test_our_own_alert_comes_back(world: World) -> None:
    """An alert that was written here is known when its CAP is sent to us."""
    case = world.intake.draft(flood(), by="anna")
    with pytest.raises(DuplicateAlertError) as same:
        world.intake.draft_from_cap(world.board.cap_xml(case.alert_id), by="boran")

    assert same.value.alert_id == case.alert_id
