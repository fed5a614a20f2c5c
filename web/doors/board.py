"""What the views need to show how things go: carriers, and alerts under way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ops.carrier_board import CarrierLine, FaultLine
    from ops.exchange.phone_wall import WallPhone
    from ops.health import Metric, Readiness
    from warning.alert import AlertCase, AlertId, AlertState
    from warning.approval.preview import Preview
    from warning.figures.groups import Groups
    from warning.figures.report import AlertReport
    from warning.figures.watch import Curves
    from warning.people.people_board import Profile, SentMessage
    from warning.progress import DeliveryLine, Progress


class AlertGroups(Protocol):
    """An alert in parts."""

    def groups(self, alert_id: AlertId) -> Groups:
        """By language and by carrier."""
        ...


class AlertWatch(Protocol):
    """What whoever watches an alert asks."""

    def curves(self, alert_id: AlertId) -> Curves:
        """Return how an alert spread."""
        ...


class CarrierBoard(Protocol):
    """How carriers are."""

    def lines(self, readiness: Readiness | None = None) -> Sequence[CarrierLine]:
        """Every carrier, the one that is tried first first."""
        ...

    def faults(self) -> Sequence[FaultLine]:
        """What failed lately, the most frequent first."""
        ...


class TrialMessages(Protocol):
    """Texts that are no warning; ``ops.trial_messages.TrialMessages``."""

    def send(self, number: str, *, by: str) -> str:
        """Send a text to a number of one's own; return its word."""
        ...

    def call(self, number: str, *, script: str, language: str, by: str) -> str:
        """Ring a number of one's own and go through a script; return its word."""
        ...

    def scripts(self) -> Sequence[str]:
        """Scripts that can be tried so."""
        ...


class Phones(Protocol):
    """Phones of the built-in telco; ``ops.exchange.phone_wall.PhoneWall``."""

    @property
    def is_there(self) -> bool:
        """Whether the built-in telco is this installation's carrier."""
        ...

    def phones(self, *, limit: int) -> Sequence[WallPhone]:
        """Phones that something happened to lately, newest first."""
        ...

    def act(self, number: str, what: str, said: str = "") -> None:
        """Do what a person who holds a phone does."""
        ...


class PeopleBoard(Protocol):
    """Looking at people; ``warning.people.people_board.PeopleBoard``."""

    def search(
        self, *, phone: str = "", name: str = "", area_code: str = "", limit: int
    ) -> Sequence[Profile]:
        """Find people; raises ValueError for what is no number."""
        ...

    def profile(self, subscriber_id: int) -> Profile | None:
        """Return one person."""
        ...

    def messages(self, subscriber_id: int) -> Sequence[SentMessage]:
        """What was sent to a person, the newest first."""
        ...

    def export(self, subscriber_id: int, *, by: str) -> Mapping[str, object] | None:
        """Everything that is kept of a person."""
        ...


class AlertBoard(Protocol):
    """What there is to see of alerts."""

    def get(self, alert_id: AlertId) -> AlertCase:
        """Return one alert, or raise ``AlertNotFoundError``."""
        ...

    def list(
        self, *, states: Sequence[AlertState] = (), limit: int | None = None
    ) -> Sequence[AlertCase]:
        """Alerts of these states or of all, newest first."""
        ...

    def preview(self, alert_id: AlertId) -> Preview:
        """Work out what approving would do."""
        ...

    def progress(self, alert_id: AlertId) -> Progress:
        """Return how far an alert has come."""
        ...

    def deliveries(
        self, alert_id: AlertId, *, after: int, limit: int
    ) -> Sequence[DeliveryLine]:
        """Deliveries with an id above ``after``, ascending by id."""
        ...

    def waiting_to_follow(self, alert_id: AlertId) -> AlertId | None:
        """The alert that waits for approval to be told after this one, if any."""
        ...

    def cap_xml(self, alert_id: AlertId) -> bytes:
        """Return the alert as a CAP 1.2 document."""
        ...


class Reports(Protocol):
    """What alerts came to."""

    def report(self, alert_id: AlertId) -> AlertReport:
        """Return what an alert came to so far."""
        ...


class HealthService(Protocol):
    """How the installation is."""

    def readiness(self) -> Readiness:
        """Check database, worker and carriers; quick, asks no carrier."""
        ...

    def metrics(self) -> Iterable[Metric]:
        """Figures for monitoring."""
        ...
