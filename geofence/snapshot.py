"""An index in memory or in a file that many processes map.

A file is only ever replaced whole (written beside, then renamed) or changed in place
by the one process that holds its writer lock. While a change is under way the version
in the header is odd; readers ask again. What a crash leaves behind is recognised when
the file is opened: odd version, wrong length or wrong checksum.
"""

import fcntl
import mmap
import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from geofence.checksum import body_sum, header_sum
from geofence.errors import (
    ForeignIndexError,
    IndexLockedError,
    OldIndexError,
    TornIndexError,
)
from geofence.pages import (
    BODY_SUM,
    FORMAT,
    FORMAT_WORD,
    HEADER_BYTES,
    HEADER_SUM,
    ID_BYTES,
    MAGIC,
    MAGIC_WORD,
    N_PAGES,
    VERSION,
    Layout,
    store_in,
)

T = TypeVar("T")

#: A reader that meets changes this often in a row waits for the writer once.
ATTEMPTS = 4
ID_SIZES = (4, 8)
_WORD_BYTES = 8
MAX_PAGES = 2**31 // 256


class Snapshot:
    """One block of memory that holds an index, private or mapped from a file.

    Parameters
    ----------
    block : ndarray of uint8
        Header and body.
    layout : Layout
        Where things lie.
    descriptor : int, optional
        Open file the block is mapped from; closed with this object.
    """

    def __init__(
        self,
        block: NDArray[np.uint8],
        layout: Layout,
        descriptor: int | None = None,
    ) -> None:
        self.block = block
        self.layout = layout
        self.store = store_in(block, layout)
        self._descriptor = descriptor
        self._mutex = threading.RLock()
        self._file_id: tuple[int, int] | None = None
        if descriptor is not None:
            self._file_id = _file_id(os.fstat(descriptor))
            weakref.finalize(self, os.close, descriptor)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Map a saved index and check all of it.

        Parameters
        ----------
        path : Path
            Written by `write`.

        Returns
        -------
        Snapshot

        Raises
        ------
        ForeignIndexError
            If the file is something else.
        OldIndexError
            If its format has another version.
        TornIndexError
            If it is truncated, corrupted, or a writer died in the middle of a change.
        """
        descriptor, protection = _open_file(path)
        try:
            with _file_lock(descriptor, fcntl.LOCK_SH):
                block, layout = _checked(path, descriptor, protection)
        except BaseException:
            os.close(descriptor)
            raise
        return cls(block, layout, descriptor)

    def rest(self) -> None:
        """Leave a mapped file's pages to those who ask; whoever looks has them again.

        Opening reads every page for its checksum, and they stay part of this process.
        """
        memory = getattr(self.block.base, "obj", None)
        if isinstance(memory, mmap.mmap):
            memory.madvise(mmap.MADV_DONTNEED)

    @property
    def version(self) -> int:
        """Grows by two with every change; odd while one is under way."""
        return int(self.store.header[VERSION])

    def read(self, ask: Callable[[Self], T]) -> T:
        """Ask a question of a state that no change was under way in.

        Parameters
        ----------
        ask : callable
            Given this snapshot; may be called several times.

        Returns
        -------
        object
            Its answer.

        Raises
        ------
        TornIndexError
            If a writer died in the middle of a change.
        """
        for _ in range(ATTEMPTS):
            before = self.version
            if before % 2 == 0:
                answer = ask(self)
                if self.version == before:
                    return answer
        with self._locked(fcntl.LOCK_SH):
            if self.version % 2:
                raise TornIndexError(_torn("The index", "a change was not finished"))
            return ask(self)

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the version odd, and the slow readers off, during a change.

        Yields
        ------
        None

        Raises
        ------
        TornIndexError
            If an earlier change was not finished.
        """
        header = self.store.header
        with self._locked(fcntl.LOCK_EX):
            if self.version % 2:
                raise TornIndexError(_torn("The index", "a change was not finished"))
            header[VERSION] += 1
            yield
            header[HEADER_SUM] = header_sum(header)
            header[VERSION] += 1

    def write(self, path: Path) -> None:
        """Write the index to a file beside `path`, then put it in its place.

        Parameters
        ----------
        path : Path
            Replaced at once: who has the old file mapped keeps the old file.
        """
        beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            with beside.open("wb") as file:
                self.read(lambda held: _write_whole(file, held.block))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        with suppress(OSError):
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def is_behind(self, path: Path) -> bool:
        """Say if another file has taken the place of the mapped one.

        Parameters
        ----------
        path : Path
            Where this snapshot was opened.

        Returns
        -------
        bool
            False also while there is no file.
        """
        try:
            return _file_id(path.stat()) != self._file_id
        except OSError:
            return False

    @contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        """Keep out other threads, and through the file other processes."""
        with self._mutex:
            if self._descriptor is None:
                yield
            else:
                with _file_lock(self._descriptor, kind):
                    yield


