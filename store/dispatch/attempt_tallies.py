"""What became of the newest tries, counted: how fast carriers are, what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from store.tables.deliveries import attempts
from telephony.callbacks.tallies import AttemptTally
from telephony.delivery import AttemptState, Channel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

# Asked every second by every process that shows a screen: built once.
_newest = (
    select(
        attempts.c.carrier,
        attempts.c.channel,
        attempts.c.state,
        attempts.c.code,
        attempts.c.intended_at,
    )
    .order_by(attempts.c.id.desc())
    .limit(bindparam("at_most"))
    .subquery()
)
_WHAT = (_newest.c.carrier, _newest.c.channel, _newest.c.state, _newest.c.code)
_TALLIES = (
    select(*_WHAT, func.count(), func.min(_newest.c.intended_at))
    .where(_newest.c.intended_at >= bindparam("since"))
    .group_by(*_WHAT)
    .order_by(*_WHAT)
)


class SqlAttemptTallies:
    """``telephony.callbacks.tallies.AttemptTallies``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self, *, since: datetime, at_most: int) -> Sequence[AttemptTally]:
        """Count the newest tries by carrier, channel, state and code.

        No index by time is kept, for every send would pay for it: ids ascend with time,
        so the newest rows are read, and no more than ``at_most``.
        """
        asked = {"since": since, "at_most": at_most}
        rows = self._connection.execute(_TALLIES, asked)
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
