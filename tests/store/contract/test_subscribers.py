"""``warning.ports.SubscriberDirectory``."""

from __future__ import annotations

import numpy as np
import pytest

from store.database import Database
from telephony.delivery import Channel, DeliveryState
from tests.store.people import a_person, a_place, number, register
from tests.store.rows import (
    NOW,
    OWNER,
    a_content,
    after,
    an_event,
    queue_up,
    states_of,
)
from warning.alert import AlertId, lists_ref
from warning.people.subscribers import STATUSES, Status
from warning.ports import PersonRow, UpsertCounts


def test_a_person_comes_back_as_written(database: Database) -> None:
    """What planning needs is there after the commit, by number and by id."""
    with database.unit_of_work() as uow:
        register(uow, 1, language="vi", channels=2, vulnerable=True, groups=("drill",))
        uow.commit()
    with database.read_only() as uow:
        person = uow.subscribers.find_by_phone(number(1))
        assert person is not None
        assert uow.subscribers.rows([person.subscriber_id, 999]) == {
            person.subscriber_id: person
        }
        assert uow.subscribers.rows([]) == {}
        assert uow.subscribers.find_by_phone(number(2)) is None
    assert person == PersonRow(
        subscriber_id=person.subscriber_id,
        phone=number(1),
        language="vi",
        channels=Channel.VOICE,
        status=Status.ACTIVE,
        vulnerable=True,
        in_drill_group=True,
    )


def test_an_import_counts_what_is_new_and_what_is_known(database: Database) -> None:
    """A number is one person, however often a list names it."""
    with database.unit_of_work() as uow:
        people = [a_person(1), a_person(2)]
        places = [a_place(1), a_place(1, lon=105.0), a_place(2)]
        first = uow.subscribers.upsert(people, places, now=NOW)
        second = uow.subscribers.upsert(
            [a_person(2, language="en"), a_person(3)], [a_place(3)], now=after(days=1)
        )
        assert first == UpsertCounts(added=2, updated=0, places=3)
        assert second == UpsertCounts(added=1, updated=1, places=1)
        assert uow.subscribers.upsert([], [], now=NOW) == UpsertCounts(
            added=0, updated=0, places=0
        )
        assert uow.subscribers.count() == 3
        person = uow.subscribers.find_by_phone(number(2))
        assert person is not None
        assert person.language == "en"


def test_known_numbers_are_counted(database: Database) -> None:
    """Each number once; strangers and the erased are not known."""
    with database.unit_of_work() as uow:
        one, *_ = register(uow, 1, 2, 3)
        uow.subscribers.erase(one, now=NOW)
        asked = [number(n) for n in (1, 2, 2, 3, 9)]
        assert uow.subscribers.count_known(asked) == 2
        assert uow.subscribers.count_known([]) == 0


def test_places_of_a_new_list_replace_the_old(database: Database) -> None:
    """Who moved is not warned at the old place; others keep theirs."""
    with database.unit_of_work() as uow:
        one, two = register(uow, 1, 2)
        uow.subscribers.upsert(
            [a_person(1)], [a_place(1, lon=103.5), a_place(1, lon=103.6)], now=NOW
        )
        places = uow.subscribers.places()
        found = sorted(zip(places.subscriber_ids.tolist(), places.lon, strict=True))
    assert found == [(one, 103.5), (one, 103.6), (two, 104.9)]


def test_places_may_be_added_by_a_later_batch(database: Database) -> None:
    """Places of people who exist are added; those of nobody are passed over."""
    with database.unit_of_work() as uow:
        (one,) = register(uow, 1)
        before = uow.subscribers.revision()
        places = [a_place(1, lon=105.5), a_place(9)]
        assert uow.subscribers.add_places(places, now=NOW) == 1
        assert uow.subscribers.add_places([], now=NOW) == 0
        assert uow.subscribers.changed_since(before) == [one]
        assert uow.subscribers.places().lon.tolist() == [104.9, 105.5]


def test_a_changed_person_keeps_their_places(database: Database) -> None:
    """A later line may correct a language without saying the place again."""
    with database.unit_of_work() as uow:
        (one,) = register(uow, 1)
        before = uow.subscribers.revision()
        changed = [a_person(1, language="en", groups=("drill",)), a_person(8)]
        assert uow.subscribers.change(changed, now=NOW) == 1
        assert uow.subscribers.change([], now=NOW) == 0
        person = uow.subscribers.rows([one])[one]
        assert (person.language, person.in_drill_group) == ("en", True)
        assert uow.subscribers.places().subscriber_ids.tolist() == [one]
        assert uow.subscribers.changed_since(before) == [one]


