"""What taking alerts in by themselves needs from a store: feeds, plans, sensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from warning import arrival_ports

if TYPE_CHECKING:
    from warning.sources.feed_state import EntryRecord, FeedState
    from warning.sources.plans import Plan
    from warning.sources.sensors import Sensor
    from warning.sources.threshold import Reading


class FeedRepository(Protocol):
    """Where the reading of each feed stands."""

    def state(self, name: str) -> FeedState | None:
        """Return where a feed stands; None if it was never read."""
        ...

    def save(self, name: str, state: FeedState) -> None:
        """Write where a feed stands."""
        ...

    def entries(self, name: str, keys: Sequence[str]) -> Mapping[str, EntryRecord]:
        """What became of these entries; those never seen are absent."""
        ...

    def save_entry(self, name: str, key: str, record: EntryRecord) -> None:
        """Write what became of an entry."""
        ...

    def seen(self, name: str, keys: Sequence[str], *, now: datetime) -> None:
        """Note that these entries are still in the feed."""
        ...

    def forget(self, *, unseen_since: datetime) -> int:
        """Forget entries that left their feed long ago; return how many."""
        ...


class PlanRepository(Protocol):
    """Prepared plans, by name."""

    def save(self, plan: Plan, *, by: str, now: datetime) -> bool:
        """Write a plan, over the one of its name if there is one; True if new."""
        ...

    def find(self, name: str) -> Plan | None:
        """Return a plan."""
        ...

    def list(self, *, after: str, limit: int) -> Sequence[Plan]:
        """Plans whose name is above ``after``, ascending."""
        ...

    def remove(self, name: str) -> bool:
        """Remove a plan that no sensor uses; False when there is none.

        Raises
        ------
        PlanInUseError
            If a sensor drafts from it.
        """
        ...


class SensorRepository(Protocol):
    """Sensors and their readings."""

    def save(self, sensor: Sensor, *, now: datetime) -> None:
        """Write a sensor, over the one of its id if there is one."""
        ...

    def find(self, sensor_id: str) -> Sensor | None:
        """Return a sensor."""
        ...

    def find_for_update(self, sensor_id: str) -> Sensor | None:
        """The same, and nobody else may change it until this transaction ends."""
        ...

    def list(self, *, after: str, limit: int) -> Sequence[Sensor]:
        """Sensors whose id is above ``after``, ascending."""
        ...

    def add_readings(
        self, sensor_id: str, readings: Sequence[Reading], *, now: datetime
    ) -> Mapping[datetime, float]:
        """Keep readings; return what is kept of times that were known before."""
        ...

    def readings(self, sensor_id: str, *, limit: int) -> Sequence[Reading]:
        """The newest readings, newest first."""
        ...

    def forget_readings(self, *, before: datetime) -> int:
        """Remove readings older than a time; return how many."""
        ...


class UnitOfWork(arrival_ports.UnitOfWork, Protocol):
    """One transaction over everything that brings an alert in."""

    @property
    def feeds(self) -> FeedRepository:
        """Where feeds stand."""
        ...

    @property
    def plans(self) -> PlanRepository:
        """Prepared plans."""
        ...

    @property
    def sensors(self) -> SensorRepository:
        """Sensors and readings."""
        ...
