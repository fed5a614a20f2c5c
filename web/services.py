"""What the views need, as protocols, and the way to it.

``app.py`` builds the real thing and hands it to ``web.register``; tests hand in fakes.
A view never sees a store or a unit of work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Protocol, cast

from flask import current_app

from geofence.area import DEFAULT_LIMITS, Limits
from ops.health import Metric, Readiness
from ops.wiring.responder_services import CaseServices
from warning.alert import AlertCase, AlertId, AlertState
from warning.alert_form import AlertForm
from warning.approval.preview import Preview
from warning.arrival import Arrival
from warning.citizens.citizen_desk import HelpDesk
from warning.citizens.report_desk import ReportDesk
from warning.figures.report import AlertReport
from warning.people.import_book import ImportBook
from warning.progress import DeliveryLine, Progress
from warning.registry.registry import AudienceCounts
from warning.schedule import Schedule
from web.doors.accounts import AccountService, SecondFactors
from web.doors.alerts import AlertHolding, DraftDesk
from web.doors.board import (
    AlertGroups,
    AlertWatch,
    CarrierBoard,
    PeopleBoard,
    Phones,
    TrialMessages,
)
from web.doors.calls import Callbacks, InboundCalls
from web.doors.escalation import EscalationServices
from web.doors.messages import MessageDesk
from web.doors.people import AreaService, PeopleService, PlaceSearch
from web.doors.sounds import Prompts, Recordings
from web.doors.sources import Sources
from web.doors.texts import TextServices
from web.doors.voice import VoiceServices
from web.retention import Kept

if TYPE_CHECKING:
    from shapely.geometry import MultiPolygon, Polygon

#: The key under which the services hang on the application.
EXTENSION = "services"
OPTIONS = "web_options"


class AlertIntake(Protocol):
    """How alerts come in; ``by`` is an operator's name."""

    def check_cap(self, data: bytes) -> Mapping[str, object]:
        """Judge a CAP document; the answer is that of ``tocsin cap check --json``."""
        ...

    def draft_from_cap(self, data: bytes, *, by: str) -> AlertCase:
        """Take a CAP document in as a draft."""
        ...

    def arrivals(self, alert_ids: Sequence[AlertId]) -> Mapping[AlertId, Arrival]:
        """How these alerts came in; those that did not as a document are absent."""
        ...

    def check_form(self, form: AlertForm) -> Mapping[str, object]:
        """Judge a form as ``check_cap`` judges the document it becomes."""
        ...

    def draft_from_form(self, form: AlertForm, *, by: str) -> AlertCase:
        """Take a form in as a draft."""
        ...


