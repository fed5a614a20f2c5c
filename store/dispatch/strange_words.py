"""Words and codes of carriers that nobody here knows, counted for a person to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from store.sql.conflicts import accumulate
from store.tables.telephone_faults import strange_words
from telephony.strange_words import StrangeWord

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

#: A carrier that sends a new word each time must not fill the database.
MAX_WORDS = 500


class SqlStrangeWords:
    """``telephony.ports.StrangeWords``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, counted: Mapping[StrangeWord, int], *, now: datetime) -> None:
        """Add to the counts."""
        if not counted:
            return
        known = set(self.counts())
        n_free = max(0, MAX_WORDS - len(known))
        rows: dict[StrangeWord, int] = {}
        # In one order for all, so that nobody waits for each other in a ring.
        for word in sorted(counted):
            if word not in known:
                n_free -= 1
            kept = word if word in known or n_free >= 0 else word.as_other()
            rows[kept] = rows.get(kept, 0) + counted[word]
        statement = accumulate(
            self._connection,
            strange_words,
            key=["carrier", "kind", "word"],
            add=["n"],
            replace=["last_at"],
        )
        self._connection.execute(
            statement,
            [
                {
                    "carrier": word.carrier,
                    "kind": word.kind,
                    "word": word.word,
                    "n": n,
                    "last_at": now,
                }
                for word, n in sorted(rows.items())
            ],
        )

    def counts(self) -> Mapping[StrangeWord, int]:
        """How often each was said."""
        rows = self._connection.execute(
            select(
                strange_words.c.carrier,
                strange_words.c.kind,
                strange_words.c.word,
                strange_words.c.n,
            ).order_by(*strange_words.primary_key)
        )
        return {StrangeWord(*row[:3]): row[3] for row in rows}