class WriterLock:
    """The right to change one index file, held until released or the process ends.

    Parameters
    ----------
    path : Path
        The index; the lock is a file beside it, which stays.

    Raises
    ------
    IndexLockedError
        If another process holds it.
    """

    def __init__(self, path: Path) -> None:
        beside = path.with_name(path.name + ".lock")
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT, 0o660)
        self.release = weakref.finalize(self, os.close, descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.release()
            msg = f"{path} is being changed by another process. Let that one do it."
            raise IndexLockedError(msg) from error


def _open_file(path: Path) -> tuple[int, int]:
    """Open for reading and writing if allowed: all then share one kind of mapping."""
    both = mmap.PROT_READ | mmap.PROT_WRITE
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC), both
    except PermissionError:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC), mmap.PROT_READ


def _checked(
    path: Path, descriptor: int, protection: int
) -> tuple[NDArray[np.uint8], Layout]:
    """Map an open file and refuse it unless every byte is as it was written.

    Raises
    ------
    ForeignIndexError
        If it is something else.
    OldIndexError
        If its format has another version.
    TornIndexError
        If it is truncated, corrupted or half changed.
    """
    size = os.fstat(descriptor).st_size
    start = np.frombuffer(os.pread(descriptor, HEADER_BYTES, 0), dtype=np.uint8)
    first = start[:_WORD_BYTES]
    if len(first) == _WORD_BYTES and int(first.view(np.int64)[0]) != MAGIC_WORD:
        msg = f"{path} is not a point index. Give the right path, or rebuild it."
        raise ForeignIndexError(msg)
    if len(start) < HEADER_BYTES:
        raise TornIndexError(_torn(path, "it ends within its header"))
    header = start.view(np.int64)
    if header[MAGIC] == MAGIC_WORD and header[FORMAT] != FORMAT_WORD:
        msg = (
            f"{path} has format {header[FORMAT]}, this program writes {FORMAT_WORD}. "
            "Rebuild it from the database."
        )
        raise OldIndexError(msg)
    if header[VERSION] % 2:
        raise TornIndexError(_torn(path, "a change was not finished"))
    if header_sum(header) != header[HEADER_SUM]:
        raise TornIndexError(_torn(path, "the checksum of its header is wrong"))
    n_pages, id_bytes = int(header[N_PAGES]), int(header[ID_BYTES])
    if not (0 < n_pages <= MAX_PAGES and id_bytes in ID_SIZES):
        raise TornIndexError(_torn(path, "its header makes no sense"))
    layout = Layout(n_pages, id_bytes)
    if size != layout.n_bytes:
        reason = f"it has {size:,} bytes instead of {layout.n_bytes:,}"
        raise TornIndexError(_torn(path, reason))
    block = _mapped(descriptor, size, protection)
    if body_sum(block, size) != int(header[BODY_SUM]) % 2**64:
        raise TornIndexError(_torn(path, "its checksum is wrong"))
    return block, layout


def _mapped(descriptor: int, size: int, protection: int) -> NDArray[np.uint8]:
    """Memory shared by everybody who maps the same file."""
    flags = mmap.MAP_SHARED | getattr(mmap, "MAP_POPULATE", 0)
    memory = mmap.mmap(descriptor, size, flags=flags, prot=protection)
    return np.frombuffer(memory, dtype=np.uint8)


def _write_whole(file: IO[bytes], block: NDArray[np.uint8]) -> None:
    """Write a block from the start of a file; safe to repeat."""
    file.seek(0)
    file.truncate()
    block.tofile(file)


@contextmanager
def _file_lock(descriptor: int, kind: int) -> Iterator[None]:
    """Hold an advisory lock on an open file."""
    fcntl.flock(descriptor, kind)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _file_id(status: os.stat_result) -> tuple[int, int]:
    """What tells one file from the next at the same path."""
    return status.st_dev, status.st_ino


def _torn(what: object, reason: str) -> str:
    """Sentence about a file that cannot be trusted."""
    return f"{what} cannot be trusted: {reason}. Rebuild it from the database."
