"""The race for the last place, with threads, on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from responders.offer import OfferState
from store.database import Database
from tests.fakes.case_world import CaseWorld, a_person, an_aed


def test_of_many_yeses_at_once_each_is_counted_or_told(database: Database) -> None:
    """Eight keys pressed at one moment: never more than wanted, nobody forgotten."""
    world = CaseWorld(database.unit_of_work)
    ids = world.people(*(a_person(n, 60.0 * n) for n in range(1, 9)))
    world.aeds(an_aed(1, 100.0))
    case_id = world.running()
    assert sorted(world.offers(case_id)) == sorted(ids)

    def press(number: int) -> None:
        world.press(case_id, number, "ACCEPTED")
        world.press(case_id, number, "ACCEPTED")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, ids))

    states = [offer.state for offer in world.offers(case_id).values()]
    n_going = sum(state.is_engaged for state in states)
    assert 2 <= n_going <= 6
    assert all(
        state.is_engaged or state in {OfferState.TOO_LATE, OfferState.STOOD_DOWN}
        for state in states
    )
    assert world.actions(case_id).count("offer.accepted") == n_going
    with database.read_only() as uow:
        told = uow.outbox.counts(f"case:{case_id}/role")
    assert sum(told.values()) == n_going


def test_a_cancel_amid_yeses_leaves_nobody_walking(database: Database) -> None:
    """Whichever comes first: in the end nobody is counted on, and everybody knows."""
    world = CaseWorld(database.unit_of_work)
    ids = world.people(*(a_person(n, 60.0 * n) for n in range(1, 9)))
    case_id = world.running()
    with ThreadPoolExecutor(8) as pool:
        pressed = [
            pool.submit(world.press, case_id, number, "ACCEPTED") for number in ids
        ]
        cancelled = pool.submit(
            world.services.desk.cancel, case_id, by="dara", reason="mistake"
        )
        for future in (*pressed, cancelled):
            future.result()
    offers = world.offers(case_id).values()
    assert not any(offer.state.is_live for offer in offers)
    with database.read_only() as uow:
        stood_down = uow.outbox.counts(f"case:{case_id}/stand_down")
        late = uow.outbox.counts(f"case:{case_id}/too_late")
    assert sum(stood_down.values()) + sum(late.values()) >= len(ids)
