"""Everything the product can do, put together once for a process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.second_factor import SecondFactors
from accounts.service import AccountService
from ivr_scripts.catalogue import load_catalogue
from ops.carrier_board import CarrierBoard
from ops.carrier_orders import CarrierOrders
from ops.clock import Clock
from ops.config.secret_key import secret_key
from ops.exchange.phone_wall import PhoneWall
from ops.health import HealthService
from ops.trial_messages import TrialMessages
from ops.wiring.alert_parts import (
    manners_of,
    pace_of,
    quiet_hours_of,
)
from ops.wiring.call_parts import build_intake
from ops.wiring.cap_parts import build_gate, build_publisher
from ops.wiring.case_parts import build_cases
from ops.wiring.citizen_services import CitizenServices, build_citizens
from ops.wiring.escalation_services import EscalationServices, build_rules
from ops.wiring.incoming_calls import Doors
from ops.wiring.responder_services import CaseServices
from ops.wiring.simulated_carrier import NAME as SIMULATOR
from ops.wiring.sound_services import build_sounds, hearing_of
from ops.wiring.source_services import Sources, build_sources
from ops.wiring.text_services import TextServices, build_texts
from ops.wiring.voice_services import VoiceServices, build_voice
from telephony.callbacks.group_commit import GroupCommit
from telephony.callbacks.inbound_calls import InboundCalls
from telephony.callbacks.intake import CallbackIntake
from telephony.numbers import parse_number
from telephony.sound.prompt_desk import PromptDesk
from telephony.sound.service import RecordingService
from warning.approval.desk import alert_desk
from warning.approval.follow_ups import FollowUps
from warning.approval.holding import Holding
from warning.approval.service import AlertService
from warning.areas import AreaService
from warning.audience.audience_maker import AudienceMaker
from warning.audience.audiences import AudienceService
from warning.citizens.citizen_desk import HelpDesk
from warning.citizens.known_places import KnownPlaces
from warning.citizens.report_desk import ReportDesk
from warning.escalation.escalation import Escalation
from warning.escalation.escalation_steps import PlanChoice
from warning.figures.board import AlertBoard
from warning.figures.groups import AlertGroups
from warning.figures.report import Reports
from warning.figures.watch import AlertWatch
from warning.intake.drafts import DraftBook
from warning.intake.intake import AlertIntake
from warning.people.import_book import ImportBook
from warning.people.people import PeopleService
from warning.people.people_board import PeopleBoard
from warning.registry.files import RegistryFiles
from warning.registry.registry import CurrentRegistry
from warning.registry.source import RegistrySource
from warning.texts.message_desk import MessageDesk

if TYPE_CHECKING:
    from ops.config.settings import Settings
    from ops.ports import Database


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """What views and commands use; nothing else of the inside is for them."""

    settings: Settings
    database: Database
    clock: Clock
    registry: CurrentRegistry
    registry_files: RegistryFiles
    intake: AlertIntake
    alerts: AlertService
    follow_ups: FollowUps
    holding: Holding
    drafts: DraftBook
    imports: ImportBook
    reports: Reports
    alert_audiences: AudienceMaker
    board: AlertBoard
    watch: AlertWatch
    groups: AlertGroups
    messages: MessageDesk
    recordings: RecordingService
    voice: VoiceServices
    prompts: PromptDesk
    texts: TextServices
    escalation_rules: EscalationServices
    audiences: AudienceService
    people: PeopleService
    people_board: PeopleBoard
    areas: AreaService
    accounts: AccountService
    second_factors: SecondFactors
    callbacks: CallbackIntake
    inbound_calls: InboundCalls
    citizens: CitizenServices
    help_desk: HelpDesk
    report_desk: ReportDesk
    known_places: KnownPlaces
    health: HealthService
    carrier_orders: CarrierOrders
    carriers: CarrierBoard
    trial_messages: TrialMessages
    phone_wall: PhoneWall
    group_commit: GroupCommit
    sources: Sources
    cases: CaseServices

    def now(self) -> datetime:
        """The time, aware UTC."""
        return self.clock.now()

    def close(self) -> None:
        """Write what waits and let go of the database."""
        self.group_commit.close()
        self.database.dispose()


def build_services(settings: Settings, database: Database, clock: Clock) -> Services:
    """Put the services of one process together; opens nothing yet."""
    new_uow, read_uow, now = database.unit_of_work, database.read_only, clock.now
    source = RegistrySource(read_uow)
    files = RegistryFiles(
        settings.data_dir / "registry", source, database=database.identity
    )
    registry = CurrentRegistry(
        read_revision=source.revision, build=files.current, try_build=files.try_current
    )
    gate = build_gate(settings, now=now, codes=lambda: registry().areas.by_geocode)
    group_commit = GroupCommit(database.keep_callbacks)
    sounds = build_sounds(settings, database, clock)
    manners = manners_of(settings, database)
    desk = alert_desk(
        new_uow=new_uow,
        read_uow=read_uow,
        registry=registry,
        sender=settings.cap_sender,
        now=now,
        gate=gate,
        quiet=quiet_hours_of(settings),
        pace=pace_of(settings),
        country_language=settings.default_language,
        manners=manners,
        hearing=hearing_of(settings, sounds.book, manners),
    )
    intake = AlertIntake(
        new_uow=new_uow,
        read_uow=read_uow,
        sender=settings.cap_sender,
        now=now,
        gate=gate,
        sounds=manners.sounds,
        manners=manners,
    )
    cases = build_cases(settings, database, clock)
    rules = build_rules(settings, database, clock)
    citizens = build_citizens(
        settings, database, clock, plan=rules.book, seals=cases.seals, codes=gate.table
    )
    voice = build_voice(settings, database, clock, words_of=sounds.recordings.words_of)
    callbacks = build_intake(
        settings,
        database,
        clock,
        sink=group_commit,
        sounds=sounds.book,
        voice=voice,
        lookup_of=citizens.menus.lookup,
        seals=cases.seals,
    )
    publisher = build_publisher(settings)
    board = AlertBoard(
        read_uow=read_uow,
        previews=desk.previews,
        escalation=build_escalation(settings, database, clock, plan=rules.book),
        publisher=publisher,
    )
    health = HealthService(
        database,
        now=now,
        trouble=lambda: group_commit.trouble,
        compare_clocks=clock.compare,
    )
    return Services(
        settings=settings,
        database=database,
        clock=clock,
        registry=registry,
        registry_files=files,
        intake=intake,
        alerts=desk.alerts,
        follow_ups=desk.follow_ups,
        holding=desk.holding,
        drafts=DraftBook(new_uow=new_uow, read_uow=read_uow, now=now),
        imports=ImportBook(new_uow=new_uow, read_uow=read_uow, now=now),
        alert_audiences=desk.audiences,
        reports=Reports(read_uow=read_uow, board=board, now=now),
        board=board,
        watch=AlertWatch(read_uow=read_uow, now=now, monotonic=clock.monotonic),
        groups=AlertGroups(read_uow=read_uow, monotonic=clock.monotonic),
        messages=MessageDesk(
            gate=gate,
            sender=settings.cap_sender,
            country_language=settings.default_language,
            now=now,
            manners=manners,
        ),
        audiences=AudienceService(registry.while_drawing),
        people_board=PeopleBoard(
            new_uow=new_uow, read_uow=read_uow, parse_phone=parse_number, now=now
        ),
        people=PeopleService(
            new_uow=new_uow,
            read_uow=read_uow,
            parse_phone=parse_number,
            country=settings.country_box,
            now=now,
        ),
        areas=AreaService(new_uow=new_uow, read_uow=read_uow, now=now),
        second_factors=SecondFactors(
            new_uow=new_uow,
            read_uow=read_uow,
            key=lambda: secret_key(settings),
            issuer=settings.cap_sender,
            now=now,
        ),
        accounts=AccountService(new_uow=new_uow, read_uow=read_uow, now=now),
        callbacks=callbacks,
        inbound_calls=InboundCalls(
            intake=callbacks,
            public_url=settings.callback_url,
            door=Doors(cases.calls, citizens.menus, cases.seals),
            catalogue=load_catalogue(),
            sounds=sounds.book,
            variables=cases.calls.variables,
        ),
        citizens=citizens,
        help_desk=citizens.help_desk,
        report_desk=citizens.report_desk,
        known_places=citizens.known_places,
        recordings=sounds.recordings,
        voice=voice,
        prompts=sounds.desk,
        texts=build_texts(settings, database, clock, manners),
        escalation_rules=rules,
        health=health,
        carriers=CarrierBoard(
            settings.carriers, read_uow=read_uow, health=health, now=now
        ),
        phone_wall=PhoneWall(settings.carriers.get(SIMULATOR)),
        trial_messages=TrialMessages(
            new_uow=new_uow,
            parse_phone=parse_number,
            sender=settings.cap_sender,
            now=now,
        ),
        carrier_orders=CarrierOrders(
            new_uow=new_uow, names=settings.carriers.keys(), now=now
        ),
        group_commit=group_commit,
        cases=cases,
        sources=build_sources(
            settings,
            database,
            clock,
            intake=intake,
            steps=desk.alerts,
            document=publisher.document,
            codes=gate.table,
            manners=manners,
        ),
    )


def build_escalation(
    settings: Settings, database: Database, clock: Clock, *, plan: PlanChoice
) -> Escalation:
    """A call to those who have not confirmed in time, by how bad it is."""
    return Escalation(
        new_uow=database.unit_of_work,
        read_uow=database.read_only,
        plan=plan,
        now=clock.now,
        monotonic=clock.monotonic,
        quiet=quiet_hours_of(settings),
        unread_since=database.callbacks_wait_since,
    )
