"""Signs of life of the processes that work here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from store import counters
from store.sql.conflicts import upsert
from store.tables.operation import heartbeats

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection


class SqlHeartbeats:
    """``ops.ports.Heartbeats``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beat(self, name: str, *, now: datetime, facts: Mapping[str, str]) -> None:
        """Note that a process lives, and what it has to say."""
        self._connection.execute(
            upsert(self._connection, heartbeats, key=["name"], replace=["at", "facts"]),
            {"name": name, "at": now, "facts": dict(facts)},
        )

    def last(self, name: str) -> tuple[datetime, Mapping[str, str]] | None:
        """Return the last sign of life and its facts; None if there was none.

        Of a kind of which several run, ``worker:1`` and ``worker:2``, the newest.
        """
        is_of_kind = heartbeats.c.name.startswith(f"{name}:", autoescape=True)
        row = self._connection.execute(
            select(heartbeats.c.at, heartbeats.c.facts)
            .where((heartbeats.c.name == name) | is_of_kind)
            .order_by(heartbeats.c.at.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else (row.at, row.facts)

    def since(
        self, then: datetime, *, prefix: str
    ) -> Mapping[str, tuple[datetime, Mapping[str, str]]]:
        """Processes of a kind that gave a sign of life at or after a time, by name."""
        rows = self._connection.execute(
            select(heartbeats)
            .where(
                heartbeats.c.name.startswith(prefix, autoescape=True),
                heartbeats.c.at >= then,
            )
            .order_by(heartbeats.c.name)
        )
        return {row.name: (row.at, row.facts) for row in rows}

    def forget(self, *, prefix: str, before: datetime) -> None:
        """Drop processes of a kind that gave no sign of life since a time."""
        self._connection.execute(
            delete(heartbeats).where(
                heartbeats.c.name.startswith(prefix, autoescape=True),
                heartbeats.c.at < before,
            )
        )

    def gone(self, name: str) -> None:
        """Note that a process has ended in order."""
        self._connection.execute(delete(heartbeats).where(heartbeats.c.name == name))

    def new_number(self) -> int:
        """A number that no process of this installation had before."""
        return counters.take_next(self._connection, counters.WORKERS)
