"""``warning.sources``, ``warning.publishing``: what is around alerts, in a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from shapely import box

from accounts.operators import Operator, Role
from geofence.area import area_of
from store.database import Database
from store.unit_of_work import SqlUnitOfWork
from tests.store.alert_cases import a_case
from tests.store.rows import NOW, after
from warning.alert import AlertId, AlertState
from warning.alert_form import AlertForm, FormText
from warning.arrival import Arrival
from warning.cap import CapStatus, Category, Certainty, Severity, Urgency
from warning.errors import PlanInUseError
from warning.publishing.webhooks import MessageState, Webhook
from warning.sources.feed_state import EntryRecord, FeedState, Outcome
from warning.sources.plans import Plan
from warning.sources.sensors import Sensor
from warning.sources.threshold import Phase, Reading, Thresholds, Watch

FORM = AlertForm(
    status=CapStatus.ACTUAL,
    categories=(Category.MET, Category.SAFETY),
    urgency=Urgency.IMMEDIATE,
    severity=Severity.SEVERE,
    certainty=Certainty.OBSERVED,
    area=area_of(box(104, 11, 105, 12)),
    texts={
        "km": FormText(
            event="ទឹកជំនន់",
            headline="h",
            description="d",
            instruction="i",
            area_desc="Kandal",
            phone_text="p",
        )
    },
    contact="117",
)
PLAN = Plan(name="flood", title="Flood", form=FORM, lasts=timedelta(hours=6))
SENSOR = Sensor(
    sensor_id="bridge",
    title="Bridge",
    plan="flood",
    thresholds=Thresholds(level=5.0, clear_level=4.5, rise_per_h=1.5),
    watch=Watch(
        phase=Phase.RISING,
        since=NOW,
        window=(Reading(NOW, 5.25), Reading(after(seconds=90), 5.5)),
        raised_at=after(hours=-9),
    ),
)
HOOK = Webhook(
    webhook_id="w1",
    url="https://hub.example",
    secret="s" * 32,
    events=("alert", "sensor.alarm"),
    since_seq=3,
    created_by="dara",
    created_at=NOW,
)


def an_arrival(alert_id: str, **changes: Any) -> Arrival:
    known: dict[str, Any] = {
        "alert_id": AlertId(alert_id),
        "source": "feed:met",
        "digest": "d" * 64,
        "fingerprint": "f" * 64,
        "received_at": NOW,
    }
    return Arrival(**{**known, **changes})


def test_arrivals_are_found_by_alert_and_by_words(database: Database) -> None:
    """The first one with the same words, if it came since."""
    with database.unit_of_work() as uow:
        for name, minutes in (("a", 0), ("b", 5)):
            uow.alerts.add(a_case(name))
            uow.arrivals.add(an_arrival(name, received_at=after(minutes=minutes)))
        uow.commit()
    with database.read_only() as uow:
        found = uow.arrivals.find([AlertId("a"), AlertId("nothing")])
        assert found == {"a": an_arrival("a")}
        assert uow.arrivals.same("f" * 64, since=NOW) == "a"
        assert uow.arrivals.same("f" * 64, since=after(minutes=1)) == "b"
        assert uow.arrivals.same("f" * 64, since=after(minutes=6)) is None
        assert uow.arrivals.same("0" * 64, since=NOW) is None


def test_a_feed_is_written_over(database: Database) -> None:
    """One row a feed; what it had before is gone."""
    first = FeedState(next_at=NOW, etag='"1"', n_failures=3, error="Down.")
    second = FeedState(next_at=after(minutes=1), polled_at=NOW, ok_at=NOW, n_entries=2)
    with database.unit_of_work() as uow:
        assert uow.feeds.state("met") is None
        uow.feeds.save("met", first)
        assert uow.feeds.state("met") == first
        uow.feeds.save("met", second)
        assert uow.feeds.state("met") == second


def test_entries_are_remembered_until_they_are_long_gone(database: Database) -> None:
    """A second look keeps when it was first seen."""
    record = EntryRecord(
        outcome=Outcome.FAILED,
        alert_id=None,
        sentence="Down.",
        n_tries=1,
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    later = replace(
        record,
        outcome=Outcome.TAKEN,
        alert_id=AlertId("a"),
        n_tries=2,
        first_seen_at=after(hours=1),
        last_seen_at=after(hours=1),
    )
    with database.unit_of_work() as uow:
        uow.feeds.save_entry("met", "k1", record)
        uow.feeds.save_entry("met", "k2", record)
        uow.feeds.save_entry("met", "k1", later)
        uow.feeds.seen("met", ["k2", "k3"], now=after(minutes=5))
        found = uow.feeds.entries("met", ["k1", "k2", "k3"])
        assert found["k1"] == replace(later, first_seen_at=NOW)
        assert found["k2"].last_seen_at == after(minutes=5)
        assert set(found) == {"k1", "k2"}
        assert not uow.feeds.entries("other", ["k1"])
        assert uow.feeds.forget(unseen_since=after(minutes=30)) == 1
        assert set(uow.feeds.entries("met", ["k1", "k2"])) == {"k1"}


def test_a_plan_comes_back_as_kept(database: Database) -> None:
    """Every word, the outline, and the time it lasts."""
    with database.unit_of_work() as uow:
        assert uow.plans.save(PLAN, by="dara", now=NOW) is True
        assert uow.plans.save(PLAN, by="dara", now=NOW) is False
        uow.plans.save(replace(PLAN, name="storm"), by="dara", now=NOW)
        found = uow.plans.find("flood")
        assert found is not None
        assert replace(found, form=FORM) == PLAN
        assert found.form.texts == FORM.texts
        assert found.form.area.geometry.equals(FORM.area.geometry)
        assert [one.name for one in uow.plans.list(after="", limit=9)] == [
            "flood",
            "storm",
        ]
        assert [one.name for one in uow.plans.list(after="flood", limit=9)] == ["storm"]


def test_a_plan_that_a_sensor_needs_stays(database: Database) -> None:
    """Until the sensor has another one."""
    with database.unit_of_work() as uow:
        uow.plans.save(PLAN, by="dara", now=NOW)
        uow.sensors.save(SENSOR, now=NOW)
        with pytest.raises(PlanInUseError, match="flood"):
            uow.plans.remove("flood")
        uow.plans.save(replace(PLAN, name="other"), by="dara", now=NOW)
        uow.sensors.save(replace(SENSOR, plan="other"), now=NOW)
        assert uow.plans.remove("flood") is True
        assert uow.plans.remove("flood") is False


def test_a_sensor_comes_back_with_where_it_stands(database: Database) -> None:
    """Thresholds, window, times: the automaton goes on after a restart."""
    with database.unit_of_work() as uow:
        uow.plans.save(PLAN, by="dara", now=NOW)
        uow.sensors.save(SENSOR, now=NOW)
        uow.commit()
    with database.unit_of_work() as uow:
        assert uow.sensors.find("bridge") == SENSOR
        assert uow.sensors.find_for_update("bridge") == SENSOR
        assert uow.sensors.find("other") is None
        assert list(uow.sensors.list(after="", limit=9)) == [SENSOR]
        assert list(uow.sensors.list(after="bridge", limit=9)) == []


def test_a_reading_of_a_time_is_kept_once(database: Database) -> None:
    """The first level stands; what was there is told."""
    with database.unit_of_work() as uow:
        uow.plans.save(PLAN, by="dara", now=NOW)
        uow.sensors.save(SENSOR, now=NOW)
        first, second = Reading(NOW, 1.5), Reading(after(minutes=1), 2.5)
        assert uow.sensors.add_readings("bridge", [first], now=NOW) == {}
        again = [replace(first, level=9.0), second]
        assert uow.sensors.add_readings("bridge", again, now=NOW) == {NOW: 1.5}
        assert uow.sensors.add_readings("bridge", [], now=NOW) == {}
        assert list(uow.sensors.readings("bridge", limit=9)) == [second, first]
        assert list(uow.sensors.readings("bridge", limit=1)) == [second]
        assert uow.sensors.forget_readings(before=after(seconds=1)) == 1
        assert list(uow.sensors.readings("bridge", limit=9)) == [second]


def test_the_public_reads_what_is_live_or_ended_lately(database: Database) -> None:
    """Actual ones alone, the newest first; the cancelled if they were out."""
    drill = a_case("drill", state=AlertState.LIVE, approved_at=NOW)
    cases = [
        a_case("draft"),
        a_case("live", state=AlertState.LIVE, approved_at=NOW),
        a_case(
            "ended",
            state=AlertState.ENDED,
            approved_at=after(hours=1),
            live_at=after(hours=1),
            closed_at=after(hours=2),
        ),
        a_case(
            "taken back",
            state=AlertState.CANCELLED,
            approved_at=after(hours=0.5),
            live_at=after(hours=0.5),
            closed_at=after(hours=2),
        ),
        a_case("never out", state=AlertState.CANCELLED, closed_at=after(hours=2)),
        a_case(
            "old", state=AlertState.ENDED, approved_at=NOW, live_at=NOW, closed_at=NOW
        ),
        replace(drill, cap=replace(drill.cap, status=CapStatus.EXERCISE)),
    ]
    with database.unit_of_work() as uow:
        for case in cases:
            uow.alerts.add(case)
        shown = uow.publications.newest(ended_since=after(hours=1), limit=9)
        assert [case.alert_id for case in shown] == ["ended", "taken back", "live"]
        assert len(uow.publications.newest(ended_since=after(hours=1), limit=1)) == 1


def put(uow: SqlUnitOfWork, hook: str, seq: int, **span: float) -> None:
    uow.webhooks.put(hook, seq=seq, event="alert.approve", body="{}", now=after(**span))


def test_a_message_is_queued_once_and_claimed_once(database: Database) -> None:
    """Until its lease is over; the oldest first, a share for each system."""
    with database.unit_of_work() as uow:
        uow.webhooks.add(HOOK)
        uow.webhooks.add(replace(HOOK, webhook_id="w2", n_failures=2))
        for seq in (1, 2, 3, 3):
            put(uow, "w1", seq, seconds=seq)
            put(uow, "w2", seq, seconds=seq)
        assert uow.webhooks.n_queued() == 6
        options: dict[str, Any] = {"limit": 9, "each": 2}
        now = after(seconds=60)
        first = uow.webhooks.claim(now=now, until=after(minutes=2), **options)
        assert sorted((m.webhook_id, m.seq, m.n_tries) for m, _ in first) == [
            ("w1", 1, 1),
            ("w1", 2, 1),
            ("w2", 1, 1),
        ]
        second = uow.webhooks.claim(now=now, until=after(minutes=2), **options)
        assert sorted((m.webhook_id, m.seq) for m, _ in second) == [
            ("w1", 3),
            ("w2", 2),
        ]
        later = uow.webhooks.claim(
            now=after(minutes=3), until=after(minutes=4), limit=9, each=9
        )
        assert (1, 2) in {(m.seq, m.n_tries) for m, _ in later}
        assert uow.webhooks.find("w1") == HOOK


def test_what_came_of_a_try_is_kept(database: Database) -> None:
    """For the message, and for how its system is."""
    with database.unit_of_work() as uow:
        uow.webhooks.add(HOOK)
        put(uow, "w1", 1)
        put(uow, "w1", 2)
        (one, _), (two, _) = uow.webhooks.claim(
            now=NOW, until=after(minutes=1), limit=9, each=9
        )
        times: dict[str, Any] = {"now": NOW, "next_at": after(hours=1)}
        uow.webhooks.record(one, MessageState.QUEUED, error="Down.", **times)
        failed = uow.webhooks.find("w1")
        assert failed == replace(HOOK, n_failures=1, error="Down.")
        uow.webhooks.record(two, MessageState.DONE, error=None, **times)
        assert uow.webhooks.find("w1") == replace(HOOK, ok_at=NOW)
        assert uow.webhooks.n_queued() == 1
        assert uow.webhooks.forget(before=after(seconds=1)) == 1
        uow.webhooks.remove("w1")
        assert uow.webhooks.n_queued() == 0
        assert list(uow.webhooks.all()) == []


def test_how_far_others_were_told_is_kept(database: Database) -> None:
    """It starts at nothing."""
    with database.unit_of_work() as uow:
        assert uow.webhooks.told == 0
        uow.webhooks.told = 17
        uow.commit()
    with database.read_only() as uow:
        assert uow.webhooks.told == 17


def test_the_record_is_read_in_pages(database: Database) -> None:
    """Forwards for other systems, backwards for people, with its hashes."""
    with database.unit_of_work() as uow:
        for n in range(5):
            uow.audit.append(
                at=NOW, actor="dara", action="a.b", subject=f"s{n}", details={}
            )
        assert [e.seq for e in uow.audit.page(after=2, limit=2)] == [3, 4]
        assert [e.seq for e in uow.audit.newest_before(None, limit=2)] == [5, 4]
        assert [e.seq for e in uow.audit.newest_before(4, limit=9)] == [3, 2, 1]
        assert all(entry.hash == kept for entry, kept in uow.audit.kept())
        assert uow.audit.n_counted() == 5


def test_tokens_end(database: Database) -> None:
    """When they expire, and when they are revoked; both are kept."""
    dara = Operator(name="dara", role=Role.ADMIN, created_at=NOW)
    with database.unit_of_work() as uow:
        uow.operators.add(dara)
        for digest, expires_at in (("a" * 64, None), ("b" * 64, after(hours=1))):
            uow.operators.add_token(
                digest, operator="dara", role=Role.VIEWER, at=NOW, expires_at=expires_at
            )
        assert uow.operators.find_by_token("b" * 64, at=NOW) is not None
        assert uow.operators.find_by_token("b" * 64, at=after(hours=1)) is None
        (revoked,) = uow.operators.revoke_tokens("a" * 12, at=NOW)
        assert (revoked.token_id, revoked.revoked_at) == ("a" * 12, NOW)
        assert uow.operators.find_by_token("a" * 64, at=NOW) is None
        assert len(uow.operators.tokens()) == 2
        uow.operators.save(replace(dara, role=Role.VIEWER, is_active=False))
        assert uow.operators.find("dara") == replace(
            dara, role=Role.VIEWER, is_active=False
        )
