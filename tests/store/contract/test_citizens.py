"""``warning.citizens.citizen_ports``: what citizens tell us, in a store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shapely import box

from store.database import Database
from telephony.delivery import Channel
from tests.store.alert_cases import ALERT, a_recipient, go_live
from tests.store.people import register
from tests.store.rows import NOW, OWNER, after, phone_of
from warning.citizens.citizen_reports import CitizenReport, ReportKind, ReportState
from warning.citizens.conversation import Asked, Conversation
from warning.citizens.help_requests import HelpRequest, HelpState
from warning.people.whereabout import NOWHERE, Whereabout
from warning.ports import AreaRow

PHONE = phone_of(1)


def test_a_conversation_is_kept_until_it_is_old(database: Database) -> None:
    """What was said last comes back whole, and goes with time."""
    talk = Conversation().hears("hello", NOW)[0].asks(Asked.PLACE, NOW)
    with database.unit_of_work() as uow:
        assert uow.citizens.conversation(PHONE) == Conversation()
        uow.citizens.keep(PHONE, talk.answers("where?", NOW), now=NOW)
        uow.citizens.keep(PHONE, talk, now=NOW)
        uow.commit()
    with database.unit_of_work() as uow:
        assert uow.citizens.conversation(PHONE) == talk
        assert uow.citizens.forget_before(NOW) == 0
        assert uow.citizens.forget_before(after(seconds=1)) == 1
        assert uow.citizens.conversation(PHONE) == Conversation()


def test_a_number_that_joins_is_registered_once(database: Database) -> None:
    """A second JOIN changes nothing of the entry."""
    with database.unit_of_work() as uow:
        join = uow.citizens.join
        person = join(PHONE, language="km", status="active", now=NOW)
        assert join(PHONE, language="en", status="opted_out", now=NOW) == person
        row = uow.subscribers.find_by_phone(PHONE)
        assert row is not None
        assert (row.language, row.status) == ("km", "active")
        uow.commit()


def test_changes_of_a_person_raise_the_revision(database: Database) -> None:
    """Whoever follows the register sees language, channels and place change."""
    with database.unit_of_work() as uow:
        person = uow.citizens.join(PHONE, language="km", status="active", now=NOW)
        uow.commit()
    for change in ("language", "channels", "place"):
        with database.unit_of_work() as uow:
            before = uow.subscribers.revision()
            if change == "language":
                uow.citizens.set_language(person, "en", now=NOW)
            elif change == "channels":
                uow.citizens.set_channels(person, Channel.VOICE, now=NOW)
            else:
                uow.citizens.set_place(person, "KH-01", now=NOW)
                uow.citizens.set_place(person, "KH-02", now=NOW)
            assert uow.subscribers.changed_since(before) == [person]
            uow.commit()
    with database.read_only() as uow:
        row = uow.subscribers.find_by_phone(PHONE)
        assert row is not None
        assert (row.language, row.channels) == ("en", Channel.VOICE)
        assert uow.citizens.whereabout(person) == Whereabout(area_code="KH-02")
        assert list(uow.subscribers.places([person]).by_area_only) == ["KH-02"]


def test_places_come_without_their_outlines(database: Database) -> None:
    """A call asks for names; the outline of one area is asked for by code."""
    area = AreaRow(
        code="KH-01",
        name="Kandal",
        names={"km": "កណ្ដាល"},
        level=1,
        parent=None,
        geometry=box(104, 11, 105, 12),
    )
    with database.unit_of_work() as uow:
        uow.areas.upsert([area])
        (entry,) = uow.citizens.places()
        assert (entry.code, entry.name_in("km-KH")) == ("KH-01", "កណ្ដាល")
        assert uow.citizens.area_shape("KH-01") == area.geometry
        assert uow.citizens.area_shape("KH-99") is None
        assert uow.citizens.whereabout(999) == NOWHERE


def a_request(**changes: Any) -> HelpRequest:
    values: dict[str, Any] = {
        "phone": PHONE,
        "subscriber_id": None,
        "is_urgent": True,
        "vulnerable": False,
        "language": "km",
        "words": "water",
        "where": Whereabout(lon=104.5, lat=11.5, area_code="KH-01"),
        "opened_at": NOW,
        "heard_at": NOW,
    }
    return HelpRequest(**(values | changes))


def test_a_request_for_help_is_open_until_it_is_closed(database: Database) -> None:
    """It is found by number while open, and by state always."""
    with database.unit_of_work() as uow:
        number = uow.help_requests.add(a_request())
        found = uow.help_requests.open_of(PHONE)
        assert found == replace(a_request(), number=number)
        taken = found.take("anna", NOW)
        uow.help_requests.save(taken)
        assert uow.help_requests.open_of(PHONE) == taken
        uow.help_requests.save(taken.close("anna", "boat sent", NOW))
        assert uow.help_requests.open_of(PHONE) is None
        assert uow.help_requests.get(999) is None
        closed = uow.help_requests.get(number)
        assert closed is not None
        assert closed.state is HelpState.CLOSED
        assert uow.help_requests.all(states=["open", "taken"], limit=9) == []
        assert uow.help_requests.all(states=["closed"], limit=9) == [closed]


def a_report(**changes: Any) -> CitizenReport:
    values: dict[str, Any] = {
        "phone": PHONE,
        "language": "km",
        "kind": ReportKind.FLOOD,
        "is_hurt": False,
        "where": Whereabout(lon=104.5, lat=11.5, accuracy_m=30.0),
        "reported_at": NOW,
    }
    return CitizenReport(**(values | changes))


def test_reports_of_one_thing_are_judged_together(database: Database) -> None:
    """A first report starts a cluster; one verdict holds for all of it."""
    with database.unit_of_work() as uow:
        first = uow.citizen_reports.add(a_report())
        uow.citizen_reports.add(a_report(cluster=first, phone=phone_of(2)))
        other = uow.citizen_reports.add(a_report(kind=ReportKind.FIRE))
        near = uow.citizen_reports.near("flood", since=NOW, until=NOW)
        assert [one.cluster for one in near] == [first, first]
        assert uow.citizen_reports.near("flood", since=after(hours=1), until=NOW) == []
        heads = uow.citizen_reports.newest(before=None, limit=9)
        assert [one.number for one in heads] == [other, first]
        assert uow.citizen_reports.newest(before=first, limit=9) == []
        uow.citizen_reports.judge(first, "verified", by="anna", now=NOW)
        states = {one.state for one in uow.citizen_reports.cluster(first)}
        assert states == {ReportState.VERIFIED}
        (new,) = uow.citizen_reports.cluster(other)
        assert (new.state, new.where.accuracy_m) == (ReportState.NEW, 30.0)


def test_reports_of_two_things_become_one(database: Database) -> None:
    """What was moved is found with the other, and its head is gone from the list."""
    with database.unit_of_work() as uow:
        first = uow.citizen_reports.add(a_report())
        other = uow.citizen_reports.add(a_report(kind=ReportKind.FIRE))
        uow.citizen_reports.move(other, into=first)
        assert [one.number for one in uow.citizen_reports.cluster(first)] == [
            first,
            other,
        ]
        assert uow.citizen_reports.cluster(other) == []
        heads = uow.citizen_reports.newest(before=None, limit=9)
        assert [one.number for one in heads] == [first]


def test_who_is_erased_leaves_no_number_and_no_words(database: Database) -> None:
    """That help was asked for stays; by whom does not."""
    with database.unit_of_work() as uow:
        person = uow.citizens.join(PHONE, language="km", status="active", now=NOW)
        uow.citizens.keep(PHONE, Conversation(language="km"), now=NOW)
        number = uow.help_requests.add(a_request(subscriber_id=person))
        report = uow.citizen_reports.add(a_report(words="my house"))
        uow.subscribers.erase(person, now=NOW)
        kept = uow.help_requests.get(number)
        assert kept is not None
        assert (kept.phone, kept.words) == ("", "")
        (seen,) = uow.citizen_reports.cluster(report)
        assert (seen.phone, seen.words) == ("", "")
        assert uow.citizens.conversation(PHONE) == Conversation()


def test_requests_of_an_alert_come_with_name_and_area(database: Database) -> None:
    """What is registered of the person, and the area they are counted under there."""
    with database.unit_of_work() as uow:
        (person,) = register(uow, 1, name="Sok Dara")
        go_live(uow, [person])
        uow.alerts.add_recipients(ALERT, [a_recipient(person)], n_planned=1)
        uow.help_requests.add(
            a_request(subscriber_id=person, owner_ref=OWNER, where=NOWHERE)
        )
        uow.help_requests.add(a_request(phone="+85512999999", subscriber_id=None))
        asked: dict[str, Any] = {"states": ["open"], "limit": 9}
        (found,) = uow.help_requests.all(**asked, owner_ref=OWNER)
        assert (found.name, found.where.area_code) == ("Sok Dara", "03")
        assert len(uow.help_requests.all(**asked)) == 2
