"""The list of silent households: to whom, of whom, when, and what stands in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from shapely import box

from ivr_scripts.catalogue import load_catalogue
from telephony.delivery import AttemptState, Channel
from tests.use_cases.warning.world import (
    START,
    World,
    a_phone,
    an_alert,
    an_area,
    an_info,
)
from warning.alert import OWNER_PREFIX, AlertCase
from warning.cap import CapStatus, Severity
from warning.citizens.citizen_answers import AnswerWriter
from warning.citizens.focal_points import FocalPoints
from warning.citizens.villages import CurrentVillages
from warning.escalation.escalation import Escalation
from warning.escalation.escalation_plans import load_plans, read_plans
from warning.escalation.escalation_steps import PlanChoice
from warning.people.subscribers import DRILL_GROUP, FOCAL_POINT_GROUP

PLANS = load_plans(timedelta(minutes=3))
VILLAGE = {"lon": 104.1, "lat": 11.1}
OTHER_VILLAGE = {"lon": 104.8, "lat": 11.8}
FOCAL = 90


class Village:
    """Two villages of a district, and what is sent there."""

    def __init__(self, world: World, plans: PlanChoice = PLANS) -> None:
        self.world = world
        world.add_areas(
            an_area("KH-08", 104, name="Kandal"),
            an_area("KH-0801", 104, name="Ta Khmau", level=2, parent="KH-08"),
            an_area(
                "KH-080101",
                104,
                name="Roka",
                level=3,
                parent="KH-0801",
                geometry=box(104, 11, 104.5, 11.5),
            ),
        )
        self.escalation: Escalation = world.escalation_by(plans)
        self.focal_points = FocalPoints(
            new_uow=world.database.unit_of_work,
            read_uow=world.database.read_only,
            plan=plans,
            villages=CurrentVillages(world.database.read_only),
            writer=AnswerWriter(load_catalogue()),
            now=world.clock,
        )

    def register(self, n: int, name: str | None = None, **changes: Any) -> int:
        changes.setdefault("places", [VILLAGE | {"lon": 104.1 + n / 1000}])
        return self.world.register(n, name=name, **changes)

    def focal(self, n: int = FOCAL, **changes: Any) -> int:
        groups = changes.pop("groups", (FOCAL_POINT_GROUP,))
        return self.register(n, name="Focal", groups=groups, **changes)

    def live(self, **changes: Any) -> AlertCase:
        case = self.world.go_live(
            an_alert(an_info(severity=Severity.SEVERE), **changes)
        )
        self.world.plan()
        return case

    def send(self, state: AttemptState = AttemptState.REACHED) -> list[tuple[str, str]]:
        """Number and text of whatever leaves now."""
        sent = []
        for channel in Channel:
            for one in self.world.claim(channel):
                with self.world.read() as uow:
                    text = uow.outbox.content(one.content_id).sms_text
                sent.append((one.phone, text))
                # Nobody listens for what becomes of a list.
                if one.owner_ref.startswith(OWNER_PREFIX):
                    self.world.report(one, state)
        return sent

    def silence(self, *, minutes: tuple[float, ...] = (0, 3, 10)) -> None:
        """Everybody is told at every step, and nobody answers."""
        for wait in minutes:
            self.world.clock.move(minutes=wait, seconds=1)
            self.escalation.run_once()
            self.send()

    def lists(self, minutes: float = 10) -> list[tuple[str, str]]:
        """The lists that leave when that time has passed."""
        self.world.clock.move(minutes=minutes, seconds=1)
        self.focal_points.run_once()
        return self.send()


@pytest.fixture
def village(world: World) -> Village:
    return Village(world)


def test_the_silent_are_listed_after_the_last_call(village: Village) -> None:
    """Names, once, without numbers; and not who has confirmed."""
    focal = village.focal()
    village.register(1, "Sok Dara")
    confirmed = village.register(2, "Chan Thy")
    case = village.live()
    for person in (confirmed, focal):
        village.world.answer(person, "CONFIRMED", case)
    village.silence()
    assert village.lists(minutes=9) == []
    ((phone, text),) = village.lists(minutes=1)
    assert phone == a_phone(FOCAL)
    assert "Sok Dara" in text
    assert "Roka" in text
    assert "Chan Thy" not in text
    assert a_phone(1) not in text
    assert village.lists(minutes=30) == []


def test_a_plan_may_tell_numbers(world: World) -> None:
    """Only if it says so."""
    text = """[Severe]
