"""How the installation is: checks that say a sentence, figures that can be drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ops.ports import Database

#: The check of the workers, and how the names begin under which they give signs of
#: life.
WORKER = "worker"
WORKER_PREFIX = "worker:"
#: Beside carriers, what a worker has to say: why nothing leaves although it runs.
SENDING = "sending"
#: Likewise, and also of the process that is asked: its machine's clock is wrong.
CLOCK = "clock"
#: How the checks of carriers begin.
CARRIER_PREFIX = "carrier:"
CALLBACKS = "callbacks"
_NO_CARRIERS = frozenset({SENDING, CLOCK})
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

#: When a process gave a sign of life, and what it had to say.
Beat = tuple[datetime, Mapping[str, str]]

#: A worker that was silent for longer is taken for dead.
SILENCE = timedelta(seconds=15)
#: A clock that is wrong by so much is told of.
WRONG_BY = timedelta(seconds=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing that must hold for alerts to be sent."""

    #: A short word, e.g. ``database``, ``worker``, ``carrier:main``.
    name: str
    ok: bool
    #: What is so and, when it is not well, what to do. No number, no secret.
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """Whether alerts can be sent now."""

    checks: Sequence[Check]

    @property
    def is_ready(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One value of a metric."""

    value: float
    #: Never a phone number or a name.
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One figure for monitoring, in base units (seconds, bytes)."""

    #: In the words of Prometheus, e.g. ``tocsin_deliveries``.
    name: str
    help: str
    kind: Literal["counter", "gauge"]
    samples: Sequence[Sample]


class HealthService:
    """Look at what must hold for alerts to be sent. Asks no carrier.

    Parameters
    ----------
    database : Database
    now : callable
        Aware UTC.
    trouble : callable, optional
        One sentence on why this process refuses callbacks; empty if it does not.
    compare_clocks : callable, optional
        How far this machine's clock is ahead of the one that ``now`` goes by.
    """

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime],
        trouble: Callable[[], str] = lambda: "",
        compare_clocks: Callable[[], timedelta] = timedelta,
    ) -> None:
        self._database = database
        self._now = now
        self._trouble = trouble
        self._compare_clocks = compare_clocks

    def readiness(self) -> Readiness:
        """Check database, worker and carriers."""
        if not self._database.ping():
            sentence = "The database does not answer; see that it runs and has room."
            return Readiness(
                checks=[Check(name="database", ok=False, sentence=sentence)]
            )
        if not self._database.is_current():
            sentence = "The tables are not those of this release: tocsin db upgrade"
            return Readiness(
                checks=[Check(name="database", ok=False, sentence=sentence)]
            )
        database = Check(name="database", ok=True, sentence="The database answers.")
        return Readiness(
            checks=[
                database,
                *self._clock_checks(),
                *self._callback_checks(),
                *self._worker_checks(),
            ]
        )

    def metrics(self) -> Iterable[Metric]:
        """Figures for monitoring: the worker's silence, and what waits."""
        with self._database.read_only() as uow:
            beats = uow.heartbeats.since(_LONG_AGO, prefix=WORKER_PREFIX)
            queued = uow.outbox.queued()
            strange = uow.strange_words.counts()
        last = max((at for at, _ in beats.values()), default=None)
        age_s = (self._now() - last).total_seconds() if last else float("nan")
        yield Metric(
            name="tocsin_worker_silence_seconds",
            help="Seconds since the worker's last sign of life.",
            kind="gauge",
            samples=[Sample(value=age_s)],
        )
        alive = self._alive(beats)
        yield Metric(
            name="tocsin_workers",
            help="Workers that gave a sign of life lately.",
            kind="gauge",
            samples=[Sample(value=len(alive))],
        )
        yield Metric(
            name="tocsin_carrier_alarm",
            help="1 for a carrier that rests or is stopped, wholly or on one channel.",
            kind="gauge",
            samples=[
                Sample(value=bool(reason), labels={"carrier": carrier})
                for carrier, reason in _merged(alive).items()
                if carrier not in _NO_CARRIERS
            ],
        )
        yield Metric(
            name="tocsin_carrier_strange_words_total",
            help="Statuses, codes and attempts that carriers named and nobody knows.",
            kind="counter",
            samples=[
                Sample(value=n, labels=word._asdict()) for word, n in strange.items()
            ],
        )
        yield Metric(
            name="tocsin_deliveries_queued",
            help="Deliveries that wait for their turn, by channel and lane.",
            kind="gauge",
            samples=[
                Sample(
                    value=n,
                    labels={"channel": channel.word, "lane": lane.name.lower()},
                )
                for (channel, lane), n in queued.items()
            ],
        )
        yield Metric(
            name="tocsin_callbacks_unfolded",
            help="Callbacks that are kept and not yet worked through.",
            kind="gauge",
            samples=[Sample(value=self._database.n_callbacks_waiting())],
        )

    def _clock_checks(self) -> Iterable[Check]:
        # First of all: what follows is read off the clock that this sets.
        if sentence := clock_trouble(self._compare_clocks()):
            yield Check(name=f"{CLOCK}:here", ok=False, sentence=sentence)

    def _callback_checks(self) -> Iterable[Check]:
        if sentence := self._trouble():
            yield Check(name=CALLBACKS, ok=False, sentence=sentence)

    def _worker_checks(self) -> Iterable[Check]:
        with self._database.read_only() as uow:
            beats = uow.heartbeats.since(self._now() - SILENCE, prefix=WORKER_PREFIX)
        if not beats:
            sentence = (
                "No worker has given a sign of life, so nothing leaves. Start one: "
                "tocsin worker. If one runs, see that the database can be written."
            )
            yield Check(name=WORKER, ok=False, sentence=sentence)
            return
        word = "The worker works." if len(beats) == 1 else f"{len(beats)} workers work."
        yield Check(name=WORKER, ok=True, sentence=word)
        for name, reason in _merged(beats).items():
            label = name if name in _NO_CARRIERS else f"{CARRIER_PREFIX}{name}"
            yield Check(name=label, ok=not reason, sentence=reason or "Sends.")

    def _alive(self, beats: Mapping[str, Beat]) -> Mapping[str, Beat]:
        since = self._now() - SILENCE
        return {name: beat for name, beat in beats.items() if beat[0] >= since}


def clock_trouble(ahead: timedelta) -> str:
    """What an operator is told of a machine's clock; nothing if it is right."""
    if abs(ahead) < WRONG_BY:
        return ""
    seconds = abs(ahead.total_seconds())
    side = "ahead of" if ahead > timedelta(0) else "behind"
    return (
        f"This machine's clock is {seconds:.0f} s {side} the database's. That of the "
        "database counts, so work goes on; set the clock (NTP)."
    )


def _merged(beats: Mapping[str, Beat]) -> dict[str, str]:
    """What all workers say, by what they say it of; one that complains is heard."""
    merged: dict[str, str] = {}
    for _, facts in beats.values():
        for name, reason in facts.items():
            merged[name] = merged.get(name) or reason
    return merged
