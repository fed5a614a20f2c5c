"""What telephony needs from a store, and what it promises to those it works for.

One unit of work is one transaction. Nothing here waits for a carrier: a unit of work is
never open while a request is under way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self, TypeVar

from telephony.delivery import (
    AttemptId,
    AttemptReport,
    CallContext,
    CarrierEvent,
    Channel,
    ClaimedDelivery,
    Content,
    ContentId,
    DeliveryEvent,
    Lane,
    NewDelivery,
    OpenAttempt,
)
from telephony.strange_words import StrangeWord


class Outbox(Protocol):
    """Where owners put what is to be delivered."""

    def add_content(self, content: Content) -> ContentId:
        """Store one text; the same owner, variant and language give the same id."""
        ...

    def content(self, content_id: ContentId) -> Content:
        """Return one text.

        Raises
        ------
        ContentError
            If there is none of this id.
        """
        ...

    def post(self, content: Content, delivery: NewDelivery) -> None:
        """Queue a text that has one reader, written with the commit.

        Many are written together; one whose owner, person, channel and round exist is
        left alone. The delivery's ``content_id`` is filled in.
        """
        ...

    def enqueue(self, deliveries: Sequence[NewDelivery]) -> int:
        """Queue deliveries; one that exists is left alone.

        It exists if owner, recipient, channel and round are the same.

        Returns
        -------
        int
            How many were new.
        """
        ...

    def cancel(self, owner_ref: str, *, now: datetime) -> int:
        """Withdraw what is still queued for an owner; return how many."""
        ...

    def withdraw(
        self, owner_ref: str, recipient_ids: Sequence[int], *, now: datetime
    ) -> int:
        """Withdraw what is still queued for some of an owner's people."""
        ...

    def withdraw_everywhere(self, phones: Sequence[str], *, now: datetime) -> int:
        """Withdraw what any owner has queued for numbers whose people said STOP.

        By number, for what a recipient's id means is known to each owner alone. Whoever
        was called to help is told all the same that they are no longer needed, and
        whoever wrote to us is answered.
        """
        ...

    def hold(self, owner_ref: str) -> int:
        """Let nothing more of an owner leave, what is tried again included.

        What is held keeps its place in the queue, and its deadline.

        Returns
        -------
        int
            How many deliveries are held now that were not before.
        """
        ...

    def release(self, owner_ref: str, lane: Lane) -> int:
        """Let what is held of an owner go on in a lane; return how many."""
        ...

    def prolong(self, owner_ref: str, until: datetime) -> int:
        """Put off the deadlines of an owner that are earlier; return how many."""
        ...

    def expire(self, *, now: datetime) -> Sequence[DeliveryEvent]:
        """Close queued deliveries whose deadline has passed."""
        ...

    def counts(self, owner_ref: str) -> Mapping[tuple[Channel, int, str | None], int]:
        """Count an owner's deliveries by channel, DeliveryState value, code."""
        ...

    def queued(self) -> Mapping[tuple[Channel, Lane], int]:
        """Count what waits for its turn and is not held, by channel and lane."""
        ...

    def attempted(self, owner_ref: str) -> Mapping[Channel, int]:
        """Count an owner's deliveries with at least one attempt, by channel."""
        ...

    def people_attempted(self, owner_ref: str) -> int:
        """Count the people of an owner with at least one attempt on any channel."""
        ...

    def sending_span(self, owner_ref: str) -> tuple[datetime, datetime] | None:
        """Return when the carrier took the first and the last message; None before."""
        ...


