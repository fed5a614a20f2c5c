"""Where sounds are kept: files named after what they hold, each written whole."""

from __future__ import annotations

import os
import re
import tempfile
from datetime import datetime
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}", re.ASCII)


def is_digest(name: str) -> bool:
    """Whether this can be the name of a sound; it becomes part of a path."""
    return _NAME.fullmatch(name) is not None


class Shelf:
    """A folder of sounds.

    Parameters
    ----------
    folder : Path
        Made when the first sound is put.
    behind : Shelf, optional
        Where else is looked for a sound; nothing is put there.
    """

    def __init__(self, folder: Path, *, behind: Shelf | None = None) -> None:
        self._folder = folder
        self._behind = behind

    def put(self, digest: str, wav: bytes) -> None:
        """Keep a sound; durable when this returns. One that is there is left alone."""
        path = self._path(digest)
        if path.is_file():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=self._folder, prefix=".", delete=False
        ) as file:
            try:
                file.write(wav)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        Path(file.name).replace(path)

    def find(self, digest: str) -> Path | None:
        """Return the file of a sound; None if there is none of this name."""
        if not is_digest(digest):
            return None
        path = self._path(digest)
        if path.is_file():
            return path
        return None if self._behind is None else self._behind.find(digest)

    def remove(self, digest: str) -> None:
        """Let go of a sound; one that is not there is gone already."""
        if is_digest(digest):
            self._path(digest).unlink(missing_ok=True)

    def sweep(self, before: datetime) -> int:
        """Let go of everything that was put before a time; return how much.

        Parameters
        ----------
        before : datetime
            Aware.
        """
        if not self._folder.is_dir():
            return 0
        old = [
            path
            for path in self._folder.iterdir()
            if path.is_file() and path.stat().st_mtime < before.timestamp()
        ]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.wav"
