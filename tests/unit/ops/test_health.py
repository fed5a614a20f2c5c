"""Health: what stops an alert from leaving is told with its cure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, cast

from ops.health import CLOCK, SENDING, SILENCE, HealthService
from ops.ports import Database
from telephony.delivery import Channel, Lane
from telephony.strange_words import StrangeWord

NOW = datetime(2026, 5, 1, 3, tzinfo=UTC)


@dataclass
class FakeDatabase:
    """As much of a database as health looks at; also its own unit of work."""

    answers: bool = True
    current: bool = True
    beat: tuple[datetime, Mapping[str, str]] | None = None
    other_beats: Sequence[tuple[datetime, Mapping[str, str]]] = ()
    strange: Mapping[StrangeWord, int] = field(default_factory=dict)
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

    @property
    def strange_words(self) -> Self:
        return self

    def since(
        self, then: datetime, *, prefix: str
    ) -> Mapping[str, tuple[datetime, Mapping[str, str]]]:
        beats = [self.beat] if self.beat else []
        return {
            f"{prefix}{n}": beat
            for n, beat in enumerate([*beats, *self.other_beats])
            if beat[0] >= then
        }

    def counts(self) -> Mapping[StrangeWord, int]:
        return self.strange

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


def service(**state: Any) -> HealthService:
    database = FakeDatabase(**state)
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


def test_a_worker_whose_database_refuses_says_so() -> None:
    """It lives, and nothing leaves: the operator learns why, and that it goes on."""
    beat = (NOW, {"main": "", SENDING: "Sending stands still: the disk is full."})

    assert checks(beat=beat)["sending"] == (
        False,
        "Sending stands still: the disk is full.",
    )


def test_a_wrong_clock_is_told_of_here_and_there() -> None:
    """A worker's, and that of the machine that is asked; neither is a carrier."""
    there = (NOW, {"main": "", CLOCK: "This machine's clock is 9 s behind."})
    database = cast("Database", FakeDatabase(beat=there))
    ahead = timedelta(seconds=70)
    health = HealthService(database, now=lambda: NOW, compare_clocks=lambda: ahead)

    found = {check.name: check for check in health.readiness().checks}
    alarms = {metric.name: metric.samples for metric in health.metrics()}

    assert not found["clock"].ok
    assert not found["clock:here"].ok
    assert "70 s ahead of the database's" in found["clock:here"].sentence
    carriers = [one.labels["carrier"] for one in alarms["tocsin_carrier_alarm"]]
    assert carriers == ["main"]


def test_callbacks_that_are_refused_are_told_of() -> None:
    """Carriers repeat them, so nothing is lost, but somebody must look."""
    database = cast("Database", FakeDatabase(beat=(NOW, {})))
    health = HealthService(database, now=lambda: NOW, trouble=lambda: "No room.")

    found = {check.name: check for check in health.readiness().checks}

    assert (found["callbacks"].ok, found["callbacks"].sentence) == (False, "No room.")


def test_of_several_workers_any_may_complain() -> None:
    """One carrier is stopped for one of them first; the dead have no say."""
    found = checks(
        beat=(NOW, {"main": ""}),
        other_beats=[
            (NOW, {"main": "It refuses our token."}),
            (NOW - 2 * SILENCE, {"old": "It is gone."}),
        ],
    )

    assert found["worker"] == (True, "2 workers work.")
    assert found["carrier:main"] == (False, "It refuses our token.")
    assert "carrier:old" not in found


def test_alarms_and_strange_words_can_be_drawn() -> None:
    """A stopped carrier is 1; words nobody knows count by carrier and kind."""
    word = StrangeWord("main", "code", "39999")
    beat = (NOW, {"main": "Stopped.", "spare": "", SENDING: "Full."})

    metrics = service(beat=beat, strange={word: 4}).metrics()
    found = {metric.name: metric.samples for metric in metrics}

    alarms = found["tocsin_carrier_alarm"]
    assert [(one.value, one.labels["carrier"]) for one in alarms] == [
        (1, "main"),
        (0, "spare"),
    ]
    (strange,) = found["tocsin_carrier_strange_words_total"]
    assert strange.value == 4
    assert strange.labels == {"carrier": "main", "kind": "code", "word": "39999"}
    assert found["tocsin_workers"][0].value == 1


def test_metrics_are_figures_without_names() -> None:
    """Silence, what waits by channel and lane, callbacks to be folded."""
    waiting = {(Channel.SMS, Lane.WARNING): 5}
    state: dict[str, Any] = {
        "beat": (NOW - timedelta(seconds=3), {}),
        "waiting": waiting,
    }

    found = {metric.name: metric for metric in service(**state).metrics()}

    assert found["tocsin_worker_silence_seconds"].samples[0].value == 3
    queued = found["tocsin_deliveries_queued"].samples[0]
    assert (queued.value, queued.labels) == (5, {"channel": "sms", "lane": "warning"})
    assert found["tocsin_callbacks_unfolded"].samples[0].value == 7


def test_a_worker_that_never_was_has_no_silence() -> None:
    """Not zero: an alarm on it must ring."""
    found = {metric.name: metric for metric in service().metrics()}

    assert math.isnan(found["tocsin_worker_silence_seconds"].samples[0].value)
