"""Everything around alerts in memory: feeds, plans, sensors, other systems, audit.

A transaction works on what is there and cannot be undone: the tests that need that have
a database. The store's contract suite holds the repositories to the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Self

from tests.unit.accounts.fake_accounts import FakeAudit, FakeOperators
from warning.alert import AlertCase, AlertId, AlertState
from warning.arrival import Arrival
from warning.errors import AlertNotFoundError, DuplicateAlertError
from warning.publishing.webhooks import Message, MessageState, Webhook
from warning.sources.feed_state import EntryRecord, FeedState
from warning.sources.plans import Plan
from warning.sources.sensors import Sensor
from warning.sources.threshold import Reading


@dataclass
class FakeAlertRows:
    """Alerts by id."""

    cases: dict[AlertId, AlertCase] = field(default_factory=dict)

    def add(self, case: AlertCase) -> None:
        for known in self.cases.values():
            if known.cap.reference() == case.cap.reference():
                raise DuplicateAlertError("Known already.", alert_id=known.alert_id)
        self.cases[case.alert_id] = case

    def get(self, alert_id: AlertId) -> AlertCase:
        if alert_id not in self.cases:
            raise AlertNotFoundError(f"There is no alert {alert_id}.")
        return self.cases[alert_id]

    def newest(self, *, ended_since: datetime, limit: int) -> Sequence[AlertCase]:
        shown = [
            case
            for case in self.cases.values()
            if case.state is AlertState.LIVE
            or (
                case.state in {AlertState.ENDED, AlertState.CANCELLED}
                and case.live_at is not None
                and case.closed_at is not None
                and case.closed_at >= ended_since
            )
        ]
        return shown[::-1][:limit]


@dataclass
class FakeArrivals:
    """Arrivals by alert."""

    by_id: dict[AlertId, Arrival] = field(default_factory=dict)

    def add(self, arrival: Arrival) -> None:
        self.by_id[arrival.alert_id] = arrival

    def find(self, alert_ids: Sequence[AlertId]) -> Mapping[AlertId, Arrival]:
        return {one: self.by_id[one] for one in alert_ids if one in self.by_id}

    def same(self, fingerprint: str, *, since: datetime) -> AlertId | None:
        for arrival in self.by_id.values():
            if arrival.fingerprint == fingerprint and arrival.received_at >= since:
                return arrival.alert_id
        return None


@dataclass
class FakeFeeds:
    """Where feeds stand."""

    states: dict[str, FeedState] = field(default_factory=dict)
    records: dict[tuple[str, str], EntryRecord] = field(default_factory=dict)

    def state(self, name: str) -> FeedState | None:
        return self.states.get(name)

    def save(self, name: str, state: FeedState) -> None:
        self.states[name] = state

    def entries(self, name: str, keys: Sequence[str]) -> Mapping[str, EntryRecord]:
        return {k: self.records[name, k] for k in keys if (name, k) in self.records}

    def save_entry(self, name: str, key: str, record: EntryRecord) -> None:
        self.records[name, key] = record

    def seen(self, name: str, keys: Sequence[str], *, now: datetime) -> None:
        for key in keys:
            if (name, key) in self.records:
                self.records[name, key] = replace(
                    self.records[name, key], last_seen_at=now
                )

    def forget(self, *, unseen_since: datetime) -> int:
        old = [k for k, r in self.records.items() if r.last_seen_at < unseen_since]
        for key in old:
            del self.records[key]
        return len(old)


@dataclass
class FakePlans:
    """Plans by name."""

    by_name: dict[str, Plan] = field(default_factory=dict)

    def save(self, plan: Plan, *, by: str, now: datetime) -> bool:
        del by, now
        is_new = plan.name not in self.by_name
        self.by_name[plan.name] = plan
        return is_new

    def find(self, name: str) -> Plan | None:
        return self.by_name.get(name)

    def list(self, *, after: str, limit: int) -> Sequence[Plan]:
        return [p for n, p in sorted(self.by_name.items()) if n > after][:limit]

    def remove(self, name: str) -> bool:
        return self.by_name.pop(name, None) is not None


@dataclass
class FakeSensors:
    """Sensors by id, and their readings."""

    by_id: dict[str, Sensor] = field(default_factory=dict)
    levels: dict[str, dict[datetime, float]] = field(default_factory=dict)

    def save(self, sensor: Sensor, *, now: datetime) -> None:
        del now
        self.by_id[sensor.sensor_id] = sensor

    def find(self, sensor_id: str) -> Sensor | None:
        return self.by_id.get(sensor_id)

    find_for_update = find

    def list(self, *, after: str, limit: int) -> Sequence[Sensor]:
        return [s for n, s in sorted(self.by_id.items()) if n > after][:limit]

    def add_readings(
        self, sensor_id: str, readings: Sequence[Reading], *, now: datetime
    ) -> Mapping[datetime, float]:
        del now
        levels = self.levels.setdefault(sensor_id, {})
        kept = {r.at: levels[r.at] for r in readings if r.at in levels}
        for reading in readings:
            levels.setdefault(reading.at, reading.level)
        return kept

    def readings(self, sensor_id: str, *, limit: int) -> Sequence[Reading]:
        levels = self.levels.get(sensor_id, {})
        newest = sorted(levels.items(), reverse=True)[:limit]
        return [Reading(at, level) for at, level in newest]

    def forget_readings(self, *, before: datetime) -> int:
        n = 0
        for levels in self.levels.values():
            old = [at for at in levels if at < before]
            n += len(old)
            for at in old:
                del levels[at]
        return n


@dataclass
class FakeWebhooks:
    """Other systems, and their queue."""

    told: int = 0
    by_id: dict[str, Webhook] = field(default_factory=dict)
    queue: list[tuple[Message, MessageState, datetime]] = field(default_factory=list)

    def add(self, webhook: Webhook) -> None:
        self.by_id[webhook.webhook_id] = webhook

    def find(self, webhook_id: str) -> Webhook | None:
        return self.by_id.get(webhook_id)

    def all(self) -> Sequence[Webhook]:
        return list(self.by_id.values())

    def remove(self, webhook_id: str) -> None:
        del self.by_id[webhook_id]
        self.queue = [row for row in self.queue if row[0].webhook_id != webhook_id]

    def put(
        self, webhook_id: str, *, seq: int, event: str, body: str, now: datetime
    ) -> None:
        message = Message(
            message_id=len(self.queue) + 1,
            webhook_id=webhook_id,
            seq=seq,
            event=event,
            body=body,
            n_tries=0,
            created_at=now,
        )
        self.queue.append((message, MessageState.QUEUED, now))

    def n_queued(self) -> int:
        return sum(state is MessageState.QUEUED for _, state, _ in self.queue)


@dataclass
class FakeSources:
    """What is there; hand ``unit_of_work`` to whatever asks for one."""

    alerts: FakeAlertRows = field(default_factory=FakeAlertRows)
    arrivals: FakeArrivals = field(default_factory=FakeArrivals)
    feeds: FakeFeeds = field(default_factory=FakeFeeds)
    plans: FakePlans = field(default_factory=FakePlans)
    sensors: FakeSensors = field(default_factory=FakeSensors)
    webhooks: FakeWebhooks = field(default_factory=FakeWebhooks)
    operators: FakeOperators = field(default_factory=FakeOperators)
    audit: FakeAudit = field(default_factory=FakeAudit)
    #: Called at each commit: a test that wants to be killed raises here.
    on_commit: Callable[[], None] = field(default=lambda: None)

    @property
    def publications(self) -> FakeAlertRows:
        return self.alerts

    def unit_of_work(self) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        return None

    def commit(self) -> None:
        self.on_commit()
