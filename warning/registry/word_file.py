"""The words of everybody in one file that all processes map.

Beside the words its header holds what moves with them: which state of the database they
show, and which file lists the people known by an area alone. One process at a time
changes it, in place; while it does, the version in the header is odd and readers ask
again. Words that are in doubt are refused: the database has them all.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import threading
import weakref
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from geofence.checksum import COLUMNS, body_sum, factors
from geofence.pages import HEADER_BYTES
from warning.registry.errors import TornRegistryError
from warning.registry.registry import Revision
from warning.registry.whole_file import write_whole

T = TypeVar("T")

#: A reader that meets changes this often in a row waits for the writer once.
ATTEMPTS = 4
#: Words are added by so many at least: ids of people who are yet to register.
SLACK = 65_536
_MAGIC = int.from_bytes(b"TOCSINwd", "little")


class _At(IntEnum):
    """Words of 64 bits in the header; those that have no name are zero."""

    MAGIC = 0
    VERSION = 1
    N_WORDS = 2
    PEOPLE = 3
    AREAS = 4
    BY_AREA = 5
    BY_AREA_SUM = 6
    BODY_SUM = 7
    HEADER_SUM = 8


class State(NamedTuple):
    """What the header says of the words."""

    revision: Revision
    #: Number and checksum of the list of people known by an area alone.
    by_area: tuple[int, int]


class WordFile:
    """Words by id, mapped; any number of threads and processes may read.

    Parameters
    ----------
    path : Path
        Written by `create`. Everything in it is checked (a millisecond per million).

    Raises
    ------
    FileNotFoundError
        If there is none.
    TornRegistryError
        If it is not as it was written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._descriptor)
        self._mutex = threading.RLock()
        with self._locked(fcntl.LOCK_SH):
            self._block = self._mapped()
            self._check()

    @staticmethod
    def create(path: Path, words: NDArray[np.uint32], state: State) -> None:
        """Write a file in one step.

        Parameters
        ----------
        path : Path
        words : (n,) uint32 array
            By id; the file has room for some more.
        state : State
        """
        n_words = _with_slack(len(words))
        block = np.zeros(HEADER_BYTES + 4 * n_words, dtype=np.uint8)
        block[HEADER_BYTES:].view(np.uint32)[: len(words)] = words
        header = _header_of(block)
        header[_At.MAGIC], header[_At.N_WORDS] = _MAGIC, n_words
        _set_state(header, state)
        _set_sum(header, body_sum(block, len(block)))
        write_whole(path, block.data)

    @property
    def words(self) -> NDArray[np.uint32]:
        """(n,) uint32, as the file is at this moment; by id."""
        block = self._block
        if len(block) != _n_bytes(_header_of(block)):
            block = self._block = self._mapped()
        return block[HEADER_BYTES:].view(np.uint32)

    @property
    def state(self) -> State:
        """What the words show; to be asked within `read`."""
        header = _header_of(self._block).tolist()
        return State(
            Revision(header[_At.PEOPLE], header[_At.AREAS]),
            (header[_At.BY_AREA], header[_At.BY_AREA_SUM]),
        )

    def read(self, ask: Callable[[], T]) -> T:
        """Ask a question while nothing changes.

        Parameters
        ----------
        ask : callable
            May be called several times, and may fail when it meets a change.

        Returns
        -------
        object
            Its answer of a time without change.

        Raises
        ------
        TornRegistryError
            If a writer died in the middle of a change.
        """
        for _ in range(ATTEMPTS):
            before = self._version
            if before % 2:
                continue
            try:
                answer = ask()
            except Exception:
                if self._version == before:
                    raise
            else:
                if self._version == before:
                    return answer
        with self._locked(fcntl.LOCK_SH):
            self._require_even()
            return ask()

    @contextmanager
    def change(self, state: State) -> Iterator[None]:
        """Hold readers off during a change of the words and of all that goes with them.

        Parameters
        ----------
        state : State
            What is shown when the block has run.

        Notes
        -----
        For whoever has the right to write. If the block fails, or its process dies in
        it, nobody trusts the file any more.

        Raises
        ------
        TornRegistryError
            If an earlier change was not finished.
        """
        with self._locked(fcntl.LOCK_EX):
            self._require_even()
            header = _header_of(self._block)
            header[_At.VERSION] += 1
            yield
            header = _header_of(self._block)
            _set_state(header, state)
            _set_sum(header, int(header[_At.BODY_SUM : _At.BODY_SUM + 1].view("u8")[0]))
            header[_At.VERSION] += 1

    def put(self, ids: NDArray[np.int64], words: NDArray[np.uint32]) -> None:
        """Write some words; within `change`.

        Parameters
        ----------
        ids : (n,) int64 array
            Each once.
        words : (n,) uint32 array
            Theirs.
        """
        if len(ids) and int(ids.max()) >= len(self.words):
            self._grow(int(ids.max()) + 1)
        header = _header_of(self._block)
        pairs = self._block[HEADER_BYTES:].view(np.uint64)
        touched = np.unique(ids // 2)
        before = pairs[touched].copy()
        self.words[ids] = words
        row, column = factors(len(pairs))
        # Unsigned numbers wrap around: the sum is one modulo 2**64.
        moved = (pairs[touched] - before) * row[touched // COLUMNS]
        total = header[_At.BODY_SUM : _At.BODY_SUM + 1].view(np.uint64)
        total += (moved * column[touched % COLUMNS]).sum(dtype=np.uint64)

    def _grow(self, n_words: int) -> None:
        """Make room at the end; zeros do not change the sum."""
        n_words = _with_slack(n_words)
        # Not merely longer: a disk that is full must say so here, not kill a writer.
        os.posix_fallocate(self._descriptor, 0, HEADER_BYTES + 4 * n_words)
        _header_of(self._block)[_At.N_WORDS] = n_words
        self._block = self._mapped()

    @property
    def _version(self) -> int:
        return int(_header_of(self._block)[_At.VERSION])

    def _mapped(self) -> NDArray[np.uint8]:
        size = os.fstat(self._descriptor).st_size
        if size < HEADER_BYTES:
            raise TornRegistryError(_torn(self._path, "it ends within its header"))
        flags = mmap.MAP_SHARED
        protection = mmap.PROT_READ | mmap.PROT_WRITE
        memory = mmap.mmap(self._descriptor, size, flags=flags, prot=protection)
        return np.frombuffer(memory, dtype=np.uint8)

    def _check(self) -> None:
        header = _header_of(self._block)
        if header[_At.MAGIC] != _MAGIC:
            raise TornRegistryError(_torn(self._path, "it is something else"))
        self._require_even()
        if _header_sum(header) != header[_At.HEADER_SUM]:
            reason = "the checksum of its header is wrong"
            raise TornRegistryError(_torn(self._path, reason))
        if len(self._block) != _n_bytes(header):
            raise TornRegistryError(_torn(self._path, "its length is wrong"))
        total = body_sum(self._block, len(self._block))
        if total != int(header[_At.BODY_SUM]) % 2**64:
            raise TornRegistryError(_torn(self._path, "its checksum is wrong"))

    def _require_even(self) -> None:
        if self._version % 2:
            raise TornRegistryError(_torn(self._path, "a change was not finished"))

    @contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        """Keep out other threads, and through the file other processes."""
        with self._mutex:
            fcntl.flock(self._descriptor, kind)
            try:
                yield
            finally:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)


def _header_of(block: NDArray[np.uint8]) -> NDArray[np.int64]:
    return block[:HEADER_BYTES].view(np.int64)


def _n_bytes(header: NDArray[np.int64]) -> int:
    return HEADER_BYTES + 4 * int(header[_At.N_WORDS])


def _with_slack(n_words: int) -> int:
    """An eighth more, in whole pages of words."""
    return -(-(n_words + max(n_words // 8, SLACK)) // 1024) * 1024


def _set_state(header: NDArray[np.int64], state: State) -> None:
    header[_At.PEOPLE], header[_At.AREAS] = state.revision
    header[_At.BY_AREA], header[_At.BY_AREA_SUM] = state.by_area


def _set_sum(header: NDArray[np.int64], total: int) -> None:
    header[_At.BODY_SUM] = np.uint64(total).view(np.int64)
    header[_At.HEADER_SUM] = _header_sum(header)


def _header_sum(header: NDArray[np.int64]) -> int:
    """Sum of the header without itself and without the version."""
    fields = header.copy()
    fields[_At.VERSION] = fields[_At.HEADER_SUM] = 0
    return zlib.crc32(fields.tobytes())


def _torn(path: Path, reason: str) -> str:
    return f"{path} cannot be trusted: {reason}."
