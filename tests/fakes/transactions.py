"""What the transactions of fakes have in common."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class OneAtATime(ABC):
    """A transaction that holds the lock of its store from begin to end."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock

    @abstractmethod
    def begin(self) -> None:
        """Take a copy of what is committed."""

    def __enter__(self) -> Self:
        self._lock.acquire()
        self.begin()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()
