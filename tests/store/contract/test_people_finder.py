"""``warning.people.people_board.PeopleFinder``."""

from __future__ import annotations

from shapely import Polygon

from store.database import Database
from telephony.delivery import AttemptState, Channel
from tests.store.people import a_person, a_place, number, register
from tests.store.rows import NOW, a_report, after, claim, queue_up
from warning.ports import AreaRow
from warning.strikes import StrikeRecord


def test_people_are_found(database: Database) -> None:
    """By exact number, part of a name in any case, or area; the erased are nobody."""
    with database.unit_of_work() as uow:
        uow.subscribers.upsert(
            [a_person(1, name="Sok Dara"), a_person(2, name="100%"), a_person(3)],
            [a_place(1, area_code="KH-12"), a_place(1, lon=105.0), a_place(2)],
            now=NOW,
        )
        (gone,) = register(uow, 4)
        uow.subscribers.erase(gone, now=NOW)
        find = uow.people_finder
        one = find.by_phone(number(1))
        assert one is not None
        assert [place.lon for place in one.places] == [104.9, 105.0]
        assert find.profile(one.subscriber_id) == one
        assert find.search(name="dARA", area_code="", limit=9) == [one]
        assert find.search(name="", area_code="KH-12", limit=9) == [one]
        assert find.search(name="dara", area_code="KH-08", limit=9) == []
        assert [p.name for p in find.search(name="%", area_code="", limit=9)] == [
            "100%"
        ]
        assert find.by_phone(number(4)) is None
        assert find.profile(gone) is None


def test_a_profile_says_what_rests_and_what_was_sent(database: Database) -> None:
    """The newest first; messages to volunteers of the same number are others'."""
    with database.unit_of_work() as uow:
        (one,) = register(uow, 1)
        until = after(days=30)
        uow.strikes.write(
            [
                StrikeRecord(
                    subscriber_id=one,
                    channel=Channel.SMS,
                    n=3,
                    code="30006",
                    struck_at=NOW,
                    resting_until=until,
                )
            ],
            now=NOW,
        )
        queue_up(uow, one)
        (claimed,) = claim(uow)
        uow.queue.apply([a_report(claimed, AttemptState.CONFIRMED)])
        person = uow.people_finder.profile(one)
        assert person is not None
        assert person.rests == {"sms": until}
        (sent,) = uow.people_finder.messages(one, limit=9)
        assert (sent.channel, sent.state.name) == (Channel.SMS, "CONFIRMED")
        assert uow.people_finder.messages(one, limit=0) == []


def test_people_are_found_by_where_their_point_is(database: Database) -> None:
    """Inside the outline of an area, also where nobody wrote its code; limited."""
    corner = Polygon([(104, 11), (106, 11), (104, 13)])
    area = AreaRow(
        code="KH-01", name="K", names={}, level=1, parent=None, geometry=corner
    )
    with database.unit_of_work() as uow:
        uow.areas.upsert([area])
        uow.subscribers.upsert(
            [a_person(n, name="Dara" if n == 2 else "Sok") for n in (1, 2, 3)],
            [
                a_place(1, lon=104.5, lat=11.5),
                a_place(2, lon=104.6, lat=11.6),
                # In the box around the outline, and outside.
                a_place(3, lon=105.9, lat=12.9),
            ],
            now=NOW,
        )
        find = uow.people_finder
        found = find.search(name="", area_code="KH-01", limit=9)
        assert [person.phone for person in found] == [number(1), number(2)]
        assert len(find.search(name="", area_code="KH-01", limit=1)) == 1
        (dara,) = find.search(name="dara", area_code="KH-01", limit=9)
        assert dara.phone == number(2)
