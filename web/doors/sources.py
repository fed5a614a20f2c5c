"""What the views need around alerts: where they come from, and who is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from accounts.audit import AuditEntry
    from accounts.audit_check import AuditVerdict
    from accounts.operators import Operator, Role, Token
    from ops.health import Check, Metric
    from warning.alert import AlertCase, AlertId
    from warning.publishing.publication import Published
    from warning.publishing.webhooks import Webhook
    from warning.sources.feed_board import FeedLine
    from warning.sources.plans import Plan
    from warning.sources.pushed import Pusher
    from warning.sources.sensors import Sensor, Taken
    from warning.sources.source_desk import Receipt
    from warning.sources.threshold import Reading


class PushIntake(Protocol):
    """Takes in what other systems push."""

    def require_known(
        self, name: str, header_of: Callable[[str], str | None]
    ) -> Pusher:
        """Return who pushes, or raise ``PushSecretError``."""
        ...

    def take(self, pusher: Pusher, data: bytes) -> Receipt:
        """Take a document in."""
        ...


class PlanService(Protocol):
    """Prepared plans."""

    def save(self, plan: Plan, *, by: str) -> bool:
        """Keep a plan; True if it is new."""
        ...

    def get(self, name: str) -> Plan:
        """Return a plan, or raise ``PlanNotFoundError``."""
        ...

    def list(self, *, after: str, limit: int) -> Sequence[Plan]:
        """Plans whose name is above ``after``, ascending."""
        ...

    def remove(self, name: str, *, by: str) -> None:
        """Remove a plan."""
        ...

    def draft(self, name: str, *, by: str) -> AlertCase:
        """Make a draft of a plan, as it is now."""
        ...


class SensorService(Protocol):
    """Sensors and their readings."""

    def save(self, sensor: Sensor, *, by: str) -> bool:
        """Keep what a sensor is and means; True if it is new."""
        ...

    def get(self, sensor_id: str) -> Sensor:
        """Return a sensor, or raise ``SensorNotFoundError``."""
        ...

    def list(self, *, after: str, limit: int) -> Sequence[Sensor]:
        """Sensors whose id is above ``after``, ascending."""
        ...

    def readings(self, sensor_id: str, *, limit: int) -> Sequence[Reading]:
        """The newest readings, newest first."""
        ...

    def take(
        self,
        sensor_id: str,
        readings: Sequence[tuple[datetime, float | None]],
        *,
        by: str,
    ) -> Taken:
        """Take a batch of readings."""
        ...


class Publication(Protocol):
    """What the public may read."""

    def atom(self) -> Published:
        """The newest alerts as an Atom feed."""
        ...

    def rss(self) -> Published:
        """The newest alerts as an RSS feed."""
        ...

    def geojson(self) -> Published:
        """The live alerts as a map."""
        ...

    def cap(self, alert_id: AlertId) -> Published:
        """One alert as CAP, or raise ``AlertNotFoundError``."""
        ...


class WebhookService(Protocol):
    """Other systems that are told."""

    def register(self, url: str, events: Sequence[str], *, by: str) -> Webhook:
        """Tell another system from now on."""
        ...

    def list(self) -> Sequence[Webhook]:
        """Every other system, the oldest first."""
        ...

    def remove(self, webhook_id: str, *, by: str) -> None:
        """Tell a system no more."""
        ...


class FeedBoard(Protocol):
    """How feeds are."""

    def lines(self) -> Sequence[FeedLine]:
        """Every configured feed, by name."""
        ...


class Administration(Protocol):
    """The record of what was done."""

    def newest_before(self, seq: int | None, *, limit: int) -> Sequence[AuditEntry]:
        """Entries below a number, or the newest, descending."""
        ...

    def verify(self) -> AuditVerdict:
        """Look at the whole record of what was done."""
        ...

    def operators(self) -> Sequence[Operator]:
        """Everybody who works or worked here, by name."""
        ...

    def set_role(self, name: str, role: Role, *, by: str) -> Operator:
        """Let an operator do more, or less."""
        ...

    def disable(self, name: str, *, by: str) -> Operator:
        """Let an operator in no more."""
        ...

    def enable(self, name: str, *, by: str) -> Operator:
        """Let an operator in again."""
        ...

    def tokens(self) -> Sequence[Token]:
        """Every token, the oldest first."""
        ...

    def revoke(self, token_id: str, *, by: str) -> Token:
        """Let a token in no more."""
        ...


class Sources(Protocol):
    """Everything around alerts that the views may use."""

    @property
    def pushed(self) -> PushIntake:
        """What other systems push."""
        ...

    @property
    def plans(self) -> PlanService:
        """Prepared plans."""
        ...

    @property
    def sensors(self) -> SensorService:
        """Sensors."""
        ...

    @property
    def publication(self) -> Publication:
        """What the public may read."""
        ...

    @property
    def webhooks(self) -> WebhookService:
        """Other systems."""
        ...

    @property
    def feeds(self) -> FeedBoard:
        """How feeds are."""
        ...

    @property
    def administration(self) -> Administration:
        """The record of what was done."""
        ...

    def feed_checks(self) -> Sequence[Check]:
        """How feeds are, in sentences."""
        ...

    def metrics(self) -> Iterable[Metric]:
        """Figures for monitoring."""
        ...
