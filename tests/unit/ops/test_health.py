"""Health: what stops an alert from leaving is told with its cure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self, cast

from ops.health import SILENCE, HealthService
from ops.ports import Database
from telephony.delivery import Channel, Lane

NOW = datetime(2026, 5, 1, 3, tzinfo=UTC)


@dataclass
class FakeDatabase:
    """As much of a database as health looks at; also its own unit of work."""

    answers: bool = True
    current: bool = True
    beat: tuple[datetime, Mapping[str, str]] | None = None
    waiting: Mapping[tuple[Channel, Lane], int] = field(default_factory=dict)

    def ping(self) -> bool:
        return self.answers

    def is_current(self) -> bool:
        return self.current

    def n_callbacks_waiting(self) -> int:
        return 7

    def read_only(self) -> Self:
        return self

    @property
    def heartbeats(self) -> Self:
        return self

    @property
    def outbox(self) -> Self:
        return self

    def last(self, _name: str) -> tuple[datetime, Mapping[str, str]] | None:
        return self.beat

    def queued(self) -> Mapping[tuple[Channel, Lane], int]:
        return self.waiting

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


def service(**state: object) -> HealthService:
    database = FakeDatabase(**state)  # type: ignore[arg-type]
    return HealthService(cast("Database", database), now=lambda: NOW)


def checks(**state: object) -> dict[str, tuple[bool, str]]:
    found = service(**state).readiness()
    assert found.is_ready == all(check.ok for check in found.checks)
    return {check.name: (check.ok, check.sentence) for check in found.checks}


def test_all_is_well() -> None:
    """Database, worker and each carrier."""
    found = checks(beat=(NOW, {"main": ""}))

    assert all(ok for ok, _ in found.values())
    assert set(found) == {"database", "worker", "carrier:main"}


def test_a_database_that_is_away_hides_the_rest() -> None:
    """Nothing else can be known then."""
    assert list(checks(answers=False)) == ["database"]


def test_old_tables_name_the_command() -> None:
    """The cure is one command."""
    assert checks(current=False)["database"] == (
        False,
        "The tables are not those of this release: tocsin db upgrade",
    )


def test_a_silent_worker_is_taken_for_dead() -> None:
    """After a while, not after one missed beat."""
    late = (NOW - SILENCE - timedelta(seconds=1), {})

    assert not checks(beat=late)["worker"][0]
    assert not checks(beat=None)["worker"][0]
    assert checks(beat=(NOW - SILENCE, {}))["worker"][0]


def test_a_carrier_in_trouble_says_why() -> None:
    """In the worker's words."""
    found = checks(beat=(NOW, {"main": "It refuses our token."}))

    assert found["carrier:main"] == (False, "It refuses our token.")


def test_metrics_are_figures_without_names() -> None:
    """Silence, what waits by channel and lane, callbacks to be folded."""
    waiting = {(Channel.SMS, Lane.WARNING): 5}
    state = {"beat": (NOW - timedelta(seconds=3), {}), "waiting": waiting}

    found = {metric.name: metric for metric in service(**state).metrics()}

    assert found["tocsin_worker_silence_seconds"].samples[0].value == 3
    queued = found["tocsin_deliveries_queued"].samples[0]
    assert (queued.value, queued.labels) == (5, {"channel": "sms", "lane": "warning"})
    assert found["tocsin_callbacks_unfolded"].samples[0].value == 7


def test_a_worker_that_never_was_has_no_silence() -> None:
    """Not zero: an alarm on it must ring."""
    found = {metric.name: metric for metric in service().metrics()}

    assert math.isnan(found["tocsin_worker_silence_seconds"].samples[0].value)
