"""Where owners put what is to be delivered, and ask how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, update

from store.dispatch.contents import content_of
from store.dispatch.delivery_changes import DeliveryChanges
from store.dispatch.delivery_rows import row_of
from store.dispatch.new_deliveries import write_new
from store.dispatch.posting import write_posted
from store.dispatch.withdrawals import withdraw
from store.sql.bulk import execute_many
from store.sql.chunks import in_chunks
from store.sql.conflicts import insert_new
from store.tables.deliveries import (
    HELD_LANE,
    IS_NOT_FOLLOWED,
    IS_QUEUED,
    WAS_ACCEPTED,
    attempts,
    contents,
    owners,
)
from store.tables.deliveries import deliveries as delivery_rows
from telephony.delivery import (
    ANSWER_PREFIX,
    Channel,
    Content,
    ContentId,
    DeliveryEvent,
    DeliveryState,
    Lane,
    NewDelivery,
)
from telephony.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement, Connection

    from store.dispatch.owners import Owners

#: Deliveries closed by one ``expire``: a second's work, so that callbacks get through.
EXPIRE_BATCH = 10_000

_QUEUED = int(DeliveryState.QUEUED)
#: The same condition, but no reason to choose an index: a few people are found by
#: their ids, not among a million that are queued.
_IS_QUEUED_UNINDEXED = delivery_rows.c.state + 0 == _QUEUED

_MARK_FOLLOWED = update(delivery_rows).where(
    delivery_rows.c.recipient_id == bindparam("of_recipient"),
    delivery_rows.c.owner_id == bindparam("of_owner"),
    IS_NOT_FOLLOWED,
    (delivery_rows.c.channel != bindparam("but_channel"))
    | (delivery_rows.c.round != bindparam("but_round")),
)


#: What answers the person's own text is told all the same.
_IS_ANSWER = (
    select(owners.c.id)
    .where(
        owners.c.id == delivery_rows.c.owner_id,
        owners.c.owner_ref.startswith(ANSWER_PREFIX, autoescape=True),
    )
    .exists()
)


class SqlOutbox:
    """``telephony.ports.Outbox``."""

    def __init__(self, connection: Connection, owners: Owners) -> None:
        self._connection = connection
        self._owners = owners
        self._posted: list[tuple[Content, NewDelivery]] = []

    def post(self, content: Content, delivery: NewDelivery) -> None:
        """Queue a text of its own; see ``telephony.ports.Outbox``."""
        self._posted.append((content, delivery))

    def flush(self) -> None:
        """Write what was posted, in five statements however many there are."""
        posted, self._posted = self._posted, []
        if posted:
            write_posted(self._connection, self._owners, posted)

    def add_content(self, content: Content) -> ContentId:
        """Store one text; the same owner, variant and language give the same id."""
        key = {
            "owner_id": self._owners.ensure(content.owner_ref),
            "variant": content.variant,
            "language": content.language,
        }
        wanted = select(contents.c.id).filter_by(**key)
        found = self._connection.scalar(wanted)
        if found is None:
            self._connection.execute(
                insert_new(self._connection, contents).values(
                    **key,
                    sms_text=content.sms_text,
                    script=content.script,
                    variables=dict(content.variables),
                )
            )
            found = self._connection.scalar(wanted)
        assert found is not None, "it was just written"
        return ContentId(found)

    def content(self, content_id: ContentId) -> Content:
        """Return one text.

        Raises
        ------
        ContentError
            If there is none of this id.
        """
        row = self._connection.execute(
            select(contents, owners.c.owner_ref)
            .join(owners, owners.c.id == contents.c.owner_id)
            .where(contents.c.id == content_id)
        ).one_or_none()
        if row is None:
            raise ContentError(f"There is no text with the number {content_id}.")
        return content_of(row)

    def enqueue(self, deliveries: Sequence[NewDelivery]) -> int:
        """Queue deliveries; one that exists is left alone.

        It exists if owner, recipient, channel and round are the same.

        Returns
        -------
        int
            How many were new.
        """
        if not deliveries:
            return 0
        rows = [row_of(self._owners.ensure(one.owner_ref), one) for one in deliveries]
        n_new = write_new(self._connection, self._owners, rows)
        self._mark_followed(rows)
        return n_new

    def cancel(self, owner_ref: str, *, now: datetime) -> int:
        """Withdraw what is still queued for an owner; return how many."""
        return self._withdraw(self._is_owner(owner_ref), now=now)

    def withdraw(
        self, owner_ref: str, recipient_ids: Sequence[int], *, now: datetime
    ) -> int:
        """Withdraw what is still queued for some of an owner's people."""
        return sum(
            self._withdraw(
                self._is_owner(owner_ref),
                delivery_rows.c.recipient_id.in_(chunk),
                now=now,
                is_queued=_IS_QUEUED_UNINDEXED,
            )
            for chunk in in_chunks(recipient_ids)
        )

    def withdraw_everywhere(self, phones: Sequence[str], *, now: datetime) -> int:
        """Withdraw what any owner has queued for numbers whose people said STOP."""
        return sum(
            self._withdraw(
                delivery_rows.c.phone.in_(chunk),
                delivery_rows.c.lane != int(Lane.STAND_DOWN),
                ~_IS_ANSWER,
                now=now,
                is_queued=_IS_QUEUED_UNINDEXED,
            )
            # An empty one is of nobody: its owner was erased.
            for chunk in in_chunks([phone for phone in phones if phone])
        )

    def hold(self, owner_ref: str) -> int:
        """Let nothing more of an owner leave; see ``telephony.ports.Outbox``."""
        # By the owner's index: of a million that are told, only the open ones are read.
        held = self._connection.execute(
            update(delivery_rows)
            .where(
                self._is_owner(owner_ref),
                delivery_rows.c.state < int(DeliveryState.CANCELLED),
                delivery_rows.c.lane != HELD_LANE,
            )
            .values(lane=HELD_LANE)
        )
        return held.rowcount

    def release(self, owner_ref: str, lane: Lane) -> int:
        """Let what is held of an owner go on in a lane; return how many."""
        released = self._connection.execute(
            update(delivery_rows)
            .where(self._is_owner(owner_ref), delivery_rows.c.lane == HELD_LANE)
            .values(lane=int(lane))
        )
        return released.rowcount

    def prolong(self, owner_ref: str, until: datetime) -> int:
        """Put off the deadlines of an owner that are earlier; return how many."""
        # Also of what has been told: by its deadline escalation goes.
        put_off = self._connection.execute(
            update(delivery_rows)
            .where(self._is_owner(owner_ref), delivery_rows.c.deadline < until)
            .values(deadline=until)
        )
        return put_off.rowcount

    def expire(
        self, *, now: datetime, limit: int = EXPIRE_BATCH
    ) -> Sequence[DeliveryEvent]:
        """Close queued deliveries whose deadline has passed, the oldest first.

        At most ``limit`` at a time; call again until nothing comes back.
        """
        late = (
            select(delivery_rows.c.id)
            .where(IS_QUEUED, delivery_rows.c.deadline <= now)
            .order_by(delivery_rows.c.deadline)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("late")
        )
        rows = self._connection.execute(
            update(delivery_rows)
            .where(delivery_rows.c.id.in_(select(late.c.id)))
            .values(state=int(DeliveryState.EXPIRED), state_at=now)
            .returning(
                delivery_rows.c.owner_id,
                delivery_rows.c.recipient_id,
                delivery_rows.c.channel,
                delivery_rows.c.code,
            )
        ).all()
        changes = DeliveryChanges(self._connection, self._owners)
        expired = int(DeliveryState.EXPIRED)
        changes.move(
            (owner_id, channel, (_QUEUED, code), (expired, code))
            for owner_id, _, channel, code in rows
        )
        changes.write()
        refs = self._owners.refs({row.owner_id for row in rows})
        return [
            DeliveryEvent(
                owner_ref=refs[row.owner_id],
                recipient_id=row.recipient_id,
                channel=Channel(row.channel),
                state=DeliveryState.EXPIRED,
                at=now,
                code=row.code,
            )
            for row in rows
        ]

    def counts(self, owner_ref: str) -> Mapping[tuple[Channel, int, str | None], int]:
        """Count an owner's deliveries by channel, DeliveryState value, code."""
        # Grouped in the order of ix_deliveriesprogress: no sorting, no row read.
        rows = self._connection.execute(
            select(
                delivery_rows.c.channel,
                delivery_rows.c.state,
                delivery_rows.c.code,
                func.count(),
            )
            .where(self._is_owner(owner_ref))
            .group_by(
                delivery_rows.c.state,
                delivery_rows.c.channel,
                delivery_rows.c.code,
            )
        )
        return {(Channel(channel), state, code): n for channel, state, code, n in rows}

    def queued(self) -> Mapping[tuple[Channel, Lane], int]:
        """Count what waits for its turn and is not held, by channel and lane."""
        which = (delivery_rows.c.channel, delivery_rows.c.lane)
        rows = self._connection.execute(
            select(*which, func.count())
            .where(IS_QUEUED, delivery_rows.c.lane != HELD_LANE)
            .group_by(*which)
        )
        return {(Channel(channel), Lane(lane)): n for channel, lane, n in rows}

    def attempted(self, owner_ref: str) -> Mapping[Channel, int]:
        """Count an owner's deliveries with at least one attempt, by channel."""
        rows = self._connection.execute(
            select(delivery_rows.c.channel, func.count())
            .where(self._is_owner(owner_ref), delivery_rows.c.n_attempts > 0)
            .group_by(delivery_rows.c.channel)
        )
        return {Channel(channel): n for channel, n in rows}

    def people_attempted(self, owner_ref: str) -> int:
        """Count the people of an owner with at least one attempt on any channel."""
        people = func.count(delivery_rows.c.recipient_id.distinct())
        return (
            self._connection.scalar(
                select(people).where(
                    self._is_owner(owner_ref), delivery_rows.c.n_attempts > 0
                )
            )
            or 0
        )

    def sending_span(self, owner_ref: str) -> tuple[datetime, datetime] | None:
        """Return when the carrier took the first and the last message; None before."""
        owner_id = self._owners.find(owner_ref)
        taken = select(attempts.c.accepted_at).where(
            WAS_ACCEPTED, attempts.c.owner_id == owner_id
        )
        first = self._connection.scalar(taken.order_by(attempts.c.accepted_at).limit(1))
        last = self._connection.scalar(
            taken.order_by(attempts.c.accepted_at.desc()).limit(1)
        )
        return None if first is None or last is None else (first, last)

    def _mark_followed(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Note on earlier deliveries of a person that another step was taken."""
        steps = {(row["owner_id"], row["channel"], row["round"]) for row in rows}
        later = {step for step in steps if self._has_others(*step)}
        marks = [
            {
                "of_owner": row["owner_id"],
                "of_recipient": row["recipient_id"],
                "but_channel": row["channel"],
                "but_round": row["round"],
                "is_followed": True,
            }
            for row in rows
            if (row["owner_id"], row["channel"], row["round"]) in later
        ]
        if marks:
            execute_many(self._connection, _MARK_FOLLOWED, marks)

    def _has_others(self, owner_id: Any, channel: Any, number: Any) -> bool:
        """Whether an owner may have something of another step that nothing followed.

        Asked for every chunk of an audience, so it must not read the chunks before.
        """
        if number != 0:
            # A second call follows a first; telling people again is no step.
            return bool(number < 0)
        others = [int(one) for one in Channel if int(one) != channel]
        found = self._connection.scalar(
            select(delivery_rows.c.id)
            .where(
                IS_NOT_FOLLOWED,
                delivery_rows.c.owner_id == owner_id,
                delivery_rows.c.channel.in_(others),
            )
            .limit(1)
        )
        return found is not None

    def _is_owner(self, owner_ref: str) -> ColumnElement[bool]:
        """Deliveries of an owner; of nobody if it never ordered anything."""
        return delivery_rows.c.owner_id == (self._owners.find(owner_ref) or 0)

    def _withdraw(
        self,
        *which: ColumnElement[bool],
        now: datetime,
        is_queued: ColumnElement[bool] = IS_QUEUED,
    ) -> int:
        return withdraw(self._connection, self._owners, is_queued, *which, now=now)
