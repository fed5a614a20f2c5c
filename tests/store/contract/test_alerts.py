"""``warning.ports.AlertRepository``: alerts, audiences, recipients."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import update

from store.database import Database
from store.errors import StoreError
from store.tables.alerts import alerts
from tests.store.alert_cases import (
    ALERT,
    a_cap,
    a_case,
    a_recipient,
    an_audience,
    go_live,
)
from tests.store.people import register
from tests.store.rows import NOW, after
from warning.alert import AlertId, AlertState
from warning.errors import AlertNotFoundError, DuplicateAlertError, TransitionError
from warning.recipients import Exclusion, RecipientCounts, RecipientState

UNKNOWN = AlertId("01JNOBODYKNOWSTHISONE00000")


def test_an_alert_comes_back_as_it_was_stored(database: Database) -> None:
    """The whole CAP message survives, letters, times and areas included."""
    with database.unit_of_work() as uow:
        uow.alerts.add(a_case())
        uow.commit()
    with database.read_only() as uow:
        assert uow.alerts.get(ALERT) == a_case()
        assert uow.alerts.get_for_update(ALERT) == a_case()


def test_a_step_is_kept_with_who_took_it(database: Database) -> None:
    """Every signature of hand survives; the CAP message stays what it was."""
    live = a_case().submit("dara", after(minutes=1)).approve("sok", after(minutes=2))
    ended = live.end(after(hours=9))
    with database.unit_of_work() as uow:
        uow.alerts.add(a_case())
        for case in (live, ended):
            uow.alerts.save(case)
            assert uow.alerts.get_for_update(ALERT) == case


def test_an_unknown_alert_is_an_error(database: Database) -> None:
    """Whatever is asked of an alert that is not there, the answer names it."""
    with database.unit_of_work() as uow:
        for ask in (
            lambda: uow.alerts.get(UNKNOWN),
            lambda: uow.alerts.get_for_update(UNKNOWN),
            lambda: uow.alerts.save(a_case(UNKNOWN)),
            lambda: uow.alerts.audience(UNKNOWN),
            lambda: uow.alerts.recipient_counts(UNKNOWN),
        ):
            with pytest.raises(AlertNotFoundError, match=UNKNOWN):
                ask()


def test_an_alert_is_known_by_its_cap_identity(database: Database) -> None:
    """Sender, identifier and time of sending together are one alert."""
    with database.unit_of_work() as uow:
        uow.alerts.add(a_case(cap=a_cap()))
        find = uow.alerts.find_by_identity
        same = {"sender": "alerts@ncdm.example", "identifier": "KH-2026-001"}
        assert find(**same, sent=NOW) == ALERT
        assert find(**same, sent=after(seconds=1)) is None


def test_the_same_alert_is_not_stored_twice(database: Database) -> None:
    """A feed that is read again tells which alert it is."""
    with database.unit_of_work() as uow:
        uow.alerts.add(a_case(cap=a_cap()))
        with pytest.raises(DuplicateAlertError) as raised:
            uow.alerts.add(a_case("01JANOTHER", cap=a_cap()))
        assert raised.value.alert_id == ALERT


def test_alerts_are_listed_newest_first(database: Database) -> None:
    """All of them, or those of some states."""
    with database.unit_of_work() as uow:
        for n, alert_id in enumerate(("a", "b", "c")):
            uow.alerts.add(a_case(alert_id, created_at=after(minutes=n)))
        uow.alerts.save(uow.alerts.get(AlertId("b")).submit("dara", NOW))
        everything = [case.alert_id for case in uow.alerts.all()]
        submitted = uow.alerts.all(states=[AlertState.SUBMITTED, AlertState.LIVE])
    assert everything == ["c", "b", "a"]
    assert [case.alert_id for case in submitted] == ["b"]


def test_an_audience_keeps_its_order(database: Database) -> None:
    """People are told in the order fixed at approval, after a restart too."""
    ids = [5, 3, 2**40, 1]
    with database.unit_of_work() as uow:
        uow.alerts.add(a_case())
        assert uow.alerts.audience(ALERT) is None
        assert uow.alerts.n_planned(ALERT) == 0
        uow.alerts.set_audience(ALERT, an_audience(ids, excluded={"resting": 1}))
        uow.commit()
    with database.read_only() as uow:
        audience = uow.alerts.audience(ALERT)
    assert audience is not None
    assert audience.subscriber_ids.tolist() == ids
    assert audience.subscriber_ids.dtype == np.int64
    assert audience.subscriber_ids.flags.writeable
    assert (audience.subscribers_total, audience.geofence_ms) == (100, 1.5)
    assert (audience.by_language, audience.by_area) == ({"km": 4}, {"03": 4})
    assert (audience.excluded, audience.fixed_at) == ({"resting": 1}, NOW)
    assert audience.n_planned == 0


def test_an_audience_is_fixed_once(database: Database) -> None:
    """Who is concerned does not change after approval."""
    with database.unit_of_work() as uow:
        go_live(uow, [1, 2])
        with pytest.raises(TransitionError):
            uow.alerts.set_audience(ALERT, an_audience([3]))
        audience = uow.alerts.audience(ALERT)
        assert audience is not None
        assert audience.n_affected == 2


def test_an_alert_is_unplanned_until_everybody_is_written_out(
    database: Database,
) -> None:
    """Chunk by chunk, the oldest approval first; closed alerts grow no more."""
    with database.unit_of_work() as uow:
        one, two = register(uow, 1, 2)
        go_live(uow, [one, two])
        later = go_live(uow, [one], "01JLATER")
        uow.alerts.save(later)
        assert uow.alerts.unplanned() == [ALERT, "01JLATER"]
        uow.alerts.add_recipients(ALERT, [a_recipient(one)], n_planned=1)
        assert uow.alerts.n_planned(ALERT) == 1
        assert uow.alerts.unplanned() == [ALERT, "01JLATER"]
        uow.alerts.add_recipients(ALERT, [a_recipient(two)], n_planned=2)
        assert uow.alerts.unplanned() == ["01JLATER"]
        uow.alerts.save(later.cancel("sok", NOW))
        assert uow.alerts.unplanned() == []


def test_recipients_only_move_forward(database: Database) -> None:
    """A higher state wins; late and repeated news changes nothing."""
    with database.unit_of_work() as uow:
        one, two, three = register(uow, 1, 2, 3)
        go_live(uow, [one, two, three])
        people = [a_recipient(n) for n in (one, two, three)]
        uow.alerts.add_recipients(ALERT, people, n_planned=3)
        advance = uow.alerts.advance_recipients
        advance(ALERT, {one: RecipientState.CONFIRMED, two: RecipientState.REACHED})
        advance(ALERT, {one: RecipientState.ATTEMPTED, two: RecipientState.HEARD})
        advance(ALERT, {one: RecipientState.CONFIRMED, 4711: RecipientState.HEARD})
        advance(ALERT, {})
        assert uow.alerts.recipient_counts(ALERT).by_state == {
            RecipientState.CONFIRMED: 1,
            RecipientState.HEARD: 1,
            RecipientState.PLANNED: 1,
        }
        assert uow.alerts.confirmed(ALERT, [one, two, three]) == {one}
        assert uow.alerts.confirmed(ALERT, []) == frozenset()
        advance(ALERT, {two: RecipientState.NEEDS_HELP})
        assert uow.alerts.confirmed(ALERT, [one, two]) == {one, two}


def test_counts_add_up(database: Database) -> None:
    """Everybody written out is in one state or excluded for one reason."""
    with database.unit_of_work() as uow:
        one, two, three, four = register(uow, 1, 2, 3, 4)
        go_live(uow, [one, two, three, four])
        assert uow.alerts.recipient_counts(ALERT) == RecipientCounts(
            by_state={}, excluded={}
        )
        people = [
            a_recipient(one),
            a_recipient(two, area_code=None),
            a_recipient(three, excluded=Exclusion.RESTING),
            a_recipient(four, excluded=Exclusion.OPTED_OUT, area_code="12"),
        ]
        uow.alerts.add_recipients(ALERT, people, n_planned=4)
        uow.alerts.advance_recipients(ALERT, {one: RecipientState.REACHED})
        counts = uow.alerts.recipient_counts(ALERT)
    assert counts.n_planned == 4
    assert counts.by_state == {RecipientState.REACHED: 1, RecipientState.PLANNED: 1}
    assert counts.excluded == {"resting": 1, "opted_out": 1}
    assert counts.by_area == {
        "03": {RecipientState.REACHED: 1},
        "": {RecipientState.PLANNED: 1},
    }


def test_a_damaged_document_is_told_as_such(database: Database) -> None:
    """What somebody spoilt by hand is not taken for an empty alert."""
    with database.unit_of_work() as uow:
        uow.alerts.add(a_case())
        uow._connection.execute(update(alerts).values(cap_xml="<alert/>"))
        with pytest.raises(StoreError, match="cannot be read"):
            uow.alerts.get(ALERT)
