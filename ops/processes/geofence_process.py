"""Who is inside, asked of a process beside this one.

The compiled code of the geofence takes more memory than everything else the worker
needs, and the worker asks a handful of questions a warning. So a child of the worker
loads it and answers. It may die at any line: it is started again and the question
repeated, and if that fails too, the question is answered here, for more memory. A
warning never waits longer for it than for the bounded time of two questions.
"""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
import shapely
from numpy.typing import NDArray

from geofence import Area, PointIndex
from geofence.rings import rings_of
from geofence.snapshot import Snapshot
from ops.processes.frames import Frame, read_frame, write_frame
from ops.processes.own_programs import start_own

if TYPE_CHECKING:
    from geofence import Mask
    from geofence.repair import AreaGeometry

log = logging.getLogger(__name__)

#: By then a question about any area is answered, seconds.
ANSWER_S = 10.0
#: By then machine code is loaded, also where it must be compiled first, seconds.
START_S = 120.0
_STOP_S = 5.0
_MODULE = "ops.processes.geofence_answers"
_ROOT = Path(__file__).parents[2]
#: How often a question is put before it is answered here.
_TRIES = 2

Start = Callable[[], "subprocess.Popen[bytes]"]
#: An area → ids inside it; None if that cannot be answered.
Ask = Callable[["AreaGeometry"], "NDArray[np.int64] | None"]


class GeofenceProcess:
    """A child that answers, started when it is needed and whenever it has died.

    Parameters
    ----------
    answer_s : float
        How long a question may take, seconds.
    start : callable, optional
        Starts the child.

    Notes
    -----
    Any number of threads may ask; they take turns.
    """

    def __init__(self, *, answer_s: float = ANSWER_S, start: Start | None = None):
        self._answer_s = answer_s
        self._start = start or _started
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_wanted = self._is_over = False

    @property
    def pid(self) -> int | None:
        """The child's number; None while there is none."""
        child = self._child
        return None if child is None or child.poll() is not None else child.pid

    def open(self, path: Path) -> PointIndex:
        """Map a saved index that is asked about areas in the child.

        Raises
        ------
        OSError, IndexFileError
            As ``PointIndex.open``.
        """
        snapshot = Snapshot.open(path)
        snapshot.rest()
        return _PointsApart(snapshot, path, partial(self.inside, path))

    def load(self) -> None:
        """Return when the child is ready to answer; it is started if it is not there.

        Raises
        ------
        OSError
            If it cannot be started, or is not ready in time.
        EOFError
            If it ended at once.
        """
        self._is_wanted = True
        with self._turn:
            self._ready()

    def revive(self) -> int:
        """Start a child that has died, before somebody asks; return how many."""
        if self._is_over or not self._is_wanted or self.pid is not None:
            return 0
        self.load()
        return 1

    def inside(self, path: Path, geometry: AreaGeometry) -> NDArray[np.int64] | None:
        """Ids inside an area or on its boundary.

        Parameters
        ----------
        path : Path
            Of a saved index.
        geometry : Polygon or MultiPolygon
            Valid, lon and lat in WGS 84 degrees.

        Returns
        -------
        (n,) int64 array or None
            None if the child cannot answer; the log says why.
        """
        question = Frame({"path": str(path.resolve())}, shapely.to_wkb(geometry))
        with self._turn:
            for _ in range(_TRIES):
                try:
                    answer = self._ask(question)
                except (OSError, EOFError) as error:  # a TimeoutError is an OSError
                    log.warning("geofence process gone", extra={"reason": str(error)})
                    self._end()
                    continue
                if "why" in answer.words:
                    log.warning("not answered", extra={"reason": answer.words["why"]})
                    return None
                return np.frombuffer(answer.body, "<i8").astype(np.int64)
        return None

    def close(self) -> None:
        """End the child, and start no other."""
        self._is_over = True
        with self._turn:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, question: Frame) -> Frame:
        child = self._ready()
        assert child.stdin is not None, "it is a pipe"
        assert child.stdout is not None, "it is a pipe"
        write_frame(child.stdin.fileno(), question, timeout_s=self._answer_s)
        return read_frame(child.stdout.fileno(), timeout_s=self._answer_s)

    def _ready(self) -> subprocess.Popen[bytes]:
        """The child, which has loaded everything; for whose turn it is.

        Raises
        ------
        OSError
            If it cannot be started, or is not ready in time.
        EOFError
            If it ended at once, or this process is ending.
        """
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        if self._is_over:
            raise EOFError("This process is ending.")
        self._child = child = self._start()
        assert child.stdout is not None, "it is a pipe"
        try:
            read_frame(child.stdout.fileno(), timeout_s=START_S)
        except BaseException:
            self._end()
            raise
        return child

    def _end(self) -> None:
        """Let the child end, or make it; idempotent."""
        child, self._child = self._child, None
        if child is None:
            return
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        try:
            child.wait(_STOP_S if self._is_over else 0.0)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class _PointsApart(PointIndex):
    """A saved index that is asked about areas elsewhere, and about all else here."""

    def __init__(self, snapshot: Snapshot, path: Path, inside_apart: Ask) -> None:
        super().__init__(snapshot, path)
        self._inside_apart = inside_apart

    def inside(
        self, geometry: AreaGeometry | Area, *, where: Mask | None = None
    ) -> NDArray[np.int64]:
        """Ids inside an area or on its boundary; as ``PointIndex.inside``."""
        shape = geometry.geometry if isinstance(geometry, Area) else geometry
        rings_of([shape])  # what is wrong with an area is said here
        ids = None if where is not None else self._inside_apart(shape)
        return super().inside(shape, where=where) if ids is None else ids


def _started() -> subprocess.Popen[bytes]:
    return start_own(["-m", _MODULE], stdout=subprocess.PIPE, folder=_ROOT)
