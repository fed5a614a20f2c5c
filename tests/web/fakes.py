"""Services that keep their state in memory and obey the real rules of the domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import BinaryIO

from shapely.geometry import MultiPolygon, Polygon

from accounts.errors import SignInError, UnknownOperatorError
from accounts.operators import Operator, Role
from accounts.second_factor import SecondFactors
from geofence import Area as GeoArea
from geofence.area import area_of
from ivr_scripts.catalogue import Catalogue, load_catalogue
from ivr_scripts.model import LookupRequest, Option
from ops.carrier_board import CarrierLine, FaultLine
from ops.health import Check, Metric, Readiness, Sample
from telephony.callbacks import CallbackIntake, CarrierIdentity
from telephony.delivery import (
    AttemptId,
    CallContext,
    CarrierEvent,
    Channel,
    Content,
    ContentId,
    DeliveryState,
)
from telephony.errors import CallbackNotKeptError
from telephony.inbound_calls import InboundCalls
from telephony.numbers import parse_number
from telephony.twiml import Dialect
from tests.fakes.case_world import CaseWorld
from tests.fakes.recordings import make_recordings
from tests.unit.accounts.fake_factors import FactorStore
from tests.web.citizen_fakes import FakeHelpDesk, FakeReportDesk
from tests.web.follow_up_fakes import FakeFollowUps, FakeReports, make_preview
from tests.web.people_fakes import FakePeopleBoard
from tests.web.source_fakes import make_sources
from warning import chain
from warning.alert import AlertCase, AlertId, AlertState
from warning.alert_form import AlertForm, FormText, cap_alert
from warning.areas import AreaFileOptions, AreaImport
from warning.arrival import Arrival
from warning.board import Preview
from warning.cap import Alert, CapStatus, Category, Certainty, Severity, Urgency
from warning.cap_gate import CapGate
from warning.errors import (
    AlertNotFoundError,
    DuplicateAlertError,
    EmptyAudienceError,
    InvalidAlertError,
)
from warning.people.registration import ImportReport, NewSubscriber, Registered
from warning.people.subscriber_batches import Rejected
from warning.people.subscriber_fields import FieldError
from warning.ports import AreaRow
from warning.progress import ChannelProgress, DeliveryLine, Progress
from warning.registry.registry import AudienceCounts
from warning.schedule import Schedule
from warning.texts.message_desk import MessageDesk
from warning.watch import Curves, HelpWanted

START = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
TOKEN = "carrier-token"
PUBLIC_URL = "https://warning.example.org"
PASSWORD = "correct horse battery"
#: A person's number; it may appear in no log.
PHONE = "+85512345678"
SQUARE = Polygon([(104.0, 11.0), (105.0, 11.0), (105.0, 12.0), (104.0, 12.0)])
PROVINCES = {"KH-12": "Phnom Penh", "KH-08": "Kandal", "KH-03": "Kampong Cham"}


class ManualClock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> None:
        self.at += timedelta(**span)


def make_form(area: GeoArea | None = None, **changes: object) -> AlertForm:
    """A flood warning in two languages."""
    known: dict[str, object] = {
        "status": CapStatus.ACTUAL,
        "categories": (Category.MET,),
        "urgency": Urgency.IMMEDIATE,
        "severity": Severity.SEVERE,
        "certainty": Certainty.OBSERVED,
        "area": area or area_of(SQUARE),
        "texts": {
            "en": FormText(
                event="Flood",
                headline="Flood on the Mekong",
                description="The river rises.",
                instruction="Go to high ground.",
                area_desc="Kandal",
            )
        },
        "expires": START + timedelta(hours=6),
    }
    return AlertForm(**{**known, **changes})  # type: ignore[arg-type]


class FakeAlerts:
    """Alerts in a dict; a CAP document is read as ``identifier`` bytes."""

    def __init__(self, now: ManualClock) -> None:
        self._now = now
        self.cases: dict[AlertId, AlertCase] = {}
        self.figures: dict[AlertId, Progress] = {}
        self.lines: list[DeliveryLine] = []
        self.is_empty = False
        self.came: dict[AlertId, Arrival] = {}

    def check_cap(self, data: bytes) -> Mapping[str, object]:
        defects = []
        if b"<alert" not in data:
            defects = [
                {
                    "code": "not_xml",
                    "severity": "blocks",
                    "element": "alert",
                    "line": 1,
                    "message": "This is not XML.",
                }
            ]
        ok = not defects
        return {
            "file": "request",
            "valid_xsd": ok,
            "usable": ok,
            "targetable": ok,
            "defects": defects,
            "alert": None,
            "area": None,
        }

    def draft_from_cap(self, data: bytes, *, by: str) -> AlertCase:
        if not self.check_cap(data)["usable"]:
            raise InvalidAlertError("Line 1: this is not XML. Send a CAP document.")
        identifier = f"cap-{len(data)}"
        for case in self.cases.values():
            if case.cap.identifier == identifier:
                raise DuplicateAlertError("Known.", alert_id=case.alert_id)
        return self._draft(self._cap(make_form(), identifier), by)

    def arrivals(self, alert_ids: Sequence[AlertId]) -> Mapping[AlertId, Arrival]:
        return {one: self.came[one] for one in alert_ids if one in self.came}

    def check_form(self, form: AlertForm) -> Mapping[str, object]:
        return self.check_cap(b"<alert/>" if form.texts else b"")

    def draft_from_form(self, form: AlertForm, *, by: str) -> AlertCase:
        if form.expires is not None and form.expires <= self._now():
            raise InvalidAlertError("The alert expired; give it a later end.")
        return self._draft(self._cap(form, f"form-{len(self.cases)}"), by)

    def submit(self, alert_id: AlertId, *, by: str) -> AlertCase:
        if self.is_empty:
            raise EmptyAudienceError("Nobody is registered inside the area.")
        return self._save(self.get(alert_id).submit(by, self._now()))

    def approve(
        self, alert_id: AlertId, *, by: str, accept_fallback: bool = False
    ) -> AlertCase:
        del accept_fallback
        return self._save(self.get(alert_id).approve(by, self._now()))

    def reject(self, alert_id: AlertId, *, by: str) -> AlertCase:
        return self._save(self.get(alert_id).reject())

    def cancel(self, alert_id: AlertId, *, by: str) -> AlertCase:
        return self._save(self.get(alert_id).cancel(by, self._now()))

    def get(self, alert_id: AlertId) -> AlertCase:
        if alert_id not in self.cases:
            raise AlertNotFoundError(f"There is no alert {alert_id[:40]}.")
        return self.cases[alert_id]

    def list(self, *, states: Sequence[AlertState] = ()) -> Sequence[AlertCase]:
        cases = [c for c in self.cases.values() if not states or c.state in states]
        return sorted(cases, key=lambda case: case.created_at, reverse=True)

    def preview(self, alert_id: AlertId) -> Preview:
        return make_preview(self.get(alert_id), FakeAudiences().count(SQUARE))

    def plan(self, alert_id: AlertId, schedule: Schedule, *, by: str) -> AlertCase:
        return self._save(self.get(alert_id).plan(schedule))

    def waiting_to_follow(self, alert_id: AlertId) -> AlertId | None:
        followers = [c for c in self.cases.values() if c.follows == alert_id]
        return chain.waiting(followers)[0].alert_id if followers else None

    def progress(self, alert_id: AlertId) -> Progress:
        state = self.get(alert_id).state
        return self.figures.get(alert_id) or make_progress(state=state)

    def deliveries(
        self, alert_id: AlertId, *, after: int, limit: int
    ) -> Sequence[DeliveryLine]:
        self.get(alert_id)
        return [line for line in self.lines if line.delivery_id > after][:limit]

    def cap_xml(self, alert_id: AlertId) -> bytes:
        identifier = self.get(alert_id).cap.identifier
        return f"<alert><identifier>{identifier}</identifier></alert>".encode()

    def _cap(self, form: AlertForm, identifier: str) -> Alert:
        return cap_alert(
            form, identifier=identifier, sender="tocsin.example", sent=self._now()
        )

    def _draft(self, cap: Alert, by: str) -> AlertCase:
        case = AlertCase(
            alert_id=AlertId(f"a{len(self.cases) + 1}"),
            cap=cap,
            state=AlertState.DRAFT,
            created_by=by,
            created_at=self._now(),
        )
        return self._save(case)

    def _save(self, case: AlertCase) -> AlertCase:
        self.cases[case.alert_id] = case
        return case


def make_progress(**changes: object) -> Progress:
    """1,000 people, some of whom have confirmed."""
    known: dict[str, object] = {
        "state": AlertState.LIVE,
        "affected": 1_000,
        "planned": 1_000,
        "people_attempted": 980,
        "by_state": {"attempted": 100, "reached": 400, "heard": 50, "confirmed": 430},
        "by_area": {
            "KH-12": {"reached": 200, "confirmed": 300},
            "KH-08": {"attempted": 100, "reached": 200, "heard": 50, "confirmed": 130},
        },
        "by_language": {"km": 900, "en": 100},
        "excluded": {"opted_out": 20},
        "sms": ChannelProgress(attempted=980, reached=880, failed={"30003": 12}),
        "voice": ChannelProgress(attempted=90, reached=60, heard=50, open=7),
        "confirmed": 430,
        "needs_help": 0,
        "first_message_s": 0.4,
        "last_message_s": 11.0,
        "messages_per_s": 92.0,
        "geofence_ms": 1.5,
        "settled": False,
    }
    return Progress(**{**known, **changes})  # type: ignore[arg-type]


class FakeAudiences:
    """A thousand people in the square, nobody elsewhere."""

    def count(self, geometry: Polygon | MultiPolygon) -> AudienceCounts:
        n = 1_000 if geometry.intersects(SQUARE) else 0
        return AudienceCounts(
            n=n,
            by_language={"km": n} if n else {},
            by_area={"KH-08": n} if n else {},
            by_channel={"sms": n, "voice": n},
            excluded={},
            geofence_ms=0.7,
        )


@dataclass
class FakePeople:
    """People by number; a CSV line is ``phone,...`` and must start with ``+``."""

    phones: dict[str, int] = field(default_factory=dict)
    persons: list[NewSubscriber] = field(default_factory=list)

    def import_csv(self, stream: BinaryIO, *, dry_run: bool, by: str) -> ImportReport:
        del by
        lines = stream.read().decode().splitlines()[1:]
        good = [line for line in lines if line.startswith("+")]
        if not dry_run:
            for line in good:
                self.phones.setdefault(line.split(",")[0], len(self.phones) + 1)
        return ImportReport(
            read=len(lines),
            added=len(good),
            updated=0,
            places=len(good),
            rejected=[
                Rejected(n, "phone", "Not a phone number.", "phone")
                for n, line in enumerate(lines, start=2)
                if line not in good
            ],
        )

    def add(self, person: NewSubscriber, *, by: str) -> Registered:
        del by
        if not person.phone.startswith("+"):
            raise FieldError("phone", "phone", "Write the number with + first.")
        is_new = person.phone not in self.phones
        number = self.phones.setdefault(person.phone, len(self.phones) + 1)
        self.persons.append(person)
        return Registered(subscriber_id=number, is_new=is_new)

    def erase(self, subscriber_id: int, *, by: str) -> bool:
        del by
        known = {number: phone for phone, number in self.phones.items()}
        return self.phones.pop(known.get(subscriber_id, ""), None) is not None


@dataclass
class FakeAreas:
    """Provinces, and what was uploaded."""

    uploads: list[tuple[str, bytes, int | None]] = field(default_factory=list)

    def import_file(
        self, path: Path, options: AreaFileOptions, *, by: str
    ) -> AreaImport:
        del by
        self.uploads.append((path.suffix, path.read_bytes(), options.level))
        return AreaImport(n_areas=25, repairs=["KH-1: A ring was closed."])

    def names(self) -> Mapping[str, str]:
        return PROVINCES

    def list(self, *, level: int | None, after: str, limit: int) -> Sequence[AreaRow]:
        del level
        return [
            AreaRow(
                code=code, name=name, names={}, level=1, parent=None, geometry=SQUARE
            )
            for code, name in sorted(PROVINCES.items())
            if code > after
        ][:limit]


class FakeAccounts:
    """One operator a role, named like it; the token of ``viewer`` is ``t-viewer``."""

    def __init__(self) -> None:
        self.operators = {
            role.value: Operator(name=role.value, role=role, created_at=START)
            for role in Role
        }

    def by_token(self, token: str) -> Operator | None:
        return self.by_name(token.removeprefix("t-")) if token[:2] == "t-" else None

    def by_name(self, name: str) -> Operator | None:
        operator = self.operators.get(name)
        return operator if operator and operator.is_active else None

    def create_token(
        self, name: str, *, role: Role | None, lasts: timedelta | None, by: str
    ) -> str:
        del lasts, by
        if name not in self.operators:
            raise UnknownOperatorError(f"There is no operator {name!r}.")
        return f"t-{role or self.operators[name].role}"

    def sign_in(self, name: str, password: str) -> Operator:
        operator = self.by_name(name)
        if operator is None or password != PASSWORD:
            raise SignInError("Name or password is wrong.")
        return operator


@dataclass
class FakeSink:
    """Keeps events, or fails to."""

    events: list[CarrierEvent] = field(default_factory=list)
    is_full: bool = False

    def keep(self, event: CarrierEvent) -> None:
        if self.is_full:
            raise CallbackNotKeptError("The database did not take the callback.")
        self.events.append(event)


CONTENT = Content(
    owner_ref="alert:a1",
    variant="warning",
    language="en",
    sms_text="Flood",
    script="flood_warning",
    variables={
        "source": "The weather service",
        "event": "Flood on the Mekong",
        "area": "Kandal",
        "instruction": "Go to high ground.",
        "until": "nine in the morning",
    },
)


def context_of(attempt_id: AttemptId) -> CallContext | None:
    """Attempt 7 is the one call that was made."""
    if attempt_id != 7:
        return None
    return CallContext(attempt_id=attempt_id, content_id=ContentId(1), content=CONTENT)


@cache
def catalogue() -> Catalogue:
    """The real scripts, read once."""
    return load_catalogue()


def make_intake(now: ManualClock, sink: FakeSink) -> CallbackIntake:
    """The real intake, over a sink in memory."""
    return CallbackIntake(
        carriers={"main": CarrierIdentity(auth_token=TOKEN, dialect=Dialect.TWILIO)},
        public_url=PUBLIC_URL,
        sink=sink,
        context_of=context_of,
        catalogue=catalogue(),
        now=now,
    )


@dataclass
class FakeHealth:
    """Ready unless told otherwise."""

    checks: list[Check] = field(
        default_factory=lambda: [
            Check(name="database", ok=True, sentence="The database is current.")
        ]
    )

    def readiness(self) -> Readiness:
        return Readiness(checks=self.checks)

    def metrics(self) -> Iterable[Metric]:
        return [
            Metric(
                name="tocsin_deliveries",
                help="Deliveries by state.",
                kind="gauge",
                samples=[Sample(value=12, labels={"state": "queued"})],
            )
        ]


@dataclass
class FakeTrials:
    """Numbers that a test was sent to."""

    sent: list[str] = field(default_factory=list)

    def send(self, number: str, *, by: str) -> str:
        del by
        self.sent.append(parse_number(number))
        return "WORD"


@dataclass
class FakeWatch:
    """Somebody who needs help; curves of two points."""

    wanted: list[HelpWanted] = field(
        default_factory=lambda: [
            HelpWanted(
                subscriber_id=7,
                phone=PHONE,
                name="Sok Dara",
                language="km",
                area_code="KH-12",
                is_vulnerable=True,
            )
        ]
    )

    def curves(self, alert_id: AlertId) -> Curves:
        del alert_id
        at = [START, START + timedelta(seconds=1)]
        return Curves(
            at=at,
            sent=[1, 2],
            reached=[0, 2],
            heard=[0, 1],
            confirmed=[0, 1],
            failed=[0, 0],
        )

    def help_wanted(self, alert_id: AlertId, *, limit: int) -> Sequence[HelpWanted]:
        del alert_id
        return self.wanted[:limit]


@dataclass
class FakeCarriers:
    """One carrier that sends, and what is told of others."""

    known: list[CarrierLine] = field(
        default_factory=lambda: [
            CarrierLine(
                name="main",
                host="api.example.org",
                dialect="twilio",
                has_sms=True,
                has_voice=True,
                sms_per_s=100.0,
                calls_per_s=10.0,
                concurrent_calls=80,
                prefixes=("+855",),
                priority=100,
                pace={Channel.SMS: 92.5},
            )
        ]
    )
    failed: list[FaultLine] = field(default_factory=list)

    def lines(self) -> Sequence[CarrierLine]:
        return self.known

    def faults(self) -> Sequence[FaultLine]:
        return self.failed


class FakeDoor:
    """Everybody is new and speaks English; there is one place."""

    def opening(self, phone: str) -> tuple[str, str]:
        return "registration", "en"

    def lookup(self, phone: str) -> FakeDoor:
        return self

    def options(self, request: LookupRequest) -> list[Option]:
        if request.name == "languages":
            return [Option("en", key="common.language", language="en")]
        return [] if "place" in request.picked else [Option("KH-01", "Kandal")]

    def name(self, pick: str, value: str, language: str) -> str:
        return "Kandal"


class FakeServices:
    """Everything the views may use, in memory."""

    def __init__(self) -> None:
        self.now = ManualClock()
        # One register of alerts behind three doors, as in the product.
        self.intake = self.alerts = self.board = FakeAlerts(self.now)
        self.follow_ups = FakeFollowUps(self.alerts, make_form, self.now)
        self.reports = FakeReports(self.alerts, self.now)
        self.messages = MessageDesk(
            gate=CapGate(now=self.now),
            sender="own.example",
            country_language="km",
            now=self.now,
        )
        self.audiences = FakeAudiences()
        self.people = FakePeople()
        self.people_board = FakePeopleBoard()
        self.areas = FakeAreas()
        self.accounts = FakeAccounts()
        self.factor_store = FactorStore()
        self.second_factors = SecondFactors(
            new_uow=self.factor_store.unit_of_work,
            read_uow=self.factor_store.unit_of_work,
            key=lambda: "k" * 32,
            issuer="tocsin.example",
            now=self.now,
        )
        self.recordings = make_recordings(Path("nowhere"), self.now)
        self.sink = FakeSink()
        self.callbacks = make_intake(self.now, self.sink)
        self.help_desk = FakeHelpDesk(self.now)
        self.report_desk = FakeReportDesk()
        self.inbound_calls = InboundCalls(
            intake=self.callbacks,
            public_url=PUBLIC_URL,
            door=FakeDoor(),
            catalogue=catalogue(),
        )
        self.health = FakeHealth()
        self.carriers = FakeCarriers()
        self.trial_messages = FakeTrials()
        self.watch = FakeWatch()
        self.sources = make_sources(self.now)
        self.case_world = CaseWorld(clock=self.now)
        self.cases = self.case_world.services

    def factor_secret(self, operator: str) -> str:
        """What the telephone of an operator knows."""
        sealed = self.factor_store.factors.known[operator].sealed_secret
        return self.second_factors._fernet().decrypt(sealed).decode()

    def alert(
        self, state: AlertState = AlertState.DRAFT, form: AlertForm | None = None
    ) -> AlertCase:
        """An alert that has come as far as ``state``; times a minute apart."""
        self.now.advance(minutes=1)
        case = self.alerts.draft_from_form(form or make_form(), by="operator")
        if state is not AlertState.DRAFT:
            case = self.alerts.submit(case.alert_id, by="operator")
        if state in {AlertState.LIVE, AlertState.CANCELLED}:
            case = self.alerts.approve(case.alert_id, by="approver")
        if state is AlertState.CANCELLED:
            case = self.alerts.cancel(case.alert_id, by="approver")
        return case


def delivery_line(number: int) -> DeliveryLine:
    """A text that reached somebody."""
    return DeliveryLine(
        delivery_id=number,
        subscriber_id=number + 100,
        channel=Channel.SMS,
        language="km",
        state=DeliveryState.REACHED,
        attempts=1,
        code=None,
        updated_at=START,
    )
