"""One method in a process of its own, so that it can be timed, measured and stopped."""

import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.geofence.data import make_data
from bench.geofence.peers import PEERS
from bench.geofence.postgis import Postgis, PostgisSubdivided

#: Those first that ratios are asked against: if time runs out, others are left out.
FIRST = (
    "rtree, one entry per point",
    "shapely STRtree, box + test",
    "geoindex-rs + shapely",
)
ALL_PEERS: dict[str, type[Any]] = {
    **{name: PEERS[name] for name in FIRST},
    "PostGIS, GiST, ST_Subdivide": PostgisSubdivided,
    "PostGIS, GiST": Postgis,
    **{name: peer for name, peer in PEERS.items() if name not in FIRST},
}
QUICK_S = 2.0


class TooSlowError(Exception):
    """The method did not answer within the budget and was stopped."""


class Worker:
    """A peer behind a pipe.

    Parameters
    ----------
    name : str
        Key of `ALL_PEERS`.
    n : int
        Number of points.
    """

    def __init__(self, name: str, n: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, name, n))
        self._process.start()
        theirs.close()

    def answer(self, question: str | None, budget_s: float) -> Any:
        """Return the answer to one question.

        Parameters
        ----------
        question : str or None
            Name of an area, ``"small"``, or None for the result of the building.
        budget_s : float
            Seconds to wait.

        Returns
        -------
        object
            See `_serve`.

        Raises
        ------
        TooSlowError
            If it takes longer; the worker is stopped.
        """
        if question is not None:
            self._pipe.send(question)
        if not self._pipe.poll(budget_s):
            self.stop()
            raise TooSlowError
        try:
            return self._pipe.recv()
        except EOFError as error:
            raise TooSlowError from error

    def stop(self) -> None:
        """End the process, gently if it is idle."""
        with suppress(BrokenPipeError):
            self._pipe.send(None)
            self._process.join(timeout=20)
        if self._process.is_alive():
            # Python ends with its `finally` clauses on an interrupt, not on a kill.
            os.kill(self._process.pid or 0, signal.SIGINT)
            self._process.join(timeout=60)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def timed(ask: Callable[[], Any], *, repeats: int) -> tuple[Any, float]:
    """Return an answer and the median of the seconds it took.

    Parameters
    ----------
    ask : callable
        The question.
    repeats : int
        How often, unless one answer takes longer than `QUICK_S`.

    Returns
    -------
    object, float
    """
    seconds = []
    answer = None
    for _ in range(repeats):
        start = time.perf_counter()
        answer = ask()
        seconds.append(time.perf_counter() - start)
        if seconds[-1] > QUICK_S:
            break
    return answer, float(np.median(seconds))


def resident_bytes() -> int:
    """Return the most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def fingerprint(ids: NDArray[np.int64]) -> tuple[int, int]:
    """Return what tells two sets of ids apart: their number and a mixed sum.

    Parameters
    ----------
    ids : ndarray of int64
        Different ids, in any order.

    Returns
    -------
    tuple of int
    """
    mixed = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    return len(ids), int(np.bitwise_xor.reduce(mixed)) if len(ids) else 0


def _serve(pipe: Connection, name: str, n: int) -> None:
    """Build, then answer ``(fingerprints, seconds)`` to each question until None."""
    data = make_data(n)
    try:
        start = time.perf_counter()
        peer = ALL_PEERS[name](data.x, data.y)
        pipe.send(("built", time.perf_counter() - start))
    except Exception as error:  # noqa: BLE001 - reported as a sentence, not hidden
        pipe.send(("missing", f"{type(error).__name__}: {error}"))
        return
    try:
        while (question := pipe.recv()) is not None:
            if question == "small":
                ids, seconds = timed(partial(peer.many, data.small), repeats=2)
                pipe.send(([fingerprint(some) for some in ids], seconds))
            else:
                area = data.areas[question]
                ids, seconds = timed(partial(peer.ids, area), repeats=3)
                pipe.send(([fingerprint(ids)], seconds))
    finally:
        # A server must be stopped, whatever happened.
        close = getattr(peer, "close", None)
        if close is not None:
            close()
