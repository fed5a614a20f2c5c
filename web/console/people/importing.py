"""Files of people, taken in beside the requests: the page tells how far it is.

One file at a time. What is known of it lives in this process; that it began and what
it did stands in the record all the same.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

from flask import Flask, current_app

from warning.errors import AlertError
from warning.people.registration import ImportReport
from web.problems import problem_of

#: The key under which it hangs on the application.
DESK = "import_desk"


class ImportFile(Protocol):
    """Reads a file of people; ``PeopleService.import_csv``."""

    def __call__(
        self,
        stream: BinaryIO,
        *,
        dry_run: bool,
        by: str,
        on_progress: Callable[[int, int], None],
    ) -> ImportReport:
        """Register everybody in it, or say what would be."""
        ...


@dataclass(slots=True)
class Import:
    """One file on its way."""

    number: int
    name: str
    is_dry: bool
    by: str
    n_bytes: int
    n_lines: int = 0
    n_bytes_read: int = 0
    report: ImportReport | None = None
    problem: Exception | None = None
    is_over: bool = False

    @property
    def percent(self) -> int:
        """How much of the file was read, 0 to 100."""
        return min(100, round(100 * self.n_bytes_read / max(self.n_bytes, 1)))


class ImportDesk:
    """Takes one file in after the other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[int, Import] = {}
        self._thread: threading.Thread | None = None

    def begin(
        self, read: ImportFile, stream: BinaryIO, *, name: str, is_dry: bool, by: str
    ) -> Import | None:
        """Begin with a file; None while another one is under way.

        Parameters
        ----------
        stream : binary file
            Copied before this returns.
        """
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                return None
            # Closed, and with that gone, when the thread is done with it.
            kept = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115
            shutil.copyfileobj(stream, kept)
            job = Import(
                number=len(self._known) + 1,
                name=name,
                is_dry=is_dry,
                by=by,
                n_bytes=kept.tell(),
            )
            kept.seek(0)
            self._known[job.number] = job
            self._thread = threading.Thread(
                target=_work, args=(read, kept, job), name="import", daemon=True
            )
            self._thread.start()
        return job

    def find(self, number: int) -> Import | None:
        """Return a file by its number here."""
        return self._known.get(number)

    def wait(self) -> None:
        """Until the file that is under way is done."""
        if self._thread is not None:
            self._thread.join()


def install(app: Flask) -> None:
    """Hang the desk on an application."""
    app.extensions[DESK] = ImportDesk()


def import_desk() -> ImportDesk:
    """The desk of the application that serves this request."""
    return cast("ImportDesk", current_app.extensions[DESK])


def _work(read: ImportFile, stream: BinaryIO, job: Import) -> None:
    def note(n_lines: int, n_bytes: int) -> None:
        job.n_lines, job.n_bytes_read = n_lines, n_bytes

    try:
        with stream:
            job.report = read(stream, dry_run=job.is_dry, by=job.by, on_progress=note)
    except AlertError as error:
        job.problem = error
    except Exception as error:  # noqa: BLE001 - told to whoever waits
        job.problem = RuntimeError(problem_of(error).detail)
    finally:
        job.is_over = True
