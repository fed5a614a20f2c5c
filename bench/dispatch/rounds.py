"""Our worker and its peers against one canned telco, in turns.

Every round measures all of them, so that whatever else the machine does meets all
alike; a way's figures are the median of its rounds by speed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median_low
from typing import NamedTuple

from bench.dispatch.figures import Rate, say
from bench.dispatch.own import measure_sending
from bench.dispatch.peers import WAYS, measure_peer

LATENCIES_MS = (0, 100)
#: Of what a message costs: our worker by name.
OURS = "tocsin"
#: The shipped client that each latency's goal is against.
RIVALS = {0: ("threads-8", "threads-32"), 100: ("threads-32",)}

#: Way → messages in a round by latency: some seconds of each.
_FULL: Mapping[str, Mapping[int, int]] = {
    OURS: {0: 40_000, 100: 30_000},
    "threads-8": {0: 8_000, 100: 600},
    "threads-32": {0: 8_000, 100: 2_400},
    "asyncio": {0: 12_000, 100: 6_000},
    "threads-8-commit": {0: 5_000},
    "celery-prefork": {0: 3_000},
    "celery-threads": {0: 3_000, 100: 2_000},
}
_QUICK_SHARE = 4
_N_ROUNDS = 2


class Way(NamedTuple):
    """One way of sending, and what it did at one latency."""

    key: str
    latency_ms: int
    rate: Rate


def measure_rounds(
    urls: Mapping[int, str], folder: Path, *, is_quick: bool
) -> list[Way]:
    """Measure everybody in each round.

    Parameters
    ----------
    urls : mapping of int to str
        Latency, milliseconds → base URL of the telco.
    folder : Path
        Databases and logs are kept there.

    Returns
    -------
    list of Way
        The median round of each, ours first; what cannot be had here is left out.
    """
    seen: dict[tuple[str, int], list[Rate]] = defaultdict(list)
    with ExitStack() as stack:
        celery = _celery(stack, folder)
        for number in range(1 if is_quick else _N_ROUNDS):
            for latency_ms in LATENCIES_MS:
                for key, sizes in _FULL.items():
                    if latency_ms not in sizes or (celery is None and "celery" in key):
                        continue
                    n = sizes[latency_ms] // (_QUICK_SHARE if is_quick else 1)
                    place = folder / f"{key}-{latency_ms}-{number}"
                    rate = _measure(key, urls[latency_ms], n, place, celery)
                    say(
                        f"round {number + 1}, {latency_ms} ms, {rate.name}: "
                        f"{rate.per_s:,.0f}/s, {rate.cpu_us:.0f} us"
                    )
                    seen[key, latency_ms].append(rate)
    return [Way(key, ms, _middle(rates)) for (key, ms), rates in seen.items()]


_Celery = Callable[[str, str, int], Rate]


def _celery(stack: ExitStack, folder: Path) -> _Celery | None:
    """Celery with a broker of its own, None if this machine has none."""
    try:
        # Of the benchmark's own environment: not everybody has it.
        from bench.dispatch.celery_task import (
            BrokerMissingError,
            broker,
            measure_celery,
        )
    except ImportError:
        say("Celery is skipped: it is not installed; run make bench-dispatch")
        return None
    try:
        redis = stack.enter_context(broker(folder))
    except BrokerMissingError as error:
        say(f"Celery is skipped: {error}")
        return None
    return lambda pool, url, n: measure_celery(redis, pool, url, n)


def _measure(
    key: str, base_url: str, n: int, place: Path, celery: _Celery | None
) -> Rate:
    if key == OURS:
        place.mkdir()
        return measure_sending(base_url, place.resolve(), n)
    if key in WAYS:
        return measure_peer(key, base_url, n)
    assert celery is not None, "left out by the caller"
    return celery(key.removeprefix("celery-"), base_url, n)


def _middle(rates: Sequence[Rate]) -> Rate:
    per_s = median_low([rate.per_s for rate in rates])
    return next(rate for rate in rates if rate.per_s == per_s)
