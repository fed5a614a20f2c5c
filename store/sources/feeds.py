"""Where the reading of each feed stands, and what became of its entries."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from store.sql.conflicts import upsert
from store.tables.feeds import feed_entries, feeds
from warning.alert import AlertId
from warning.sources.feed_state import EntryRecord, FeedState, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

_STATE = tuple(one.name for one in fields(FeedState))
_RECORD = ("outcome", "alert_id", "sentence", "n_tries", "last_seen_at")


class SqlFeeds:
    """``warning.sources.source_ports.FeedRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def state(self, name: str) -> FeedState | None:
        """Return where a feed stands; None if it was never read."""
        wanted = select(*(feeds.c[key] for key in _STATE)).where(feeds.c.name == name)
        row = self._connection.execute(wanted).mappings().one_or_none()
        return None if row is None else FeedState(**row)

    def save(self, name: str, state: FeedState) -> None:
        """Write where a feed stands."""
        statement = upsert(self._connection, feeds, key=["name"], replace=_STATE)
        self._connection.execute(statement.values(name=name, **asdict(state)))

    def entries(self, name: str, keys: Sequence[str]) -> Mapping[str, EntryRecord]:
        """What became of these entries; those never seen are absent."""
        rows = self._connection.execute(
            select(feed_entries).where(
                feed_entries.c.feed == name, feed_entries.c.entry.in_(keys)
            )
        )
        return {
            row.entry: EntryRecord(
                outcome=Outcome(row.outcome),
                alert_id=None if row.alert_id is None else AlertId(row.alert_id),
                sentence=row.sentence,
                n_tries=row.n_tries,
                first_seen_at=row.first_seen_at,
                last_seen_at=row.last_seen_at,
            )
            for row in rows
        }

    def save_entry(self, name: str, key: str, record: EntryRecord) -> None:
        """Write what became of an entry."""
        statement = upsert(
            self._connection, feed_entries, key=["feed", "entry"], replace=_RECORD
        )
        self._connection.execute(
            statement.values(feed=name, entry=key, **asdict(record))
        )

    def seen(self, name: str, keys: Sequence[str], *, now: datetime) -> None:
        """Note that these entries are still in the feed."""
        self._connection.execute(
            update(feed_entries)
            .where(feed_entries.c.feed == name, feed_entries.c.entry.in_(keys))
            .values(last_seen_at=now)
        )

    def forget(self, *, unseen_since: datetime) -> int:
        """Forget entries that left their feed long ago; return how many."""
        return self._connection.execute(
            delete(feed_entries).where(feed_entries.c.last_seen_at < unseen_since)
        ).rowcount
