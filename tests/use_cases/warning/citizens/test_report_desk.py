"""What operators do about what citizens saw; who is written to because of it."""

from __future__ import annotations

import pytest

from tests.use_cases.warning.citizen_world import Citizens
from tests.use_cases.warning.world import World, a_phone
from warning.citizens.citizen_reports import CitizenReport, ReportKind, ReportState
from warning.citizens.report_desk import ReportDesk
from warning.errors import ReportNotFoundError, ReportStepError
from warning.people.whereabout import Whereabout


@pytest.fixture
def citizens(world: World) -> Citizens:
    return Citizens(world)


@pytest.fixture
def desk(world: World, citizens: Citizens) -> ReportDesk:
    database = world.database
    return ReportDesk(
        new_uow=database.unit_of_work,
        read_uow=database.read_only,
        writer=citizens.writer,
        now=world.clock,
    )


def seen(desk: ReportDesk, world: World, n: int, lon: float = 104.9) -> int:
    """Somebody tells of a flood; the number of the incident."""
    report = CitizenReport(
        phone=a_phone(n),
        language="en",
        kind=ReportKind.FLOOD,
        is_hurt=False,
        where=Whereabout(lon=lon, lat=11.5, accuracy_m=30.0),
        reported_at=world.clock(),
    )
    number = desk.add(report, by="anna").first.number
    assert number is not None
    return number


def test_two_of_one_thing_are_put_together(
    desk: ReportDesk, citizens: Citizens, world: World
) -> None:
    """The older number and its verdict stay; who is confirmed by that hears so."""
    first = seen(desk, world, 1)
    desk.judge(first, ReportState.VERIFIED, by="anna")
    thanks = citizens.words("report_verified")
    assert citizens.received(1) == thanks
    other = seen(desk, world, 2, lon=105.0)
    assert other != first

    merged = desk.merge(other, first, by="anna")

    assert (merged.first.number, merged.n_reports) == (first, 2)
    assert merged.credibility == 0.75
    assert {one.state for one in desk.file(first).reports} == {ReportState.VERIFIED}
    assert citizens.received(2) == thanks
    with pytest.raises(ReportNotFoundError):
        desk.file(other)


def test_a_verdict_of_the_younger_holds_for_both(
    desk: ReportDesk, citizens: Citizens, world: World
) -> None:
    """Nobody has judged the older one yet: what is known of the younger counts."""
    first = seen(desk, world, 1)
    other = seen(desk, world, 2, lon=105.0)
    desk.judge(other, ReportState.VERIFIED, by="anna")
    citizens.received(2)

    desk.merge(first, other, by="anna")

    assert desk.file(first).incident.first.state is ReportState.VERIFIED
    assert citizens.received(1) == citizens.words("report_verified")


@pytest.mark.parametrize("other", ["same", "unknown"])
def test_what_cannot_be_put_together_is_refused(
    desk: ReportDesk, world: World, other: str
) -> None:
    """With itself, or with nothing."""
    first = seen(desk, world, 1)

    with pytest.raises((ReportStepError, ReportNotFoundError)):
        desk.merge(first, first if other == "same" else 999, by="anna")


def test_an_answer_reaches_each_phone_once(
    desk: ReportDesk, citizens: Citizens, world: World
) -> None:
    """Two reports of one phone are one text; a second click sends nothing more."""
    first = seen(desk, world, 1)
    seen(desk, world, 1)
    seen(desk, world, 2)

    assert desk.answer(first, " A boat is coming. ", by="anna") == 2
    desk.answer(first, "A boat is coming.", by="anna")

    assert citizens.received(1) == ["A boat is coming."]
    world.clock.move(minutes=1)
    desk.answer(first, "It is there.", by="anna")
    assert citizens.received(1) == ["It is there."]


def test_who_said_stop_is_left_in_peace(
    desk: ReportDesk, citizens: Citizens, world: World
) -> None:
    """Where nobody may be written to, that is said."""
    citizens.write(1, "JOIN")
    citizens.write(1, "STOP")
    first = seen(desk, world, 1)

    with pytest.raises(ReportStepError, match="Nobody who reported"):
        desk.answer(first, "We are coming.", by="anna")


@pytest.mark.parametrize("words", ["", "  ", "x" * 1_601])
def test_an_answer_has_words(desk: ReportDesk, world: World, words: str) -> None:
    """Neither none nor more than a text holds."""
    first = seen(desk, world, 1)

    with pytest.raises(ReportStepError, match="1,600"):
        desk.answer(first, words, by="anna")
