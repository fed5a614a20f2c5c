"""An alert by language and by carrier: counted, for nothing of it is kept."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from store.tables.alerts import alerts, recipients
from store.tables.deliveries import attempts, deliveries
from telephony.delivery import AttemptState, Channel
from warning.recipients import RecipientState

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from store.dispatch.owners import Owners
    from warning.alert import AlertId
    from warning.figures.groups import ByCarrier, ByLanguage


class SqlAlertGroups:
    """``warning.figures.groups.GroupRepository``."""

    def __init__(self, connection: Connection, owners: Owners) -> None:
        self._connection = connection
        self._owners = owners

    def by_language(self, alert_id: AlertId) -> ByLanguage:
        """Count people by language and state; one look at each of the alert's."""
        what = (recipients.c.language, recipients.c.state)
        rows = self._connection.execute(
            select(*what, func.count())
            .join(alerts, alerts.c.id == recipients.c.alert)
            .where(alerts.c.alert_id == alert_id, recipients.c.excluded.is_(None))
            .group_by(*what)
        )
        found: dict[str, dict[RecipientState, int]] = defaultdict(dict)
        for language, state, n in rows:
            found[language][RecipientState(state)] = n
        return dict(found)

    def by_carrier(self, owner_ref: str) -> ByCarrier:
        """Count tries by carrier, channel and state; one look at each of the alert's.

        Through its deliveries, which are found by their owner: of tries no index by
        owner is kept but of those that were taken.
        """
        owner_id = self._owners.find(owner_ref)
        if owner_id is None:
            return {}
        what = (attempts.c.carrier, attempts.c.channel, attempts.c.state)
        rows = self._connection.execute(
            select(*what, func.count())
            .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
            .where(deliveries.c.owner_id == owner_id)
            .group_by(*what)
        )
        found: dict[tuple[str, Channel], dict[AttemptState, int]] = defaultdict(dict)
        for carrier, channel, state, n in rows:
            found[carrier or "", Channel(channel)][AttemptState(state)] = n
        return dict(found)
