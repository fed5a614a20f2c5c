"""What carriers ask and how they are, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ivr_scripts.catalogue import load_catalogue
from ivr_scripts.model import LookupRequest, Option
from ops.carrier_board import CarrierLine, FaultLine
from ops.exchange.phone_wall import WallPhone
from ops.health import Check, Metric, Readiness, Sample
from telephony.callbacks.intake import CallbackIntake, CarrierIdentity
from telephony.calls.call_talk import CallTalk
from telephony.calls.twiml import Dialect
from telephony.delivery import (
    AttemptId,
    CallContext,
    CarrierEvent,
    Channel,
    Content,
    ContentId,
)
from telephony.errors import CallbackNotKeptError, CarrierUnavailableError
from telephony.numbers import parse_number
from tests.web.ground import PUBLIC_URL, TOKEN, ManualClock


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


def make_intake(now: ManualClock, sink: FakeSink) -> CallbackIntake:
    """The real intake, over a sink in memory."""
    return CallbackIntake(
        carriers={"main": CarrierIdentity(auth_token=TOKEN, dialect=Dialect.TWILIO)},
        public_url=PUBLIC_URL,
        sink=sink,
        context_of=context_of,
        talk=CallTalk(catalogue=load_catalogue()),
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
    """Numbers that a test was sent to, and what rang."""

    sent: list[str] = field(default_factory=list)
    rung: list[tuple[str, str, str]] = field(default_factory=list)

    def call(self, number: str, *, script: str, language: str, by: str) -> str:
        del by
        self.rung.append((parse_number(number), script, language))
        return "WORD"

    def scripts(self) -> Sequence[str]:
        return ["drill", "flood_warning"]

    def send(self, number: str, *, by: str) -> str:
        del by
        self.sent.append(parse_number(number))
        return "WORD"


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

    def lines(self, readiness: Readiness | None = None) -> Sequence[CarrierLine]:
        return self.known

    def faults(self) -> Sequence[FaultLine]:
        return self.failed


@dataclass
class FakeWall:
    """One phone that rings, where there is a wall at all."""

    is_there: bool = False
    is_running: bool = True
    acts: list[tuple[str, str, str]] = field(default_factory=list)

    def phones(self, *, limit: int) -> Sequence[WallPhone]:
        if not self.is_running:
            raise CarrierUnavailableError("The built-in telco does not answer.")
        phone = WallPhone(
            number="+85510000001",
            state="ringing",
            texts=["Flood. <Go> to high ground."],
            heard=["Public warning."],
        )
        return [phone, replace(phone, number="+85510000002", state="idle")][:limit]

    def act(self, number: str, what: str, said: str = "") -> None:
        if not self.is_running:
            raise CarrierUnavailableError("The phone cannot do this now.")
        self.acts.append((number, what, said))


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