def test_who_opted_out_stays_opted_out(database: Database) -> None:
    """A list that names somebody again does not undo their STOP."""
    with database.unit_of_work() as uow:
        (one,) = register(uow, 1)
        uow.subscribers.set_status([one], Status.OPTED_OUT, now=NOW)
        register(uow, 1)
        assert uow.subscribers.rows([one])[one].status == Status.OPTED_OUT
        uow.subscribers.set_status([one], Status.ACTIVE, now=NOW)
        assert uow.subscribers.rows([one])[one].status == Status.ACTIVE


def test_a_status_that_does_not_exist_is_refused(database: Database) -> None:
    """A misspelt status would silence a person for ever."""
    with database.unit_of_work() as uow:
        (one,) = register(uow, 1)
        with pytest.raises(ValueError, match="sleeping"):
            uow.subscribers.set_status([one], "sleeping", now=NOW)


def test_the_revision_grows_with_every_change(database: Database) -> None:
    """An index that knows a revision learns who changed since, and nobody else."""
    with database.unit_of_work() as uow:
        start = uow.subscribers.revision()
        one, two, three = register(uow, 1, 2, 3)
        uow.commit()
    revisions = [start]
    changes = []
    for act in (
        lambda uow: uow.subscribers.set_status([two], Status.RESTING, now=NOW),
        lambda uow: uow.subscribers.add_places([a_place(3)], now=NOW),
        lambda uow: uow.subscribers.erase(one, now=NOW),
    ):
        with database.unit_of_work() as uow:
            before = uow.subscribers.revision()
            act(uow)
            uow.commit()
        with database.read_only() as uow:
            revisions.append(uow.subscribers.revision())
            changes.append(list(uow.subscribers.changed_since(before)))
    assert revisions == sorted(set(revisions))
    assert changes == [[two], [three], [one]]


def test_reading_does_not_move_the_revision(database: Database) -> None:
    """An import of nothing, or an erasure of nobody, changes nothing."""
    with database.unit_of_work() as uow:
        register(uow, 1)
        before = uow.subscribers.revision()
        uow.subscribers.upsert([], [], now=NOW)
        assert not uow.subscribers.erase(4711, now=NOW)
        assert uow.subscribers.revision() == before


def test_people_come_as_columns_by_id(database: Database) -> None:
    """Every array has one entry a person, ascending by id."""
    with database.unit_of_work() as uow:
        one, two, three = register(uow, 1, 2, 3)
        uow.subscribers.change([a_person(2, language="en", channels=1)], now=NOW)
        uow.subscribers.change([a_person(3, vulnerable=True)], now=NOW)
        uow.subscribers.set_status([one], Status.OPTED_OUT, now=NOW)
        people = uow.subscribers.people()
    assert people.ids.tolist() == [one, two, three]
    assert people.ids.dtype == np.int64
    assert [people.languages[code] for code in people.language] == ["km", "en", "km"]
    assert people.channels.tolist() == [3, 1, 3]
    assert [STATUSES[code] for code in people.status] == [
        Status.OPTED_OUT,
        Status.ACTIVE,
        Status.ACTIVE,
    ]
    assert people.vulnerable.tolist() == [False, False, True]
    assert people.in_drill_group.tolist() == [False, False, False]


def test_columns_of_nobody_are_empty(database: Database) -> None:
    """A new installation has people to ask for, just none yet."""
    with database.read_only() as uow:
        people, places = uow.subscribers.people(), uow.subscribers.places()
    assert len(people.ids) == len(people.status) == len(people.languages) == 0
    assert len(places.subscriber_ids) == len(places.lon) == len(places.lat) == 0
    assert places.by_area_only == {}


def test_people_known_only_by_an_area_are_told_apart(database: Database) -> None:
    """An area alone is a place too, also of those who have coordinates elsewhere."""
    with database.unit_of_work() as uow:
        ids = register(uow, 1, 2, 3, places=False)
        uow.subscribers.add_places(
            [
                a_place(1, lon=None, lat=None, area_code="12"),
                a_place(2, lon=None, lat=None, area_code="12"),
                a_place(2, lon=104.0, lat=11.0, area_code="08"),
                a_place(3, lon=None, lat=None, area_code="12"),
                a_place(3, lon=None, lat=None, area_code="08"),
            ],
            now=NOW,
        )
        places = uow.subscribers.places()
    by_area = {code: found.tolist() for code, found in places.by_area_only.items()}
    assert by_area == {"08": [ids[2]], "12": ids}
    assert places.subscriber_ids.tolist() == [ids[1]]
    assert (places.lon.tolist(), places.lat.tolist()) == ([104.0], [11.0])


