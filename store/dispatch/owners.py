"""Owners by number: ``alert:01J…`` stands in one row, not in a million."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from store.sql.conflicts import insert_new
from store.tables.deliveries import owners

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection


class Owners:
    """Names and numbers of owners, remembered for one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ids: dict[str, int] = {}
        self._refs: dict[int, str] = {}

    def find(self, owner_ref: str) -> int | None:
        """Return the number of an owner; None if it never ordered anything."""
        if owner_ref not in self._ids:
            owner_id = self._connection.scalar(
                select(owners.c.id).where(owners.c.owner_ref == owner_ref)
            )
            if owner_id is None:
                return None
            self._remember(owner_id, owner_ref)
        return self._ids[owner_ref]

    def ensure(self, owner_ref: str) -> int:
        """Return the number of an owner, giving it one if it has none."""
        owner_id = self.find(owner_ref)
        if owner_id is None:
            self._connection.execute(
                insert_new(self._connection, owners), {"owner_ref": owner_ref}
            )
            owner_id = self.find(owner_ref)
            assert owner_id is not None, "it was just written"
        return owner_id

    def refs(self, owner_ids: Iterable[int]) -> Mapping[int, str]:
        """Return names by number, at least of the owners asked for."""
        missing = set(owner_ids) - self._refs.keys()
        if missing:
            rows = self._connection.execute(
                select(owners.c.id, owners.c.owner_ref).where(owners.c.id.in_(missing))
            )
            for owner_id, owner_ref in rows:
                self._remember(owner_id, owner_ref)
        return self._refs

    def learn(self, owner_ids: Mapping[str, int]) -> None:
        """Remember names and numbers that somebody else has looked up."""
        for owner_ref, owner_id in owner_ids.items():
            self._remember(owner_id, owner_ref)

    def _remember(self, owner_id: int, owner_ref: str) -> None:
        self._ids[owner_ref] = owner_id
        self._refs[owner_id] = owner_ref
