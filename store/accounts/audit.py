"""The chain of what was done."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from accounts.audit import GENESIS, AuditEntry
from store import counters
from store.tables.accounts import audit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

#: Rows fetched at a time while the whole chain is read.
_PAGE = 1_000


class SqlAuditLog:
    """``accounts.ports.AuditLog``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        details: Mapping[str, object],
    ) -> AuditEntry:
        """Add an entry to the chain; others wait until this transaction ends."""
        seq = counters.take_next(self._connection, counters.AUDIT_SEQ)
        entry = AuditEntry(
            seq=seq,
            at=at.astimezone(UTC),  # the hash covers the text of the time
            actor=actor,
            action=action,
            subject=subject,
            details=dict(details),
            previous_hash=self._hash_of(seq - 1),
        )
        self._connection.execute(
            insert(audit).values(
                seq=entry.seq,
                at=entry.at,
                actor=actor,
                action=action,
                subject=subject,
                details=entry.details,
                previous_hash=entry.previous_hash,
                hash=entry.hash,
            )
        )
        return entry

    def entries(self, *, subject: str | None = None) -> Iterator[AuditEntry]:
        """Every entry in order, or those of one subject."""
        wanted = select(audit)
        if subject is not None:
            wanted = wanted.where(audit.c.subject == subject)
        return (_entry(row) for row in self._rows(wanted))

    def page(self, *, after: int, limit: int) -> Sequence[AuditEntry]:
        """Entries whose number is above ``after``, ascending."""
        rows = self._connection.execute(
            select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(limit)
        )
        return [_entry(row) for row in rows]

    def newest_before(self, seq: int | None, *, limit: int) -> Sequence[AuditEntry]:
        """Entries whose number is below ``seq``, or the newest, descending."""
        wanted = select(audit).order_by(audit.c.seq.desc()).limit(limit)
        if seq is not None:
            wanted = wanted.where(audit.c.seq < seq)
        return [_entry(row) for row in self._connection.execute(wanted)]

    def kept(self) -> Iterator[tuple[AuditEntry, str]]:
        """Every entry in order, each with the hash that was kept of it."""
        return ((_entry(row), row.hash) for row in self._rows(select(audit)))

    def n_counted(self) -> int:
        """How many entries were ever made, by the counter that numbers them."""
        return counters.current(self._connection, counters.AUDIT_SEQ)

    def _rows(
        self, wanted: Select[*tuple[Any, ...]]
    ) -> Iterator[Row[*tuple[Any, ...]]]:
        """Rows in order, a page at a time: the chain may be long."""
        after = 0
        while True:
            rows = self._connection.execute(
                wanted.where(audit.c.seq > after).order_by(audit.c.seq).limit(_PAGE)
            ).all()
            yield from rows
            if len(rows) < _PAGE:
                return
            after = rows[-1].seq

    def _hash_of(self, seq: int) -> str:
        stored = self._connection.scalar(select(audit.c.hash).where(audit.c.seq == seq))
        return stored or GENESIS


def _entry(row: Row[*tuple[Any, ...]]) -> AuditEntry:
    return AuditEntry(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        details=row.details,
        previous_hash=row.previous_hash,
    )
