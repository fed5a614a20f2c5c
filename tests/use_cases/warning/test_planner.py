"""Everybody in the audience is written once, whatever happens in between."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.database import Database
from telephony.delivery import Channel, Content, Lane
from tests.use_cases.warning.world import (
    START,
    World,
    an_alert,
    an_info,
    ids_of,
    in_languages,
)
from warning.audience import planner as planner_module
from warning.audience.alert_plan import first_channel
from warning.audience.audience_chunk import exclusion_of
from warning.audience.planner import Planner
from warning.cap import CapStatus
from warning.people.subscribers import Status
from warning.ports import PersonRow, UnitOfWork
from warning.recipients import Exclusion


def a_row(**changes: Any) -> PersonRow:
    values: dict[str, Any] = {
        "subscriber_id": 1,
        "phone": "+85512000001",
        "language": "en",
        "channels": Channel.SMS,
        "status": "active",
        "vulnerable": False,
    }
    return PersonRow(**(values | changes))


@pytest.mark.parametrize(
    ("person", "is_drill", "expected"),
    [
        (a_row(), False, None),
        (None, False, Exclusion.GONE),
        (a_row(status="erased"), False, Exclusion.GONE),
        (a_row(status="opted_out", channels=Channel(0)), True, Exclusion.OPTED_OUT),
        (a_row(status="resting", channels=Channel(0)), True, Exclusion.RESTING),
        (a_row(channels=Channel(0)), True, Exclusion.NO_CHANNEL),
        (a_row(), True, Exclusion.NOT_IN_DRILL),
        (a_row(in_drill_group=True), True, None),
    ],
)
def test_whoever_is_left_out_has_one_reason(
    person: PersonRow | None, is_drill: bool, expected: Exclusion | None
) -> None:
    """What a person said outranks what we know of them."""
    assert exclusion_of(person, is_drill=is_drill) is expected


def test_a_text_goes_before_a_call() -> None:
    """It wakes the least; who has no text is called."""
    assert first_channel(Channel.SMS | Channel.VOICE) is Channel.SMS
    assert first_channel(Channel.VOICE) is Channel.VOICE


def test_a_small_chunk_goes_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first message leaves before the last row is written."""
    monkeypatch.setattr(planner_module, "FIRST_CHUNK", 2)
    monkeypatch.setattr(planner_module, "CHUNK", 3)
    for n in range(6):
        world.register(n)
    world.go_live()
    assert [world.planner.run_once() for _ in range(4)] == [2, 3, 1, 0]


def test_the_vulnerable_are_told_first(world: World) -> None:
    """Position is the place in the audience."""
    world.register(1)
    frail = world.register(2, vulnerable=True)
    world.go_live()
    world.plan()
    assert world.claim()[0].recipient_id == frail


def test_who_stops_between_approval_and_planning_is_left_out(world: World) -> None:
    """As they are now, and with that reason; so are the erased."""
    kept, stopped, erased = (world.register(n) for n in range(3))
    case = world.go_live()
    world.set_status(stopped, Status.OPTED_OUT)
    with world.database.unit_of_work() as uow:
        uow.subscribers.erase(erased, now=world.clock())
        uow.commit()
    assert world.plan() == 3
    assert ids_of(world.claim()) == [kept]
    assert world.counts(case).excluded == {"opted_out": 1, "gone": 1}
    assert world.is_balanced(case)


def test_who_stops_while_a_chunk_is_written_is_left_out(world: World) -> None:
    """People are read before the turn to write: who changes meanwhile is read again."""
    kept, stopped = (world.register(n) for n in range(2))
    case = world.go_live()

    def after_a_stop() -> UnitOfWork:
        world.set_status(stopped, Status.OPTED_OUT)
        return world.database.unit_of_work()

    planner = Planner(
        new_uow=after_a_stop,
        read_uow=world.database.read_only,
        area_of=lambda ids: [""] * len(ids),
        country_language="km",
        now=world.clock,
    )
    assert planner.run_once() == 2
    assert ids_of(world.claim()) == [kept]
    assert world.counts(case).excluded == {"opted_out": 1}


def test_a_chunk_that_somebody_else_wrote_is_passed_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers may read the same chunk at once; each person is written once."""
    monkeypatch.setattr(planner_module, "FIRST_CHUNK", 1)
    ids = [world.register(n) for n in range(2)]
    case = world.go_live()

    def after_another() -> UnitOfWork:
        world.planner.run_once()
        return world.database.unit_of_work()

    planner = Planner(
        new_uow=after_another,
        read_uow=world.database.read_only,
        area_of=lambda found: [""] * len(found),
        country_language="km",
        now=world.clock,
    )
    assert planner.run_once() == 1
    assert ids_of(world.claim()) == sorted(ids)
    assert world.is_balanced(case)


def test_a_cancelled_alert_grows_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was queued is withdrawn, and no later chunk is written."""
    monkeypatch.setattr(planner_module, "FIRST_CHUNK", 1)
    for n in range(3):
        world.register(n)
    case = world.go_live()
    assert world.planner.run_once() == 1
    world.alerts.cancel(case.alert_id, by="anna")
    assert world.planner.run_once() == 0
    assert world.claim() == []


def test_a_drill_reaches_the_drill_group_alone(world: World) -> None:
    """Also when somebody left the group after the approval."""
    one = world.register(1, groups=("drill",))
    world.register(2, groups=("drill",))
    world.register(3)
    case = world.go_live(an_alert(status=CapStatus.EXERCISE))
    world.register(2, groups=())
    world.plan()
    (only,) = world.claim()
    assert (only.recipient_id, only.lane) == (one, Lane.DRILL)
    assert world.counts(case).excluded == {"not_in_drill": 2}


