"""Answers that took long to find are not looked for again at once.

However many ask, finding them takes a small share of one processor.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

#: An answer holds for so many times what it took.
_REST = 20.0
_MAX_REST_S = 30.0


def rests_until(began: float, ended: float) -> float:
    """Until when an answer holds that was looked for from then to then, seconds."""
    return ended + min(_MAX_REST_S, (ended - began) * _REST)


class Rested(Generic[K, V]):
    """Answers by question, each as old as it was dear at most.

    Parameters
    ----------
    monotonic : callable
        Seconds that only grow.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        #: Question → until when the answer holds, and the answer.
        self._known: dict[K, tuple[float, V]] = {}

    def get(self, question: K, find: Callable[[], V]) -> V:
        """Return the answer; who asks while it is being found waits for it."""
        with self._lock:
            began = self._monotonic()
            self._known = {
                key: kept for key, kept in self._known.items() if began < kept[0]
            }
            if question not in self._known:
                answer = find()
                until = rests_until(began, self._monotonic())
                self._known[question] = until, answer
                return answer
            return self._known[question][1]
