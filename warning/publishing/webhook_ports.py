"""What telling other systems needs from a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from warning.publishing import publication_ports

if TYPE_CHECKING:
    from warning.publishing.webhooks import Message, MessageState, Webhook


class WebhookRepository(Protocol):
    """Other systems, and what they are still to be told."""

    #: Number of the newest entry of the audit of which other systems were told.
    told: int

    def add(self, webhook: Webhook) -> None:
        """Store a new one."""
        ...

    def find(self, webhook_id: str) -> Webhook | None:
        """Return one."""
        ...

    def all(self) -> Sequence[Webhook]:
        """Every one, the oldest first."""
        ...

    def remove(self, webhook_id: str) -> None:
        """Remove one, and what it was still to be told."""
        ...

    def put(
        self, webhook_id: str, *, seq: int, event: str, body: str, now: datetime
    ) -> None:
        """Queue a message; one that is queued already stays as it is."""
        ...

    def claim(
        self, *, now: datetime, until: datetime, limit: int, each: int
    ) -> Sequence[tuple[Message, Webhook]]:
        """Take due messages for this worker until a time, the oldest first.

        Parameters
        ----------
        limit, each : int
            Messages at most, in all and for one system; one that failed last time is
            tried with a single one.
        """
        ...

    def record(
        self,
        message: Message,
        state: MessageState,
        *,
        now: datetime,
        next_at: datetime,
        error: str | None,
    ) -> None:
        """Write what came of a try, for the message and for its system."""
        ...

    def n_queued(self) -> int:
        """How many messages wait."""
        ...

    def forget(self, *, before: datetime) -> int:
        """Remove messages that are done with since a time; return how many."""
        ...


class UnitOfWork(publication_ports.UnitOfWork, Protocol):
    """One transaction over everything, other systems included."""

    @property
    def webhooks(self) -> WebhookRepository:
        """Other systems."""
        ...