def test_a_warning_does_not_wait_for_a_drill(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor for the rest of an older, larger warning: alerts take turns."""
    monkeypatch.setattr(planner_module, "FIRST_CHUNK", 1)
    monkeypatch.setattr(planner_module, "CHUNK", 1)
    for n in range(3):
        world.register(n, groups=("drill",))
    drill = world.go_live(an_alert(status=CapStatus.TEST, identifier="drill"))
    first = world.go_live(an_alert(identifier="first"))
    second = world.go_live(an_alert(identifier="second"))
    seen = []
    for _ in range(9):
        world.planner.run_once()
        seen.append([world.progress(c).planned for c in (drill, first, second)])
    assert seen[:4] == [[0, 1, 0], [0, 1, 1], [0, 2, 1], [0, 2, 2]]
    assert seen[6:] == [[1, 3, 3], [2, 3, 3], [3, 3, 3]]


def test_an_alert_that_breaks_holds_up_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged and passed over; the next run tries it again."""
    world.register(1)
    broken = world.go_live(an_alert(identifier="broken"))
    sound = world.go_live(an_alert(identifier="sound"))
    messages_of = planner_module.messages_by_variant

    def break_on(case: Any, old: Any, manner: Any) -> Any:
        if case.alert_id == broken.alert_id:
            raise RuntimeError("no words")
        return messages_of(case, old, manner)

    monkeypatch.setattr(planner_module, "messages_by_variant", break_on)
    assert world.plan() == 1
    assert world.progress(sound).planned == 1
    assert "audience not written out" in caplog.text
    monkeypatch.undo()
    assert world.plan() == 1
    assert world.is_balanced(broken) is False


def test_texts_of_an_undone_transaction_are_not_used(world: World) -> None:
    """Their ids may belong to the text of another alert by then."""
    world.register(1)
    lost = world.go_live(an_alert(an_info(headline="LOST"), identifier="lost"))
    flaky = Flaky(world.database)
    planner = Planner(
        new_uow=flaky.unit_of_work,
        read_uow=world.database.read_only,
        area_of=lambda ids: world.registry().area_of(ids),
        country_language="km",
        now=world.clock,
    )
    flaky.fails = True
    assert planner.run_once() == 0
    flaky.fails = False
    with world.database.unit_of_work() as uow:
        stranger = Content(
            owner_ref="alert:other",
            variant="warning",
            language="en",
            sms_text="of another alert",
            script="warning",
        )
        uow.outbox.add_content(stranger)
        uow.commit()
    assert planner.run_once() == 1
    (one,) = world.claim()
    with world.read() as uow:
        assert "LOST" in uow.outbox.content(one.content_id).sms_text
    assert one.owner_ref == lost.owner_ref


def test_people_are_told_in_the_nearest_language(world: World) -> None:
    """Their own, what its speakers understand, or the country's; until it expires."""
    people = {
        world.register(1, language="en-GB"): "en",
        world.register(2, language="cjm"): "km",
        world.register(3, language="sw"): "km",
    }
    infos = in_languages("en", "km")
    case = world.go_live(an_alert(*infos))
    world.plan()
    assert dict(world.texts(case)) == people


def test_a_text_is_not_sent_after_its_own_end(world: World) -> None:
    """Infos of one alert may end at different times."""
    early, late = in_languages("km", "en")
    early = an_info(language="km", expires=START.replace(hour=5))
    world.register(1, language="km")
    world.register(2, language="en")
    world.go_live(an_alert(early, late))
    world.plan()
    deadlines = sorted(one.deadline for one in world.claim())
    assert deadlines == [early.expires, late.expires]


class Flaky:
    """A database whose commits fail while it is told so."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.fails = False

    def unit_of_work(self) -> UnitOfWork:
        uow = self._database.unit_of_work()
        if self.fails:
            # Of this one transaction; what it did is undone as ever.
            vars(uow)["commit"] = self._fail
        return uow

    def _fail(self) -> None:
        raise OSError("disk full")


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(crashes=st.lists(st.booleans(), max_size=12), n=st.integers(1, 9))
def test_crashes_anywhere_write_everybody_once(
    upgraded_file: Path, crashes: list[bool], n: int
) -> None:
    """A chunk that was not committed is written again, by whoever starts next."""
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        Database(f"sqlite:///{shutil.copy(upgraded_file, folder)}") as database,
    ):
        patch.setattr(planner_module, "FIRST_CHUNK", 1)
        patch.setattr(planner_module, "CHUNK", 2)
        world, flaky = World(database), Flaky(database)
        ids = [world.register(i, groups=("drill",) * (i % 2)) for i in range(n)]
        case = world.go_live()
        planner = None
        for crash in [*crashes, *[False] * (n + 1)]:
            if planner is None:
                planner = Planner(
                    new_uow=flaky.unit_of_work,
                    read_uow=database.read_only,
                    area_of=lambda found: world.registry().area_of(found),
                    country_language="km",
                    now=world.clock,
                )
            flaky.fails = crash
            planner.run_once()
            # Sometimes the whole process is gone, sometimes only the transaction.
            planner = None if crash and len(crashes) % 2 else planner
        claimed = world.claim()
        assert ids_of(claimed) == sorted(ids)
        assert world.progress(case).planned == len(ids)
        assert world.is_balanced(case)
