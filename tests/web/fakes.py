"""Services that keep their state in memory and obey the real rules of the domain."""

from __future__ import annotations

from pathlib import Path

from accounts.second_factor import SecondFactors
from ivr_scripts.catalogue import load_catalogue
from responders.cases.decider import Policies
from telephony.callbacks.inbound_calls import InboundCalls
from tests.fakes.case_world import CaseWorld
from tests.fakes.drafts import FakeDrafts, FakeHolding, make_draft_book
from tests.fakes.escalation_rules import RuleStore, make_rules
from tests.fakes.imports import FakeImports, make_import_book
from tests.fakes.message_texts import TextStore, make_texts
from tests.fakes.recordings import make_prompts, make_recordings
from tests.unit.accounts.fake_factors import FactorStore
from tests.web.alert_fakes import (
    FakeAlerts,
    FakeAudiences,
    FakeGroups,
    FakeWatch,
    delivery_line,
    make_form,
    make_progress,
)
from tests.web.carrier_fakes import (
    CONTENT,
    FakeCarriers,
    FakeDoor,
    FakeHealth,
    FakeSink,
    FakeTrials,
    FakeWall,
    context_of,
    make_intake,
)
from tests.web.citizen_fakes import FakeHelpDesk, FakeReportDesk
from tests.web.follow_up_fakes import FakeFollowUps, FakeReports
from tests.web.ground import (
    PASSWORD,
    PHONE,
    PROVINCES,
    PUBLIC_URL,
    SQUARE,
    START,
    TOKEN,
    ManualClock,
)
from tests.web.people_fakes import FakePeopleBoard
from tests.web.register_fakes import (
    FakeAccounts,
    FakeAreas,
    FakePeople,
    FakePlaces,
)
from tests.web.source_fakes import make_sources
from tests.web.voice_fakes import FakeVoice
from warning.alert import AlertCase, AlertState
from warning.alert_form import AlertForm
from warning.cap_documents.cap_gate import CapGate
from warning.texts.message_desk import MessageDesk

__all__ = [
    "CONTENT",
    "PASSWORD",
    "PHONE",
    "PROVINCES",
    "PUBLIC_URL",
    "SQUARE",
    "START",
    "TOKEN",
    "FakeAccounts",
    "FakeAlerts",
    "FakeAreas",
    "FakeAudiences",
    "FakeCarriers",
    "FakeDoor",
    "FakeHealth",
    "FakePeople",
    "FakeServices",
    "FakeSink",
    "FakeTrials",
    "FakeWatch",
    "ManualClock",
    "context_of",
    "delivery_line",
    "make_form",
    "make_intake",
    "make_progress",
]


class FakeServices:
    """Everything the views may use, in memory."""

    def __init__(self) -> None:
        self.now = ManualClock()
        # One register of alerts behind three doors, as in the product.
        self.intake = self.alerts = self.board = FakeAlerts(self.now)
        self.follow_ups = FakeFollowUps(self.alerts, make_form, self.now)
        self.reports = FakeReports(self.alerts, self.now)
        self.holding = FakeHolding(self.alerts, self.now)
        self.draft_store = FakeDrafts()
        self.drafts = make_draft_book(self.draft_store, self.now)
        self.imports = make_import_book(FakeImports(), self.now)
        self.rule_store = RuleStore()
        self.escalation_rules = make_rules(self.rule_store, self.now)
        self.text_store = TextStore()
        self.texts = make_texts(self.text_store, self.now)
        self.messages = MessageDesk(
            gate=CapGate(now=self.now),
            sender="own.example",
            country_language="km",
            now=self.now,
            manners=self.texts.manners,
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
        self.prompts = make_prompts()
        self.sink = FakeSink()
        self.callbacks = make_intake(self.now, self.sink)
        self.help_desk = FakeHelpDesk(self.now)
        self.report_desk = FakeReportDesk()
        self.voice = FakeVoice(self.now, self.recordings.words_of, self.help_desk)
        self.known_places = FakePlaces()
        self.inbound_calls = InboundCalls(
            intake=self.callbacks,
            public_url=PUBLIC_URL,
            door=FakeDoor(),
            catalogue=load_catalogue(),
        )
        self.health = FakeHealth()
        self.carriers = FakeCarriers()
        self.trial_messages = FakeTrials()
        self.phone_wall = FakeWall()
        self.groups = FakeGroups()
        self.watch = FakeWatch()
        self.sources = make_sources(self.now)
        self.case_world = CaseWorld(clock=self.now)
        self.cases = self.case_world.services

    def ask_pins_at_homes(self) -> None:
        """From here on the address of a home is told only for a PIN."""
        policies = Policies(home_pin=True)
        self.case_world = CaseWorld(clock=self.now, policies=policies)
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
