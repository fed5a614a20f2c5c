"""What the services of volunteers and cases are put together from, by the settings."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

from ivr_scripts.catalogue import load_catalogue
from ivr_scripts.keywords import Command, Keywords
from ops.config.secret_key import secret_key
from ops.scheduler import Job
from ops.wiring.responder_services import (
    CaseParts,
    CaseServices,
    FindPlace,
    build_case_services,
)
from responders.cases.aftercare import POSITIONS_KEPT
from responders.cases.decider import Policies
from responders.deciding.ranking import RankingPolicy
from responders.deciding.waves import WavePolicy
from responders.duty.reachability import ReachPolicy
from responders.roster.hours import Hours
from telephony.numbers import parse_number
from telephony.precedence import Precedence
from telephony.sealing import Seals

if TYPE_CHECKING:
    from ops.clock import Clock
    from ops.config.settings import Settings
    from ops.ports import Database, UnitOfWork

_MINUTE_S, _HOUR_S = 60.0, 3_600.0


def build_cases(settings: Settings, database: Database, clock: Clock) -> CaseServices:
    """Put volunteers and cases together; opens nothing yet."""
    zone = settings.zone
    return build_case_services(
        CaseParts(
            new_uow=database.unit_of_work,
            urgent_uow=partial(database.unit_of_work, Precedence.URGENT),
            read_uow=database.read_only,
            catalogue=load_catalogue(),
            now=clock.now,
            local=lambda at: at.astimezone(zone) if zone is not None else at,
            find_place=place_finder(database.read_only),
            parse_phone=parse_number,
            understand=understand,
            seals=Seals(lambda: secret_key(settings)),
            policies=Policies(
                waves=wave_policy(settings), home_pin=settings.home_address_pin
            ),
            reach=ReachPolicy(
                every_days=settings.reachability_days,
                hours=Hours.parse(settings.reachability_hours),
            ),
        )
    )


def understand(text: str, language: str) -> Command:
    """What a text asks for, in the words of every language."""
    return keywords().parse(text, language)


@cache
def keywords() -> Keywords:
    """Made when the first text comes; only the worker reads any."""
    return Keywords(load_catalogue().texts)


def wave_policy(settings: Settings) -> WavePolicy:
    """Waves at the pace of the carriers that place calls."""
    calls_per_s = sum(
        carrier.calls_per_s
        for carrier in settings.carriers.values()
        if carrier.voice_from is not None
    )
    pace = calls_per_s or math.inf
    return WavePolicy(ranking=RankingPolicy(calls_per_s=pace))


def place_finder(read_uow: Callable[[], UnitOfWork]) -> FindPlace:
    """Find administrative areas by code or name, for volunteers who move about."""

    def find(name: str) -> tuple[str, float, float] | None:
        wanted = name.strip().casefold()
        with read_uow() as uow:
            areas = uow.areas.all()
        # The smallest of one name: whoever says it means the town, not the province.
        for area in sorted(areas, key=lambda area: -area.level):
            names = {area.code, area.name, *area.names.values()}
            if wanted in {one.casefold() for one in names}:
                point = area.geometry.representative_point()
                return area.name, float(point.x), float(point.y)
        return None

    return find


def case_jobs(cases: CaseServices) -> Sequence[Job]:
    """What the worker does for cases and volunteers."""
    return [
        Job(name="follow volunteers", every_s=2, run=cases.engine.follow),
        Job(name="run cases", every_s=0.1, run=cases.engine.run_once),
        Job(
            name="forget check-ins",
            every_s=_HOUR_S,
            run=lambda: cases.volunteers.forget_check_ins(older_than=POSITIONS_KEPT),
        ),
        Job(
            name="test volunteers",
            every_s=_MINUTE_S,
            run=cases.reachability.run_once,
        ),
        Job(name="learn of answers", every_s=_HOUR_S / 4, run=cases.learning.run_once),
        Job(
            name="remind of credentials",
            every_s=6 * _HOUR_S,
            run=cases.volunteers.remind,
        ),
    ]
