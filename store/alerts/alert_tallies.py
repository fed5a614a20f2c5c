"""The kept figures of an alert: added up, counted anew, mended."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from store.alerts import recipient_rows, tally_folding, tally_rewriting
from store.dispatch.outbox import SqlOutbox
from store.tables.alerts import alerts
from store.tables.tallies import delivery_tallies, recipient_tallies
from telephony.delivery import Channel
from warning.alert import owner_ref
from warning.figures.tallies import Tally

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from store.dispatch.owners import Owners
    from warning.alert import AlertId

_CELL = (delivery_tallies.c.channel, delivery_tallies.c.state, delivery_tallies.c.code)
_STANDING = (
    recipient_tallies.c.area_code,
    recipient_tallies.c.excluded,
    recipient_tallies.c.state,
)

# Asked every second for each alert on the screen: built once.
_PEOPLE = (
    select(*_STANDING, func.sum(recipient_tallies.c.n))
    .join(alerts, alerts.c.id == recipient_tallies.c.alert)
    .where(alerts.c.alert_id == bindparam("of_alert"))
    .group_by(*_STANDING)
    .having(func.sum(recipient_tallies.c.n) != 0)
)
_OF_ALERT = recipient_tallies.c.alert.in_(
    select(alerts.c.id).where(alerts.c.alert_id == bindparam("of_alert"))
)
_OF_OWNER = delivery_tallies.c.owner_id == bindparam("of_owner")
_VERSION = select(
    *(
        select(what).where(is_meant).scalar_subquery()
        for rows, is_meant in (
            (recipient_tallies, _OF_ALERT),
            (delivery_tallies, _OF_OWNER),
        )
        for what in (func.count(), func.coalesce(func.max(rows.c.id), 0))
    )
)
_DELIVERIES = (
    select(
        *_CELL,
        func.sum(delivery_tallies.c.n),
        func.sum(delivery_tallies.c.n_tried),
        func.sum(delivery_tallies.c.n_people),
    )
    .where(delivery_tallies.c.owner_id == bindparam("of_owner"))
    .group_by(*_CELL)
)


class SqlTallies:
    """``warning.figures.tallies.TallyRepository``."""

    def __init__(self, connection: Connection, owners: Owners) -> None:
        self._connection = connection
        self._owners = owners

    def kept(self, alert_id: AlertId, *, known: Tally | None = None) -> Tally:
        """The figures as they were added up: a few rows are read, or only counted."""
        version = self._version(alert_id)
        if known is not None and known.version == version:
            return known
        people = self._connection.execute(_PEOPLE, {"of_alert": alert_id})
        counts: dict[tuple[Channel, int, str | None], int] = {}
        attempted: Counter[Channel] = Counter()
        n_people = 0
        for value, state, code, n, n_tried, n_new in self._deliveries(alert_id):
            channel = Channel(value)
            if n:
                counts[channel, state, code] = n
            attempted[channel] += n_tried
            n_people += n_new
        return Tally(
            deliveries=counts,
            attempted=dict(+attempted),
            people_attempted=n_people,
            people=recipient_rows.counts_of(people),
            version=version,
        )

    def recounted(self, alert_id: AlertId) -> Tally:
        """The same, counted anew: reads every delivery and everybody."""
        outbox, ref = SqlOutbox(self._connection, self._owners), owner_ref(alert_id)
        return Tally(
            deliveries=outbox.counts(ref),
            attempted=outbox.attempted(ref),
            people_attempted=outbox.people_attempted(ref),
            people=recipient_rows.counts(self._connection, self._number(alert_id)),
        )

    def mend(self, alert_id: AlertId) -> None:
        """Replace what is kept by what is counted."""
        owner_id = self._owners.find(owner_ref(alert_id))
        tally_rewriting.rewrite(self._connection, self._number(alert_id), owner_id)

    def grown(self, newest: tally_folding.Newest) -> tally_folding.Growth:
        """How many rows came after these; see ``store.tally_folder``."""
        return tally_folding.grown(self._connection, newest)

    def fold(self, key: tally_folding.Key) -> int:
        """Put the rows of an alert together; return how many are left."""
        return tally_folding.fold(self._connection, key)

    def _version(self, alert_id: AlertId) -> tuple[int, ...]:
        """How many rows there are, and the newest.

        Rows are only added, or put together into newer ones. A row that was numbered
        before the newest may come after it: then there is one more.
        """
        owner_id = self._owners.find(owner_ref(alert_id)) or 0
        asked = {"of_alert": alert_id, "of_owner": owner_id}
        return tuple(self._connection.execute(_VERSION, asked).one())

    def _deliveries(
        self, alert_id: AlertId
    ) -> list[tuple[int, int, str | None, int, int, int]]:
        owner_id = self._owners.find(owner_ref(alert_id)) or 0
        rows = self._connection.execute(_DELIVERIES, {"of_owner": owner_id})
        return [tuple(row) for row in rows]

    def _number(self, alert_id: AlertId) -> int:
        wanted = select(alerts.c.id).where(alerts.c.alert_id == alert_id)
        return self._connection.scalar(wanted) or 0