class DeliveryQueue(Protocol):
    """What the sender does to deliveries."""

    def claim(
        self,
        channel: Channel,
        *,
        limit: int,
        now: datetime,
        lease_until: datetime,
        lanes: Sequence[Lane] = tuple(Lane),
        worker: int = 0,
    ) -> Sequence[ClaimedDelivery]:
        """Take the next deliveries of a channel and write down an attempt for each.

        Order: lane, then due time, then position. What is past its deadline is not
        taken. The delivery is SENDING and the attempt INTENDED when this commits, and
        carries the number of the worker whose it is.
        """
        ...

    def has_due(
        self, channel: Channel, *, lanes: Sequence[Lane], now: datetime
    ) -> bool:
        """Whether a claim of these lanes would find anything; writes nothing."""
        ...

    def apply(self, reports: Sequence[AttemptReport]) -> Sequence[DeliveryEvent]:
        """Record what became known about attempts; states only move forward.

        An attempt's carrier and id are filled in when they were unknown. The delivery
        follows its attempt forward. FAILED and NOT_SENT take the delivery back to
        QUEUED at ``retry_at``, or to FAILED without one, if and only if the attempt is
        the delivery's last and nothing better is known about the delivery. Proof that
        a carrier has an attempt wins over NOT_SENT, and takes back what that did.

        Returns
        -------
        sequence of DeliveryEvent
            One for each delivery whose state changed, in the order of the reports.
        """
        ...

    def open_attempts(
        self, attempt_ids: Sequence[AttemptId]
    ) -> Mapping[AttemptId, OpenAttempt]:
        """Return the attempts of these ids, in any state; unknown ids are absent."""
        ...

    def unresolved(
        self, *, now: datetime, unknown_before: datetime, limit: int
    ) -> Sequence[OpenAttempt]:
        """Attempts INTENDED with an expired lease, or UNKNOWN since before a time.

        Both together, the longest quiet first, so that neither waits for the other.
        """
        ...

    def silent(
        self, *, accepted_before: datetime, deadline_after: datetime, limit: int
    ) -> Sequence[OpenAttempt]:
        """Attempts ACCEPTED before a time, of which nothing was heard since.

        Only those of deliveries with a deadline after a time: what a carrier never
        reports on is not asked about for ever. Calls before texts, then by deadline,
        then the longest quiet first.
        """
        ...

    def mark_polled(self, attempt_ids: Sequence[AttemptId], *, now: datetime) -> None:
        """Remember that the carrier was asked, so that the next poll waits again."""
        ...

    def calls_in_progress(
        self, *, deadline_after: datetime
    ) -> Mapping[tuple[str, int], int]:
        """(Carrier, worker) → calls accepted whose end is not yet reported.

        Only those of deliveries with a deadline after a time: a call that counts for
        ever would in the end stop all others.
        """
        ...

    def content_of(self, attempt_id: AttemptId) -> ContentId | None:
        """Return which text an attempt carries; None for an unknown attempt."""
        ...

    def call_context(self, attempt_id: AttemptId) -> CallContext | None:
        """Return what the script of this attempt says; None for an unknown attempt."""
        ...

    def known_refs(self, carrier: str, phone: str) -> frozenset[str]:
        """The carrier's ids that belong to attempts to a number."""
        ...

    def expect_replies(self, phones: Sequence[str], *, since: datetime) -> None:
        """Look up at once what these numbers may answer: they will be asked about.

        Holds until something is claimed or reported in the same transaction.
        """
        ...

    def latest_attempt_to(self, phone: str, *, since: datetime) -> AttemptId | None:
        """Return the newest attempt to a number since a time: what a reply answers.

        One that certainly never left is not among them.
        """
        ...


class EventLog(Protocol):
    """Callbacks as they came: append-only, folded in batches."""

    def append(self, events: Sequence[CarrierEvent]) -> None:
        """Keep callbacks; they are durable when the unit of work commits.

        A text that somebody sent is kept once, however often its carrier repeats it: a
        late repeat of START must not undo the STOP that came after it.
        """
        ...

    def unfolded(self, *, limit: int) -> Sequence[CarrierEvent]:
        """Return the oldest callbacks that nobody has thought about yet."""
        ...

    def n_unfolded(self) -> int:
        """How many callbacks wait to be thought about."""
        ...

    def unfolded_since(self) -> datetime | None:
        """When the oldest of them came; None if there is none."""
        ...

    def mark_folded(
        self, event_ids: Sequence[int], *, now: datetime, unknown: Sequence[int] = ()
    ) -> None:
        """Mark callbacks as dealt with; ``unknown`` ones wait for a person."""
        ...


class StrangeWords(Protocol):
    """What carriers said that no table of ours has."""

    def note(self, counted: Mapping[StrangeWord, int], *, now: datetime) -> None:
        """Add to the counts; of very many different words, the rest counts as one."""
        ...

    def counts(self) -> Mapping[StrangeWord, int]:
        """How often each was said."""
        ...


class Transaction(Protocol):
    """All or nothing: what is not committed when the block is left is undone."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None:
        """Make it true."""
        ...


class UnitOfWork(Transaction, Protocol):
    """One transaction."""

    @property
    def outbox(self) -> Outbox:
        """Where owners put deliveries."""
        ...

    @property
    def queue(self) -> DeliveryQueue:
        """What the sender works on."""
        ...

    @property
    def events(self) -> EventLog:
        """Callbacks as they came."""
        ...

    @property
    def strange_words(self) -> StrangeWords:
        """What carriers said that nobody knows."""
        ...


U_contra = TypeVar("U_contra", contravariant=True)


class DeliveryListener(Protocol[U_contra]):
    """An owner that hears back, inside the transaction that records the news."""

    def on_delivery_events(
        self, uow: U_contra, events: Sequence[DeliveryEvent]
    ) -> None:
        """Take note of news; repeats and disorder must be harmless."""
        ...
