"""Everything about talking with citizens, put together once for a process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ivr_scripts.catalogue import load_catalogue
from ops.scheduler import Job
from ops.wiring.alert_parts import quiet_hours_of
from ops.wiring.case_parts import understand
from warning.citizens.citizen_answers import AnswerWriter
from warning.citizens.citizen_calls import CitizenCalls
from warning.citizens.citizen_desk import HelpDesk
from warning.citizens.citizen_dialogue import Dialogue
from warning.citizens.citizen_menus import CitizenMenus
from warning.citizens.citizen_texts import CitizenTexts
from warning.citizens.conversation import FORGOTTEN_AFTER
from warning.citizens.current_warnings import CurrentWarnings
from warning.citizens.focal_points import FocalPoints
from warning.citizens.known_places import KnownPlaces
from warning.citizens.place_book import CurrentPlaces, PlaceEntry
from warning.citizens.report_desk import ReportDesk
from warning.citizens.villages import CurrentVillages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ops.clock import Clock
    from ops.config.settings import Settings
    from ops.ports import Database, UnitOfWork
    from telephony.sealing import Seals
    from warning.cap_documents.target import GeocodeLookup
    from warning.escalation.escalation_steps import PlanChoice

_HOUR_S = 3_600.0
#: How often silent households are looked for while a call waits for its turn.
_LOOKS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class CitizenServices:
    """What the web and the worker use to talk with citizens."""

    menus: CitizenMenus
    help_desk: HelpDesk
    known_places: KnownPlaces
    report_desk: ReportDesk
    #: Of the worker alone.
    focal_points: FocalPoints
    texts: CitizenTexts
    calls: CitizenCalls


@dataclass(frozen=True, slots=True)
class _Areas:
    """Reads the imported areas."""

    read_uow: Callable[[], UnitOfWork]

    def revision(self) -> int:
        with self.read_uow() as uow:
            return uow.areas.revision()

    def entries(self) -> Sequence[PlaceEntry]:
        with self.read_uow() as uow:
            return uow.citizens.places()


def build_citizens(
    settings: Settings,
    database: Database,
    clock: Clock,
    *,
    plan: PlanChoice,
    seals: Seals,
    codes: Callable[[], GeocodeLookup] | None = None,
) -> CitizenServices:
    """Put the services together; opens nothing yet."""
    catalogue = load_catalogue()
    writer = AnswerWriter(catalogue)
    places = CurrentPlaces(_Areas(database.read_only), now=clock.now)
    warnings = CurrentWarnings(now=clock.now, codes=codes)
    language = settings.default_language
    calls = CitizenCalls(
        writer=writer,
        places=places,
        default_language=language,
        notes_kept=timedelta(days=settings.voice_note_days),
    )
    doors = {
        "new_uow": database.unit_of_work,
        "read_uow": database.read_only,
    }
    return CitizenServices(
        focal_points=FocalPoints(
            new_uow=database.unit_of_work,
            read_uow=database.read_only,
            plan=plan,
            villages=CurrentVillages(database.read_only),
            writer=writer,
            now=clock.now,
            quiet=quiet_hours_of(settings),
        ),
        calls=calls,
        help_desk=HelpDesk(**doors, now=clock.now),
        known_places=KnownPlaces(places, read_uow=database.read_only),
        report_desk=ReportDesk(**doors, writer=writer, now=clock.now),
        menus=CitizenMenus(
            read_uow=database.read_only,
            catalogue=catalogue,
            calls=calls,
            places=places,
            warnings=warnings,
        ),
        texts=CitizenTexts(
            understand=understand,
            writer=writer,
            dialogue=Dialogue(
                writer=writer,
                places=places,
                warnings=warnings,
                default_language=language,
                is_answered_elsewhere=_is_volunteer,
                seal_of=seals.of,
            ),
            is_thanking=settings.thank_confirmations,
            default_language=language,
        ),
    )


def citizen_jobs(
    citizens: CitizenServices, settings: Settings, database: Database, clock: Clock
) -> Sequence[Job]:
    """What the worker does for citizens beside folding."""

    def forget() -> int:
        with database.unit_of_work() as uow:
            n = uow.citizens.forget_before(clock.now() - FORGOTTEN_AFTER)
            uow.commit()
        return n

    return [
        Job(name="forget conversations", every_s=_HOUR_S, run=forget),
        Job(
            name="tell focal points",
            every_s=settings.escalate_after_s / _LOOKS,
            run=citizens.focal_points.run_once,
        ),
    ]


def _is_volunteer(uow: UnitOfWork, phone: str) -> bool:
    """Whoever is called to emergencies hears of their STOP from that side."""
    return uow.responders.find_by_phone(phone) is not None
