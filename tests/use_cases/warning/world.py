"""Public warning on a real database with a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shapely import box

from store.database import Database
from telephony.delivery import (
    AttemptReport,
    AttemptState,
    Channel,
    ClaimedDelivery,
    DeliveryEvent,
    DeliveryState,
)
from warning.alert import AlertCase, AlertId
from warning.approval.desk import alert_desk
from warning.approval.preview import SendingPace
from warning.audience.planner import Planner, finding_in
from warning.audience.readmission import Readmission
from warning.audience.repeats import Repeater
from warning.cap import (
    Alert,
    Area,
    CapStatus,
    Category,
    Certainty,
    Info,
    MsgType,
    Scope,
    Severity,
    Urgency,
)
from warning.cap_documents.cap_gate import CapGate
from warning.escalation.escalation import Escalation
from warning.escalation.escalation_steps import PlanChoice, text_then_call
from warning.escalation.listener import WarningListener
from warning.figures.board import AlertBoard
from warning.figures.report import Reports
from warning.intake.intake import AlertIntake
from warning.ports import AreaRow, UnitOfWork
from warning.progress import Progress
from warning.recipients import RecipientCounts
from warning.registry.registry import CurrentRegistry
from warning.registry.source import RegistrySource
from warning.schedule import NO_QUIET, QuietHours

START = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
#: South-west 11 N 104 E, one degree; CAP writes lat,lon.
SQUARE = "11,104 11,105 12,105 12,104 11,104"
#: The square east of it.
EAST_SQUARE = "11,105 11,106 12,106 12,105 11,105"


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time

    def move(self, **span: float) -> None:
        self.time += timedelta(**span)


def an_info(**changes: Any) -> Info:
    polygon = changes.pop("polygon", SQUARE)
    values: dict[str, Any] = {
        "language": "en",
        "event": "Flood",
        "headline": "Flood of the Mekong",
        "instruction": "Go to high ground.",
        "urgency": Urgency.IMMEDIATE,
        "severity": Severity.EXTREME,
        "certainty": Certainty.OBSERVED,
        "categories": (Category.MET,),
        "sender_name": "Ministry of Water",
        "expires": START + timedelta(hours=6),
        "areas": (Area(area_desc="Kandal", polygons=(str(polygon),)),),
    }
    return Info(**(values | changes))


def an_alert(*infos: Info, **changes: Any) -> Alert:
    values: dict[str, Any] = {
        "identifier": "KH-1",
        "sender": "alerts.example",
        "sent": START,
        "status": CapStatus.ACTUAL,
        "msg_type": MsgType.ALERT,
        "scope": Scope.PUBLIC,
        "infos": infos or (an_info(),),
    }
    return Alert(**(values | changes))


def an_area(code: str, west: float, **changes: Any) -> AreaRow:
    """A square of one degree, from 11 N."""
    values: dict[str, Any] = {
        "code": code,
        "name": code,
        "names": {},
        "level": 1,
        "parent": None,
        "geometry": box(west, 11, west + 1, 12),
    }
    return AreaRow(**(values | changes))


def a_phone(n: int) -> str:
    return f"+8551200{n:04d}"


class World:
    """The services, and the verbs that tests tell stories with."""

    def __init__(self, database: Database, quiet: QuietHours = NO_QUIET) -> None:
        self.database = database
        self.clock = clock = Clock()
        new_uow, read_uow = database.unit_of_work, database.read_only
        self.source = RegistrySource(read_uow)
        self.registry = CurrentRegistry(
            read_revision=self.source.revision, build=self.source.build
        )
        gate = CapGate(now=clock, codes=lambda: self.registry().areas.by_geocode)
        self.intake = AlertIntake(
            new_uow=new_uow,
            read_uow=database.read_only,
            sender="own.example",
            now=clock,
            gate=gate,
        )
        self.desk = alert_desk(
            new_uow=new_uow,
            read_uow=read_uow,
            registry=lambda: self.registry(),  # noqa: PLW0108 - tests put another one in
            sender="own.example",
            now=clock,
            quiet=quiet,
            pace=lambda: SendingPace(sms_per_s=10, calls_per_s=2),
            country_language="km",
            gate=gate,
        )
        self.alerts, self.follow_ups = self.desk.alerts, self.desk.follow_ups
        self.escalation = self.escalation_by(
            text_then_call(timedelta(minutes=5)), quiet=quiet
        )
        self.readmission = Readmission(
            new_uow=new_uow,
            read_uow=read_uow,
            audiences=self.desk.audiences,
            now=clock,
        )
        self.repeater = Repeater(
            new_uow=new_uow, read_uow=read_uow, now=clock, quiet=quiet
        )
        self.board = AlertBoard(
            read_uow=read_uow, previews=self.desk.previews, escalation=self.escalation
        )
        self.reports = Reports(read_uow=read_uow, board=self.board, now=clock)
        self.listener = WarningListener(now=clock)
        self.planner = self.new_planner()

    def escalation_by(
        self, plan: PlanChoice, *, quiet: QuietHours = NO_QUIET
    ) -> Escalation:
        """What follows a text by this plan."""
        return Escalation(
            new_uow=self.database.unit_of_work,
            read_uow=self.database.read_only,
            plan=plan,
            now=self.clock,
            monotonic=lambda: 0.0,
            quiet=quiet,
            unread_since=self.database.callbacks_wait_since,
        )

    def new_planner(self) -> Planner:
        """As after a restart."""
        return Planner(
            new_uow=self.database.unit_of_work,
            read_uow=self.database.read_only,
            area_of=lambda ids: self.registry().area_of(ids),
            country_language="km",
            now=self.clock,
            finding=lambda: finding_in(self.registry()),
        )

    def register(self, n: int, **changes: Any) -> int:
        """A person in the middle of the square, unless said otherwise."""
        places = changes.pop("places", [{"lon": 104.5, "lat": 11.5}])
        person = {
            "phone": a_phone(n),
            "language": "en",
            "name": None,
            "channels": 3,
            "groups": (),
            "vulnerable": False,
            "consent_at": START,
        } | changes
        rows = [
            {"phone": a_phone(n), "lon": None, "lat": None, "area_code": None}
            | {"source": "import"}
            | dict(place)
            for place in places
        ]
        with self.database.unit_of_work() as uow:
            uow.subscribers.upsert([person], rows, now=self.clock())
            row = uow.subscribers.find_by_phone(a_phone(n))
            uow.commit()
        assert row is not None
        return row.subscriber_id

    def set_status(self, person: int, status: str) -> None:
        with self.database.unit_of_work() as uow:
            uow.subscribers.set_status([person], status, now=self.clock())
            uow.commit()

    def add_areas(self, *areas: AreaRow) -> None:
        with self.database.unit_of_work() as uow:
            uow.areas.upsert(areas)
            uow.commit()

    def go_live(self, cap: Alert | None = None) -> AlertCase:
        draft = self.intake.draft(cap or an_alert(), by="anna")
        self.alerts.submit(draft.alert_id, by="anna")
        return self.alerts.approve(draft.alert_id, by="boran")

    def plan(self) -> int:
        """Write out every audience; return how many people that were."""
        n = 0
        while written := self.planner.run_once():
            n += written
        return n

    def claim(self, channel: Channel = Channel.SMS) -> list[ClaimedDelivery]:
        """Take everything that is due."""
        now = self.clock()
        with self.database.unit_of_work() as uow:
            claimed = uow.queue.claim(
                channel, limit=10_000, now=now, lease_until=now + timedelta(seconds=20)
            )
            uow.commit()
        return list(claimed)

    def report(
        self, claimed: ClaimedDelivery, state: AttemptState, **changes: Any
    ) -> None:
        """What became of an attempt, told to the listener as the sender does."""
        report = AttemptReport(
            attempt_id=claimed.attempt_id,
            state=state,
            at=self.clock(),
            **changes,
        )
        with self.database.unit_of_work() as uow:
            self.listener.on_delivery_events(uow, uow.queue.apply([report]))
            uow.commit()

    def send(self, state: AttemptState = AttemptState.ACCEPTED) -> int:
        claimed = self.claim()
        for one in claimed:
            self.report(one, state)
        return len(claimed)

    def answer(self, person: int, answer: str, case: AlertCase) -> None:
        self.tell(
            DeliveryEvent(
                owner_ref=case.owner_ref,
                recipient_id=person,
                channel=Channel.SMS,
                state=DeliveryState.CONFIRMED
                if answer == "CONFIRMED"
                else DeliveryState.REACHED,
                at=self.clock(),
                answer=answer,
            )
        )

    def tell(self, *events: DeliveryEvent) -> None:
        with self.database.unit_of_work() as uow:
            self.listener.on_delivery_events(uow, events)
            uow.commit()

    def expire(self) -> int:
        """As the worker does, every second."""
        with self.database.unit_of_work() as uow:
            news = uow.outbox.expire(now=self.clock())
            self.listener.on_delivery_events(uow, news)
            uow.commit()
        return len(news)

    def progress(self, case: AlertCase) -> Progress:
        return self.board.progress(case.alert_id)

    def counts(self, case: AlertCase) -> RecipientCounts:
        with self.read() as uow:
            return uow.alerts.recipient_counts(case.alert_id)

    def texts(self, case: AlertCase) -> list[tuple[int, str]]:
        """Person and text of every delivery of an alert."""
        with self.read() as uow:
            lines = uow.alerts.deliveries(case.alert_id, after=0, limit=10_000)
        return [(line.subscriber_id, line.language) for line in lines]

    def is_balanced(self, case: AlertCase) -> bool:
        progress = self.progress(case)
        left_out = sum(progress.excluded.values())
        return progress.people_attempted + left_out == progress.affected

    def read(self) -> UnitOfWork:
        return self.database.read_only()

    def state(self, alert_id: AlertId) -> str:
        with self.read() as uow:
            return uow.alerts.get(alert_id).state.value


def in_languages(*tags: str) -> tuple[Info, ...]:
    return tuple(replace(an_info(), language=tag) for tag in tags)


def ids_of(events: Sequence[ClaimedDelivery]) -> list[int]:
    return sorted(event.recipient_id for event in events)
