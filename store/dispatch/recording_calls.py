"""Calls in which somebody is to speak a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from store.sql.locking import locked
from store.tables.prompt_recordings import recording_calls
from telephony.sound.recording_calls import CallState, RecordingCall

if TYPE_CHECKING:
    from sqlalchemy import Connection

_VALUES = (
    "language", "key", "words", "asked_by", "asked_at", "sound", "duration_ms",
)  # fmt: skip


class SqlRecordingCalls:
    """``telephony.sound.recording_calls.RecordingCallRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, call: RecordingCall) -> int:
        """Store a new call; return its number."""
        done = self._connection.execute(insert(recording_calls).values(_row_of(call)))
        assert done.inserted_primary_key is not None
        return int(done.inserted_primary_key[0])

    def get(self, number: int) -> RecordingCall | None:
        """Return a call, and nobody else may change it meanwhile."""
        wanted = select(recording_calls).where(recording_calls.c.id == number)
        row = self._connection.execute(locked(self._connection, wanted)).one_or_none()
        if row is None:
            return None
        values = {name: getattr(row, name) for name in _VALUES}
        return RecordingCall(number=row.id, state=CallState(row.state), **values)

    def save(self, call: RecordingCall) -> None:
        """Write a call over its earlier state."""
        self._connection.execute(
            update(recording_calls)
            .where(recording_calls.c.id == call.number)
            .values(_row_of(call))
        )


def _row_of(call: RecordingCall) -> dict[str, object]:
    row = {name: getattr(call, name) for name in _VALUES}
    return row | {"state": call.state.value}
