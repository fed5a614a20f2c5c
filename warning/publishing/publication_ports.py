"""What publishing alerts needs from a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from warning import ports

if TYPE_CHECKING:
    from warning.alert import AlertCase


class PublicationRepository(Protocol):
    """What of our alerts the public may read."""

    def newest(self, *, ended_since: datetime, limit: int) -> Sequence[AlertCase]:
        """Actual alerts that are live, or went live and closed since; newest first."""
        ...


class UnitOfWork(ports.UnitOfWork, Protocol):
    """One transaction over alerts and what the public may read of them."""

    @property
    def publications(self) -> PublicationRepository:
        """What the public may read."""
        ...
