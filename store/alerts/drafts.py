"""Warnings that are being written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from store.tables.drafts import warning_drafts
from warning.intake.drafts import Draft, DraftId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row


class SqlDrafts:
    """``warning.intake.drafts.DraftRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draft: Draft) -> None:
        """Store a new one."""
        self._connection.execute(insert(warning_drafts).values(_row_of(draft)))

    def find(self, draft_id: DraftId) -> Draft | None:
        """Return one; None if there is none."""
        row = self._connection.execute(
            select(warning_drafts).where(warning_drafts.c.draft_id == draft_id)
        ).one_or_none()
        return None if row is None else _draft_of(row)

    def replace(self, draft: Draft) -> bool:
        """Write one over the version before it; False if that is not what is there."""
        written = self._connection.execute(
            update(warning_drafts)
            .where(
                warning_drafts.c.draft_id == draft.draft_id,
                warning_drafts.c.version == draft.version - 1,
            )
            .values(_row_of(draft))
        )
        return bool(written.rowcount)

    def list(self, *, limit: int) -> Sequence[Draft]:
        """Drafts, the one saved last first."""
        rows = self._connection.execute(
            select(warning_drafts)
            .order_by(warning_drafts.c.saved_at.desc(), warning_drafts.c.draft_id)
            .limit(limit)
        )
        return [_draft_of(row) for row in rows]

    def remove(self, draft_id: DraftId) -> bool:
        """Forget one; False if there is none."""
        gone = self._connection.execute(
            delete(warning_drafts).where(warning_drafts.c.draft_id == draft_id)
        )
        return bool(gone.rowcount)

    def untouched_since(self, then: datetime, *, limit: int) -> Sequence[Draft]:
        """Drafts that nobody saved since a time, the oldest first."""
        rows = self._connection.execute(
            select(warning_drafts)
            .where(warning_drafts.c.saved_at < then)
            .order_by(warning_drafts.c.saved_at, warning_drafts.c.draft_id)
            .limit(limit)
        )
        return [_draft_of(row) for row in rows]


def _row_of(draft: Draft) -> dict[str, object]:
    return {
        "draft_id": draft.draft_id,
        "version": draft.version,
        "fields": dict(draft.fields),
        "follows": draft.follows,
        "begun_by": draft.begun_by,
        "begun_at": draft.begun_at,
        "saved_by": draft.saved_by,
        "saved_at": draft.saved_at,
    }


def _draft_of(row: Row[*tuple[Any, ...]]) -> Draft:
    return Draft(
        draft_id=DraftId(row.draft_id),
        version=row.version,
        fields=row.fields,
        follows=row.follows,
        begun_by=row.begun_by,
        begun_at=row.begun_at,
        saved_by=row.saved_by,
        saved_at=row.saved_at,
    )
