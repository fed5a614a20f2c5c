"""What taking alerts in as documents needs from a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from warning import ports

if TYPE_CHECKING:
    from warning.alert import AlertId
    from warning.arrival import Arrival


class ArrivalRepository(Protocol):
    """How alerts came in as documents."""

    def add(self, arrival: Arrival) -> None:
        """Store how an alert came in; once an alert."""
        ...

    def find(self, alert_ids: Sequence[AlertId]) -> Mapping[AlertId, Arrival]:
        """How these alerts came in; those that did not as a document are absent."""
        ...

    def same(self, fingerprint: str, *, since: datetime) -> AlertId | None:
        """The first alert with this fingerprint that came in since a time."""
        ...


class UnitOfWork(ports.UnitOfWork, Protocol):
    """One transaction over alerts and how they came in."""

    @property
    def arrivals(self) -> ArrivalRepository:
        """How alerts came in."""
        ...
