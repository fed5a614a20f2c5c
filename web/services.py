"""What the views need, as protocols, and the way to it.

``app.py`` builds the real thing and hands it to ``web.register``; tests hand in fakes.
A view never sees a store or a unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Protocol, cast

from flask import current_app

from geofence.area import DEFAULT_LIMITS, Limits
from ops.wiring.responder_services import CaseServices
from warning.citizens.citizen_desk import HelpDesk
from warning.citizens.report_desk import ReportDesk
from warning.people.import_book import ImportBook
from web.doors.accounts import AccountService, SecondFactors
from web.doors.alerts import (
    AlertHolding,
    AlertIntake,
    AlertService,
    DraftDesk,
    FollowUps,
)
from web.doors.board import (
    AlertBoard,
    AlertGroups,
    AlertWatch,
    CarrierBoard,
    HealthService,
    PeopleBoard,
    Phones,
    Reports,
    TrialMessages,
)
from web.doors.calls import Callbacks, InboundCalls
from web.doors.escalation import EscalationServices
from web.doors.messages import MessageDesk
from web.doors.people import AreaService, AudienceService, PeopleService, PlaceSearch
from web.doors.sounds import Prompts, Recordings
from web.doors.sources import Sources
from web.doors.texts import TextServices
from web.doors.voice import VoiceServices
from web.retention import Kept

#: The key under which the services hang on the application.
EXTENSION = "services"
OPTIONS = "web_options"


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
