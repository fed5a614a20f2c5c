"""What became of the newest tries, counted: how fast carriers are, what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from store.tables.deliveries import attempts
from telephony.callbacks.tallies import AttemptTally
from telephony.delivery import AttemptState, Channel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection


class SqlAttemptTallies:
    """``telephony.callbacks.tallies.AttemptTallies``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self, *, since: datetime, at_most: int) -> Sequence[AttemptTally]:
        """Count the newest tries by carrier, channel, state and code.

        No index by time is kept, for every send would pay for it: ids ascend with time,
        so the newest rows are read, and no more than ``at_most``.
        """
        newest = (
            select(attempts).order_by(attempts.c.id.desc()).limit(at_most).subquery()
        )
        what = (newest.c.carrier, newest.c.channel, newest.c.state, newest.c.code)
        rows = self._connection.execute(
            select(*what, func.count(), func.min(newest.c.intended_at))
            .where(newest.c.intended_at >= since)
            .group_by(*what)
            .order_by(*what)
        )
        return [
            AttemptTally(
                carrier=carrier or "",
                channel=Channel(channel),
                state=AttemptState(state),
                code=code,
                n=n,
                oldest_at=oldest_at,
            )
            for carrier, channel, state, code, n, oldest_at in rows
        ]
