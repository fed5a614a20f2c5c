"""How the installation is: checks that say a sentence, figures that can be drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ops.ports import Database

#: The name under which the worker gives signs of life.
WORKER = "worker"
#: A worker that was silent for longer is taken for dead.
SILENCE = timedelta(seconds=15)


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
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

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
        return Readiness(checks=[database, *self._worker_checks()])

    def metrics(self) -> Iterable[Metric]:
        """Figures for monitoring: the worker's silence, and what waits."""
        with self._database.read_only() as uow:
            beat = uow.heartbeats.last(WORKER)
            queued = uow.outbox.queued()
        age_s = (self._now() - beat[0]).total_seconds() if beat else float("nan")
        yield Metric(
            name="tocsin_worker_silence_seconds",
            help="Seconds since the worker's last sign of life.",
            kind="gauge",
            samples=[Sample(value=age_s)],
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

    def _worker_checks(self) -> Iterable[Check]:
        with self._database.read_only() as uow:
            beat = uow.heartbeats.last(WORKER)
        if beat is None or self._now() - beat[0] > SILENCE:
            sentence = "No worker runs, so nothing leaves. Start one: tocsin worker"
            yield Check(name=WORKER, ok=False, sentence=sentence)
            return
        yield Check(name=WORKER, ok=True, sentence="The worker works.")
        for carrier, reason in beat[1].items():
            yield Check(
                name=f"carrier:{carrier}", ok=not reason, sentence=reason or "Sends."
            )
