"""An append-only file of what the telco accepted and what became of it.

One JSON object a line, written in one call before the answer leaves, so that a reader
finds every acceptance that a customer can have seen, whoever is killed. Without a
journal the telco remembers nothing across a restart.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulator.errors import JournalError
from simulator.records import Call, Message


class Journal:
    """Writes acceptances and outcomes to one file.

    Parameters
    ----------
    path : pathlib.Path
        Made if missing; its directory must exist.
    """

    def __init__(self, path: Path) -> None:
        _cut_torn_line(path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._fd = os.open(path, flags, 0o600)

    def accepted(self, kind: str, record: Message | Call) -> None:
        """Note a message or call taken in; `kind` is ``message`` or ``call``."""
        self._write(
            {
                "accepted": kind,
                "sid": record.sid,
                "to": record.to,
                "from": record.from_,
                "direction": record.direction,
                "at": record.created_s,
                "status_callback": record.status_callback,
                "body": record.body if isinstance(record, Message) else None,
            }
        )

    def ended(self, record: Message | Call) -> None:
        """Note the final state."""
        self._write(
            {
                "ended": record.sid,
                "status": record.status,
                "at": record.updated_s,
                "error_code": record.error_code,
            }
        )

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)

    def _write(self, entry: dict[str, Any]) -> None:
        os.write(self._fd, json.dumps(entry, separators=(",", ":")).encode() + b"\n")


def read_journal(path: Path) -> Iterator[dict[str, Any]]:
    """Entries of a journal, oldest first; nothing if there is no such file.

    A last line cut short by a kill is left out: its request was never answered.

    Raises
    ------
    JournalError
        If another line is not a JSON object.
    """
    if not path.exists():
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                entry = json.loads(line)
            except ValueError as error:
                raise JournalError(f"{path}, line {number}: {error}") from error
            if not isinstance(entry, dict):
                raise JournalError(f"{path}, line {number}: not a JSON object")
            yield entry


def _cut_torn_line(path: Path) -> None:
    """Remove what follows the last line end: a kill in the middle of a write."""
    if path.exists():
        content = path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(path, whole)
