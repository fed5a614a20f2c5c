"""Files of people, taken in beside the requests: the page tells how far it is.

A thread of this process reads the file and notes in rows how far it is, so that
whichever process is asked knows (``warning.people.import_book``).
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import BinaryIO, Protocol, cast

from flask import Flask, current_app

from warning.errors import AlertError
from warning.people.import_book import FileImport, ImportBook
from warning.people.registration import ImportReport
from web.problems import problem_of

#: The key under which it hangs on the application.
DESK = "import_desk"
#: Seconds between two notes of how far a file is.
_NOTED_EVERY_S = 1.0


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


class ImportDesk:
    """Takes one file in after the other.

    Parameters
    ----------
    monotonic : callable
        Seconds that only grow.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._thread: threading.Thread | None = None

    def begin(
        self,
        book: ImportBook,
        read: ImportFile,
        stream: BinaryIO,
        *,
        name: str,
        is_dry: bool,
        by: str,
    ) -> FileImport | None:
        """Begin with a file; None while another one is under way anywhere.

        Parameters
        ----------
        stream : binary file
            Copied before this returns.
        """
        with ExitStack() as held:
            kept = cast("BinaryIO", held.enter_context(tempfile.TemporaryFile()))
            shutil.copyfileobj(stream, kept)
            begun = book.begin(name=name, is_dry=is_dry, by=by, n_bytes=kept.tell())
            if begun is None:
                return None
            kept.seek(0)
            # From here on the thread holds it: it is gone when that is done with it.
            held.pop_all()
            self._thread = threading.Thread(
                target=self._work,
                args=(book, read, kept, begun),
                name="import",
                daemon=True,
            )
            self._thread.start()
        return begun

    def wait(self) -> None:
        """Until the file that is under way here is done."""
        if self._thread is not None:
            self._thread.join()

    def _work(
        self, book: ImportBook, read: ImportFile, stream: BinaryIO, begun: FileImport
    ) -> None:
        noted_at = float("-inf")

        def note(n_lines: int, n_bytes: int) -> None:
            nonlocal noted_at
            if self._monotonic() - noted_at >= _NOTED_EVERY_S:
                noted_at = self._monotonic()
                book.note(begun, n_lines, n_bytes)

        try:
            with stream:
                report = read(
                    stream, dry_run=begun.is_dry, by=begun.by, on_progress=note
                )
        except AlertError as error:
            book.fail(begun, str(error), is_refused=True)
        except Exception as error:  # noqa: BLE001 - of a thread: told in its row
            book.fail(begun, problem_of(error).detail, is_refused=False)
        else:
            book.finish(begun, report)


def install(app: Flask, monotonic: Callable[[], float]) -> None:
    """Hang the desk on an application."""
    app.extensions[DESK] = ImportDesk(monotonic)


def import_desk() -> ImportDesk:
    """The desk of the application that serves this request."""
    return cast("ImportDesk", current_app.extensions[DESK])