def test_places_of_some_people_are_read_alone(database: Database) -> None:
    """An index that follows changes asks for those who changed."""
    with database.unit_of_work() as uow:
        ids = register(uow, 1, 2, 3)
        uow.subscribers.add_places(
            [a_place(3, lon=None, lat=None, area_code="12")], now=NOW
        )
        places = uow.subscribers.places(ids[1:])
        nobody = uow.subscribers.places([])
    assert places.subscriber_ids.tolist() == ids[1:]
    assert {code: n.tolist() for code, n in places.by_area_only.items()} == {
        "12": [ids[2]]
    }
    assert len(nobody.lon) == len(nobody.by_area_only) == 0


def test_the_rarest_of_too_many_languages_share_a_number(database: Database) -> None:
    """An index of eight bits never says a wrong language: it says it does not know."""
    with database.unit_of_work() as uow:
        tags = [f"x-{n:03d}" for n in range(300)]
        uow.subscribers.upsert(
            [a_person(n, language=tag) for n, tag in enumerate(tags)], [], now=NOW
        )
        people = uow.subscribers.people()
    said = [people.languages[code] for code in people.language]
    assert len(people.languages) == 256
    assert all(tag in {own, "und"} for own, tag in zip(tags, said, strict=True))
    assert said.count("und") == 45


def test_an_erased_person_is_gone_and_their_id_stays(database: Database) -> None:
    """Name, number and places go; old reports still add up."""
    with database.unit_of_work() as uow:
        one, two = register(uow, 1, 2)
        assert uow.subscribers.erase(one, now=NOW)
        assert not uow.subscribers.erase(one, now=NOW)
        uow.commit()
    with database.unit_of_work() as uow:
        assert uow.subscribers.count() == 1
        assert uow.subscribers.rows([one, two]).keys() == {two}
        assert uow.subscribers.find_by_phone(number(1)) is None
        assert uow.subscribers.places().subscriber_ids.tolist() == [two]
        people = uow.subscribers.people()
        assert people.ids.tolist() == [one, two]
        assert STATUSES[people.status[0]] is Status.ERASED
        uow.subscribers.set_status([one], Status.ACTIVE, now=NOW)
        assert uow.subscribers.rows([one]) == {}


def test_who_registers_again_after_erasure_is_somebody_new(database: Database) -> None:
    """A number that was forgotten is a new person."""
    with database.unit_of_work() as uow:
        (one,) = register(uow, 1)
        uow.subscribers.erase(one, now=NOW)
        (again,) = register(uow, 1)
        assert again != one


def test_erasure_reaches_the_lists_of_silent_households(database: Database) -> None:
    """Name and number go from what focal points were sent; similar words stay."""
    text = f"Silent: ! An, Anna; An {number(1)}; សុខ"
    with database.unit_of_work() as uow:
        (one,) = register(uow, 1, name="An")
        listed = uow.outbox.add_content(
            a_content(owner_ref=lists_ref(AlertId("a")), sms_text=text)
        )
        other = uow.outbox.add_content(a_content(sms_text="An alert"))
        uow.subscribers.erase(one, now=NOW)
        texts = {key: uow.outbox.content(key).sms_text for key in (listed, other)}
    assert texts[listed] == "Silent: ! …, Anna; … …; សុខ"
    assert texts[other] == "An alert"


def test_erasure_reaches_deliveries_and_callbacks(database: Database) -> None:
    """The number is in no table any more, and nothing is sent to it."""
    with database.unit_of_work() as uow:
        (one,) = register(uow, 1)
        queue_up(uow, one, phone=number(1))
        uow.events.append([an_event(form=[("To", number(1)), ("Body", "STOP 1_%")])])
        uow.subscribers.erase(one, now=NOW)
        assert states_of(uow) == {DeliveryState.CANCELLED: 1}
        assert uow.queue.latest_attempt_to(number(1), since=after(days=-1)) is None
        (event,) = uow.events.unfolded(limit=1)
        assert list(event.form) == [("To", ""), ("Body", "STOP 1_%")]
        assert OWNER.startswith("alert:")
