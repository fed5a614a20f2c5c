"""How carriers are: what they may, how fast they go, what they refuse. Only reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ops.health import CARRIER_PREFIX
from telephony.carriers.failures import CODES, WORDS
from telephony.delivery import AttemptState, Channel

if TYPE_CHECKING:
    from ops.config.settings import CarrierSettings
    from ops.health import HealthService, Readiness
    from ops.ports import UnitOfWork
    from telephony.callbacks.tallies import AttemptTally

#: The pace is that of so long; faults are those of an hour.
PACE_OVER = timedelta(seconds=10)
FAULTS_OVER = timedelta(hours=1)
#: Tries that are read at most: a look must stay cheap in the middle of a warning.
MAX_PACE_TRIES = 5_000
MAX_FAULT_TRIES = 50_000
_FAILED = frozenset({AttemptState.FAILED, AttemptState.NOT_SENT})
_NO_WORDS = "Nobody here knows this code; ask the carrier."


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierLine:
    """One carrier as a screen shows it. Nothing in it is secret."""

    name: str
    #: Of its API, without path or credentials.
    host: str
    dialect: str
    has_sms: bool
    has_voice: bool
    #: What it may do at most, a second.
    sms_per_s: float
    calls_per_s: float
    concurrent_calls: int
    prefixes: Sequence[str]
    priority: int
    #: Why it does not send; empty when it does.
    trouble: str = ""
    #: Tries a second lately.
    pace: Mapping[Channel, float] = field(default_factory=dict)

    @property
    def per_s(self) -> float:
        """Messages and calls a second."""
        return sum(self.pace.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultLine:
    """Tries that failed for one reason."""

    carrier: str
    channel: Channel
    code: str
    n: int
    #: What the code means, one sentence.
    meaning: str


class CarrierBoard:
    """Everything there is to see of carriers.

    Parameters
    ----------
    carriers : mapping
        Name → its settings.
    read_uow : callable
        Opens a unit of work that only reads.
    health : HealthService
        Knows what the workers say of carriers.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        carriers: Mapping[str, CarrierSettings],
        *,
        read_uow: Callable[[], UnitOfWork],
        health: HealthService,
        now: Callable[[], datetime],
    ) -> None:
        self._carriers = carriers
        self._read_uow = read_uow
        self._health = health
        self._now = now

    def lines(self, readiness: Readiness | None = None) -> Sequence[CarrierLine]:
        """Every carrier of the settings, the one that is tried first first.

        Parameters
        ----------
        readiness : Readiness, optional
            What was found just now, to whoever has looked already.
        """
        now = self._now()
        readiness = readiness or self._health.readiness()
        tallies = self._newest(now - PACE_OVER, MAX_PACE_TRIES)
        troubles = {
            check.name.removeprefix(CARRIER_PREFIX): check.sentence
            for check in readiness.checks
            if check.name.startswith(CARRIER_PREFIX) and not check.ok
        }
        return [
            _line(name, table, troubles.get(name, ""), _pace(name, tallies, now))
            for name, table in sorted(
                self._carriers.items(), key=lambda item: (item[1].priority, item[0])
            )
        ]

    def faults(self) -> Sequence[FaultLine]:
        """What failed in the last hour, the most frequent first."""
        counted: Counter[tuple[str, Channel, str]] = Counter()
        for one in self._newest(self._now() - FAULTS_OVER, MAX_FAULT_TRIES):
            if one.state in _FAILED:
                counted[one.carrier, one.channel, one.code or ""] += one.n
        return [
            FaultLine(
                carrier=carrier, channel=channel, code=code, n=n, meaning=meaning(code)
            )
            for (carrier, channel, code), n in counted.most_common()
        ]

    def _newest(self, since: datetime, at_most: int) -> Sequence[AttemptTally]:
        with self._read_uow() as uow:
            return uow.attempt_tallies.newest(since=since, at_most=at_most)


def meaning(code: str) -> str:
    """What a carrier's code or word means, for an operator.

    Examples
    --------
    >>> meaning("30003")
    'The handset is off or out of reach.'
    >>> meaning("no-answer")
    'Nobody answered.'
    """
    known = CODES.get(code) or WORDS.get(code)
    return known.reason if known else _NO_WORDS


def _pace(
    name: str, tallies: Sequence[AttemptTally], now: datetime
) -> dict[Channel, float]:
    """Tries a second; over less than the whole span if more were made than are read."""
    if not tallies:
        return {}
    n_read = sum(one.n for one in tallies)
    span = PACE_OVER
    if n_read >= MAX_PACE_TRIES:
        span = max(now - min(one.oldest_at for one in tallies), timedelta(seconds=1))
    paces: dict[Channel, float] = {}
    for one in tallies:
        if one.carrier == name:
            per_s = one.n / span.total_seconds()
            paces[one.channel] = paces.get(one.channel, 0.0) + per_s
    return paces


def _line(
    name: str, table: CarrierSettings, trouble: str, pace: Mapping[Channel, float]
) -> CarrierLine:
    return CarrierLine(
        name=name,
        host=urlsplit(table.base_url).netloc.rpartition("@")[2],
        dialect=table.dialect,
        has_sms=table.sms_from is not None,
        has_voice=table.voice_from is not None,
        sms_per_s=table.sms_per_s,
        calls_per_s=table.calls_per_s,
        concurrent_calls=table.concurrent_calls,
        prefixes=table.prefixes,
        priority=table.priority,
        trouble=trouble,
        pace=pace,
    )
