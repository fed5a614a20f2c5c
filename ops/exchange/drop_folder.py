"""A folder in which CAP files are left, from a USB stick say.

A file is taken when it has stopped growing. It is moved only after it has been taken
in, and taking in the same bytes twice is harmless: a kill at any line costs a second
look. What cannot be used is moved aside, with a sentence beside it that says why.
"""

from __future__ import annotations

import logging
import os
import stat
from contextlib import suppress
from pathlib import Path

from warning.sources.feed_state import Outcome
from warning.sources.source_desk import Receipt, SourceDesk, SourcePolicy

log = logging.getLogger(__name__)

SOURCE = "drop"
DONE, REFUSED = "done", "refused"
ENDINGS = (".xml", ".cap")
#: A larger file is no alert; ``warning.cap_documents.tree`` reads no more either.
MAX_BYTES = 5_000_000
#: Files worked on in one run.
MAX_FILES = 20


class DropFolder:
    """Looks into one folder again and again.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    desk : SourceDesk
        Takes documents in.
    """

    def __init__(self, folder: Path, *, desk: SourceDesk) -> None:
        self._folder = folder
        self._desk = desk
        #: Size and time of each file at the last look: what still changes can wait.
        self._seen: dict[str, tuple[int, int]] = {}

    def run_once(self) -> int:
        """Take in the files that have come to rest; return how many."""
        for name in (DONE, REFUSED):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        found = dict(sorted(self._files()))
        resting = [name for name, at in found.items() if self._seen.get(name) == at]
        self._seen = found
        for name in resting[:MAX_FILES]:
            self._take(self._folder / name)
            del self._seen[name]
        return len(resting[:MAX_FILES])

    def _files(self) -> list[tuple[str, tuple[int, int]]]:
        """Name, size and time of every file that may be an alert."""
        found = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                is_hidden = entry.name.startswith((".", "~"))
                if is_hidden or not entry.name.lower().endswith(ENDINGS):
                    continue
                if not entry.is_file(follow_symlinks=False):
                    continue
                about = entry.stat(follow_symlinks=False)
                found.append((entry.name, (about.st_size, about.st_mtime_ns)))
        return found

    def _take(self, path: Path) -> None:
        receipt = self._receipt(path)
        if receipt is None:
            return
        if receipt.outcome is Outcome.REFUSED:
            goal = _free(self._folder / REFUSED, path.name)
            # The sentence first: a refused file never lies there without its reason.
            _write(goal.with_name(f"{goal.name}.txt"), receipt.sentence)
        else:
            goal = _free(self._folder / DONE, path.name)
        with suppress(FileNotFoundError):  # another worker was quicker
            path.replace(goal)
        log.info("file worked on", extra={"outcome": receipt.outcome.value})

    def _receipt(self, path: Path) -> Receipt | None:
        """What became of a file; None if it is gone, or cannot be read now."""
        try:
            data = _read(path)
        except OSError as error:
            log.warning("file not read", extra={"why": error.strerror})
            return None
        if data is None:
            sentence = f"The file is larger than {MAX_BYTES:,} bytes."
            return Receipt(outcome=Outcome.REFUSED, alert_id=None, sentence=sentence)
        return self._desk.take(
            data, source=SOURCE, policy=SourcePolicy(), beside=self._beside
        )

    def _beside(self, name: str) -> bytes | None:
        """A sound in the folder that an alert names; None if it cannot be read."""
        try:
            return _read(self._folder / name)
        except OSError:
            return None


def _read(path: Path) -> bytes | None:
    """The bytes of a plain file; None if there are too many.

    Raises
    ------
    OSError
        If it is not there, not ours to read, or no plain file (any more).
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, "not a plain file")
        data = file.read(MAX_BYTES + 1)
    return None if len(data) > MAX_BYTES else data


def _free(folder: Path, name: str) -> Path:
    """A path in a folder at which nothing lies yet."""
    path, n = folder / name, 1
    while path.exists():
        n += 1
        stem, dot, ending = name.rpartition(".")
        path = folder / f"{stem}-{n}{dot}{ending}"
    return path


def _write(path: Path, sentence: str) -> None:
    """Write a sentence, whole or not at all."""
    draft = path.with_name(f".{path.name}")
    draft.write_text(f"{sentence}\n", encoding="utf-8")
    draft.replace(path)
