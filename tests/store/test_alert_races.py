"""Two operators at once: whatever they do, an alert ends in one well-defined state."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.database import Database
from telephony.delivery import AttemptState
from tests.use_cases.warning.world import World, an_alert, an_info
from warning.alert import AlertCase, AlertState
from warning.cap_documents import cap_xml
from warning.errors import AlertError

#: What two people try to do to one alert at the same moment.
Try = Callable[[World, AlertCase], object]


def submitted(world: World) -> AlertCase:
    draft = world.intake.draft(an_alert(), by="anna")
    return world.alerts.submit(draft.alert_id, by="anna")


def live(world: World) -> AlertCase:
    case = world.go_live()
    world.plan()
    world.send(AttemptState.ACCEPTED)
    return case


def approve(by: str) -> Try:
    return lambda world, case: world.alerts.approve(case.alert_id, by=by)


def cancel(by: str) -> Try:
    return lambda world, case: world.alerts.cancel(case.alert_id, by=by)


def update(world: World, case: AlertCase) -> object:
    higher = an_alert(an_info(headline="Higher"))
    return world.follow_ups.update(case.alert_id, higher, by="dara")


def all_clear(world: World, case: AlertCase) -> object:
    return world.follow_ups.all_clear(case.alert_id, by="dara")


def correct(world: World, case: AlertCase) -> object:
    return world.follow_ups.correct(case.alert_id, by="chea")


#: From where, what two people do, how many may succeed, states it may end in.
RACES: dict[str, tuple[Callable[[World], AlertCase], Try, Try, set[int], set[str]]] = {
    "two approve": (submitted, approve("boran"), approve("chea"), {1}, {"live"}),
    "approve and cancel": (
        submitted,
        approve("boran"),
        cancel("anna"),
        {1, 2},
        {"cancelled"},
    ),
    "two cancel": (live, cancel("anna"), cancel("boran"), {1}, {"cancelled"}),
    "two update": (live, update, update, {1}, {"live"}),
    "two correct": (live, correct, correct, {2}, {"cancelled"}),
    "cancel and correct": (live, cancel("anna"), correct, {1, 2}, {"cancelled"}),
    "all-clear and cancel": (
        live,
        all_clear,
        cancel("anna"),
        {1},
        {"ended", "cancelled"},
    ),
    "update and all-clear": (live, update, all_clear, {1, 2}, {"ended"}),
}


@pytest.mark.parametrize("name", RACES)
@pytest.mark.parametrize("is_swapped", [False, True])
def test_two_at_once_end_in_one_state(
    database: Database, name: str, is_swapped: bool
) -> None:
    """At most one message waits to follow; what is closed has nothing queued."""
    begin, first, second, n_may_succeed, states = RACES[name]
    world = World(database)
    for n in range(3):
        world.register(n)
    case = begin(world)
    tries = [second, first] if is_swapped else [first, second]
    done = at_once(world, case, tries)

    assert sum(done) in n_may_succeed
    now = world.board.get(case.alert_id)
    assert now.state.value in states
    others = [one for one in world.board.list() if one.follows == case.alert_id]
    open_ones = [one for one in others if one.state is not AlertState.CANCELLED]
    assert len(open_ones) <= 1
    if now.state is not AlertState.LIVE:
        world.plan()
        with database.unit_of_work() as uow:
            assert uow.outbox.cancel(case.owner_ref, now=world.clock()) == 0


def test_of_two_re_issues_at_once_one_is_held(database: Database) -> None:
    """Each would be the first if neither waited for the other."""
    world = World(database)
    world.register(1)
    ids = [f"RE-{n}" for n in range(4)]
    documents = [cap_xml.write(an_alert(identifier=one)) for one in ids]

    def bring(data: bytes) -> Try:
        return lambda world, _: world.intake.draft_from_cap(data, by="met")

    case = submitted(world)
    assert all(at_once(world, case, [bring(data) for data in documents]))
    drafts = [one.alert_id for one in world.board.list() if one.cap.identifier in ids]
    arrivals = world.intake.arrivals(drafts)
    first = [one.alert_id for one in arrivals.values() if one.duplicate_of is None]
    assert (len(arrivals), len(first)) == (4, 1)


def at_once(world: World, case: AlertCase, tries: list[Try]) -> list[bool]:
    """Let threads loose together; whether each succeeded."""
    barrier = threading.Barrier(len(tries))

    def attempt(one: Try) -> bool:
        barrier.wait()
        try:
            one(world, case)
        except AlertError:
            return False
        return True

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(attempt, tries))


def test_an_approved_update_and_a_cancel_do_not_wait_for_each_other_for_ever(
    database: Database,
) -> None:
    """Both lock the older alert first; either order of the two is fine."""
    world = World(database)
    world.register(1)
    case = live(world)
    draft = world.follow_ups.update(
        case.alert_id, an_alert(an_info(headline="Higher")), by="anna"
    )
    world.alerts.submit(draft.alert_id, by="anna")
    done = at_once(
        world,
        case,
        [
            lambda world, _: world.alerts.approve(draft.alert_id, by="boran"),
            lambda world, case: world.alerts.cancel(case.alert_id, by="chea"),
        ],
    )
    assert sum(done) == 1
    states = (world.state(case.alert_id), world.state(draft.alert_id))
    assert states in {("ended", "live"), ("cancelled", "cancelled")}