steps = [{ channel = "sms" }]
focal_points = { after_min = 1, tell_phones = true }"""
    village = Village(world, read_plans(text, timedelta(minutes=3)))
    village.focal(channels=1)
    village.register(1, "Sok Dara")
    village.live()
    village.silence(minutes=(0,))
    found = village.lists(minutes=1)
    assert a_phone(1) in found[0][1]


def test_a_household_is_one_entry_and_the_vulnerable_come_first(
    village: Village,
) -> None:
    """Those of one point stand together; who has no name is found by the place."""
    village.focal()
    home = {"places": [VILLAGE]}
    village.register(1, "Sok Dara", **home)
    village.register(2, "Sok Lina", **home)
    village.register(3)
    village.register(4, "Zara", vulnerable=True)
    village.live()
    village.silence()
    ((_, text),) = village.lists()
    names = text.partition("1/1: ")[2].split("; ")
    assert names[0] == "! Zara"
    assert "Sok Dara, Sok Lina" in names
    assert "name not known, 11.1000 104.1030" in names


def test_a_long_list_comes_in_parts(village: Village) -> None:
    """Numbered, no name cut."""
    village.focal()
    for n in range(30):
        village.register(n, f"Somebody of a Long Name {n:02d}")
    village.live()
    village.silence()
    texts = [text for _, text in village.lists()]
    assert len(texts) > 1
    assert [f"{n}/{len(texts)}" in text for n, text in enumerate(texts, 1)]
    whole = "".join(texts)
    assert all(f"Somebody of a Long Name {n:02d}" in whole for n in range(30))


def test_a_village_without_one_has_its_district(village: Village) -> None:
    """The nearest focal point, and never one of another province."""
    village.focal(places=[OTHER_VILLAGE])
    village.register(1, "Sok Dara")
    village.live()
    village.silence()
    ((phone, _),) = [one for one in village.lists() if "Sok Dara" in one[1]]
    assert phone == a_phone(FOCAL)


def test_who_is_silent_later_comes_on_a_later_list(village: Village) -> None:
    """One list for whoever has gathered, not one text for each."""
    village.focal()
    village.register(1, "Sok Dara")
    late = village.register(2, "Chan Thy", channels=1)
    village.live()
    village.silence(minutes=(0,))
    assert late
    # Whoever is only texted has nothing to wait for but the time.
    assert [("Chan Thy" in t, "Sok Dara" in t) for _, t in village.lists()] == [
        (True, False)
    ]
    village.silence(minutes=(0, 10))
    assert [("Chan Thy" in t, "Sok Dara" in t) for _, t in village.lists()] == [
        (False, True)
    ]


def stop(village: Village, case: AlertCase) -> None:
    village.world.alerts.cancel(case.alert_id, by="anna")


def leave(village: Village, case: AlertCase) -> None:
    with village.world.read() as uow:
        person = uow.subscribers.find_by_phone(a_phone(1))
    assert person is not None
    village.world.answer(person.subscriber_id, "OPTED_OUT", case)


@pytest.mark.parametrize("change", [stop, leave])
def test_no_list_after_the_end(
    village: Village, change: Callable[[Village, AlertCase], None]
) -> None:
    """Neither of an alert that is over, nor of somebody who said STOP."""
    village.focal()
    village.register(1, "Sok Dara")
    case = village.live()
    village.silence()
    change(village, case)
    assert not [text for _, text in village.lists() if "Sok Dara" in text]


def test_a_queued_list_is_withdrawn_with_its_alert(village: Village) -> None:
    """What is still queued never leaves."""
    village.focal()
    village.register(1, "Sok Dara")
    case = village.live()
    village.silence()
    village.world.clock.move(minutes=10, seconds=1)
    assert village.focal_points.run_once() == 1
    stop(village, case)
    assert village.send() == []


def test_a_drill_lists_to_those_who_take_part(village: Village) -> None:
    """And begins with the drill word."""
    groups = (FOCAL_POINT_GROUP, DRILL_GROUP)
    village.focal()
    village.focal(91, groups=groups)
    village.register(1, "Sok Dara", groups=(DRILL_GROUP,))
    village.live(status=CapStatus.EXERCISE)
    village.silence()
    found = village.lists()
    assert {phone for phone, _ in found} == {a_phone(91)}
    assert all(text.startswith("EXERCISE EXERCISE: ") for _, text in found)


def test_a_reply_to_the_list_answers_the_warning(village: Village) -> None:
    """A focal point's "1" counts for the warning that they were sent before."""
    village.focal()
    village.register(1, "Sok Dara")
    case = village.live()
    village.silence()
    assert village.lists()
    with village.world.read() as uow:
        found = uow.queue.latest_attempt_to(a_phone(FOCAL), since=START)
        assert found is not None
        (attempt,) = uow.queue.open_attempts([found]).values()
    assert attempt.owner_ref == case.owner_ref


def test_without_a_focal_point_it_is_written_down(village: Village) -> None:
    """Once: the audit says how many were silent, and that nobody was there to hear."""
    village.register(1, "Sok Dara")
    village.live()
    village.silence()
    assert village.lists() == []
    assert village.lists() == []
    with village.world.read() as uow:
        entries = [
            entry
            for entry in uow.audit.entries()
            if entry.action == "alert.silent_list"
        ]
    assert [entry.details["focal_points"] for entry in entries] == [0]