class AlertService(Protocol):
    """What operators do with alerts; ``by`` is an operator's name."""

    def submit(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Hand a draft to a second person."""
        ...

    def unheard(self, alert_id: AlertId) -> Sequence[str]:
        """Languages of which whoever approves must accept that calls fall back."""
        ...

    def approve(
        self, alert_id: AlertId, *, by: str, accept_fallback: bool = False
    ) -> AlertCase:
        """Make an alert live."""
        ...

    def reject(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Send a submitted alert back to its author."""
        ...

    def cancel(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Withdraw an alert."""
        ...

    def plan(self, alert_id: AlertId, schedule: Schedule, *, by: str) -> AlertCase:
        """Say when a draft is sent."""
        ...


class FollowUps(Protocol):
    """What follows an alert; ``by`` is an operator's name."""

    def update_from_cap(self, alert_id: AlertId, data: bytes, *, by: str) -> AlertCase:
        """Take a CAP document in as the draft of an update."""
        ...

    def update_from_form(
        self, alert_id: AlertId, form: AlertForm, *, by: str
    ) -> AlertCase:
        """Take a form in as the draft of an update."""
        ...

    def all_clear(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Say that the danger is over."""
        ...

    def correct(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Say that it was a false alarm."""
        ...


class Reports(Protocol):
    """What alerts came to."""

    def report(self, alert_id: AlertId) -> AlertReport:
        """Return what an alert came to so far."""
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


class AudienceService(Protocol):
    """Who is inside."""

    def count(self, geometry: Polygon | MultiPolygon) -> AudienceCounts:
        """Count the people inside an area, before any alert exists."""
        ...


class HealthService(Protocol):
    """How the installation is."""

    def readiness(self) -> Readiness:
        """Check database, worker and carriers; quick, asks no carrier."""
        ...

    def metrics(self) -> Iterable[Metric]:
        """Figures for monitoring."""
        ...


class Services(Protocol):
    """Everything the views may use."""

    @property
    def intake(self) -> AlertIntake:
        """How alerts come in."""
        ...

    @property
    def alerts(self) -> AlertService:
        """What is done with them."""
        ...

    @property
    def follow_ups(self) -> FollowUps:
        """What follows them."""
        ...

    @property
    def holding(self) -> AlertHolding:
        """What stands still, goes on, is sent for longer."""
        ...

    @property
    def drafts(self) -> DraftDesk:
        """Warnings that are being written."""
        ...

    @property
    def reports(self) -> Reports:
        """What they came to."""
        ...

    @property
    def board(self) -> AlertBoard:
        """What there is to see of them."""
        ...

    @property
    def groups(self) -> AlertGroups:
        """By language and by carrier."""
        ...

    @property
    def watch(self) -> AlertWatch:
        """What whoever watches them asks."""
        ...

    @property
    def messages(self) -> MessageDesk:
        """What is said."""
        ...

    @property
    def recordings(self) -> Recordings:
        """What people have spoken for calls."""
        ...

    @property
    def prompts(self) -> Prompts:
        """What calls say."""
        ...

    @property
    def voice(self) -> VoiceServices:
        """What is spoken in calls."""
        ...

    @property
    def audiences(self) -> AudienceService:
        """Who is inside."""
        ...

    @property
    def people(self) -> PeopleService:
        """Subscribers."""
        ...

    @property
    def people_board(self) -> PeopleBoard:
        """Subscribers, one by one."""
        ...

    @property
    def areas(self) -> AreaService:
        """Administrative areas."""
        ...

    @property
    def accounts(self) -> AccountService:
        """Operators."""
        ...

    @property
    def second_factors(self) -> SecondFactors:
        """What is asked after the password."""
        ...

    @property
    def callbacks(self) -> Callbacks:
        """What carriers ask."""
        ...

    @property
    def help_desk(self) -> HelpDesk:
        """Those who need help."""
        ...

    @property
    def report_desk(self) -> ReportDesk:
        """What citizens saw."""
        ...

    @property
    def imports(self) -> ImportBook:
        """How far files of people are."""
        ...

    @property
    def known_places(self) -> PlaceSearch:
        """Places by their names."""
        ...

    @property
    def inbound_calls(self) -> InboundCalls:
        """Calls that people make to us."""
        ...

    @property
    def health(self) -> HealthService:
        """How the installation is."""
        ...

    @property
    def trial_messages(self) -> TrialMessages:
        """Texts that are no warning."""
        ...

    @property
    def phone_wall(self) -> Phones:
        """Phones of the built-in telco."""
        ...

    @property
    def carriers(self) -> CarrierBoard:
        """How carriers are."""
        ...

    @property
    def cases(self) -> CaseServices:
        """Volunteers and cases."""
        ...

    @property
    def escalation_rules(self) -> EscalationServices:
        """What follows a text that nobody confirmed."""
        ...

    @property
    def texts(self) -> TextServices:
        """Our texts."""
        ...

    @property
    def sources(self) -> Sources:
        """Where alerts come from and where they go, apart from phones."""
        ...

    def now(self) -> datetime:
        """The time, aware UTC."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class WebOptions:
    """What an installation chooses about its web side."""

    #: Signs sessions.
    secret_key: str = field(repr=False)
    #: Scheme, host and port under which browsers and carriers reach us.
    public_url: str
    session_minutes: int = 480
    #: Of one operator's tokens; ten seconds' worth at once.
    api_requests_per_s: float = 1_000.0
    #: Whether everybody needs a second factor, or only those who have one.
    is_second_factor_required: bool = True
    #: In which operators read times.
    zone: tzinfo = UTC
    #: In which languages operators write; the first one first.
    languages: tuple[str, ...] = ("en",)
    max_upload_bytes: int = 64 * 1024 * 1024
    area_limits: Limits = DEFAULT_LIMITS
    #: What is kept of people, and for how long.
    retention: Sequence[Kept] = ()


def services() -> Services:
    """Return the services of the application that serves this request."""
    return cast("Services", current_app.extensions[EXTENSION])


def options() -> WebOptions:
    """Return what the installation chose."""
    return cast("WebOptions", current_app.extensions[OPTIONS])
