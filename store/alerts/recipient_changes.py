"""What a statement changes in the counts of people, written right behind it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import insert

from store.sql.bulk import execute_many
from store.tables.tallies import recipient_tallies

if TYPE_CHECKING:
    from typing import TypeAlias

    from sqlalchemy import Connection

    #: Area code, reason of exclusion, ``RecipientState`` as its rank.
    Standing: TypeAlias = tuple[str | None, str | None, int]

_ADD = insert(recipient_tallies)


class RecipientChanges:
    """Collects what one statement changed for one alert; ``write`` adds it."""

    def __init__(self, connection: Connection, alert: int) -> None:
        self._connection = connection
        self._alert = alert
        self._n: Counter[Standing] = Counter()

    def add(self, standing: Standing, n: int = 1) -> None:
        """Note that so many more, or fewer, stand so."""
        self._n[standing] += n

    def write(self) -> None:
        """Add what was noted, in one statement."""
        rows = [
            {
                "alert": self._alert,
                "area_code": area_code,
                "excluded": excluded,
                "state": state,
                "n": n,
            }
            for (area_code, excluded, state), n in self._n.items()
            if n
        ]
        if rows:
            execute_many(self._connection, _ADD, rows)
