"""The people of random histories, and how they are found and chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

from responders.cases.decider import Policies
from responders.deciding.facts import Candidates, CaseFacts, Skill
from responders.deciding.ranking import Choice
from responders.deciding.waves import Notice, Progress, Stop, WaveDecision, WavePolicy
from responders.roster.hours import Hours
from responders.roster.pins import Pin
from responders.roster.skills import Credential
from responders.roster.volunteer import Availability, Standing
from tests.fakes.case_world import (
    SEALS,
    START,
    CaseWorld,
    EverybodyNear,
    a_person,
    an_aed,
    phone,
)
from tests.fakes.responders import FakeCaseStore

#: Small waves, so that few people make long histories.
SMALL = Policies(
    waves=WavePolicy(first_least=2, first_most=3, most_in_all=6), home_pin=True
)
#: Who has a PIN; the others of those who may be asked have none.
WITH_PIN = frozenset({1, 3})
RIGHT, WRONG = "4821", ("1111", "2222", "3333", "7777")
N_PEOPLE = 9
NEW_ADDRESS = "Marktplein 3"
#: Those who may never be asked, and why.
EXPIRED, OPTED_OUT, QUIET, PAUSED, UNVERIFIED, EXCLUDED = range(4, 10)
NEVER = frozenset({EXPIRED, OPTED_OUT, QUIET, PAUSED, UNVERIFIED, EXCLUDED})


def population() -> list[Any]:
    """Three who may be asked, and one of each kind that may not."""
    over = Credential(
        skill=Skill.CPR, valid_until=START - timedelta(days=1), verified_at=START
    )
    night = Availability(quiet=Hours.parse("00:00-23:59"))
    away = Availability(paused_until=START + timedelta(days=9))
    changes: dict[int, dict[str, object]] = {
        EXPIRED: {"credentials": (over,)},
        OPTED_OUT: {"standing": Standing.OPTED_OUT},
        QUIET: {"availability": night},
        PAUSED: {"availability": away},
        UNVERIFIED: {"number_verified_at": None},
    }
    for n in WITH_PIN:
        changes[n] = {"pin": Pin(seal=SEALS.of(phone(n), RIGHT))}
    return [a_person(n, 80.0 * n, **changes.get(n, {})) for n in range(1, N_PEOPLE + 1)]


class FoundOnce:
    """Finds people by what was true at the beginning: an index that is behind.

    Whoever may not be asked is caught by the rule itself, or not at all: not even the
    bars that the index knows keep anybody from being chosen.
    """

    def __init__(self, _read_uow: Any) -> None:
        pass

    def rehearse(self) -> None:
        pass

    def refresh(self, *, wait: bool = True) -> int:
        return 0

    def near(
        self, lon: float, lat: float, *, within_m: float, now: datetime
    ) -> Candidates:
        del within_m, now
        return found_at(lon, lat)


@cache
def found_at(lon: float, lat: float) -> Candidates:
    """Everybody, as seen from a place."""
    everybody = EverybodyNear(beginning().unit_of_work)
    everybody.refresh()
    found = everybody.near(lon, lat, within_m=5_000, now=START)
    return replace(found, bars=np.zeros_like(found.bars))


@cache
def beginning() -> FakeCaseStore:
    """The store before anything has happened; every history begins with a copy."""
    store = FakeCaseStore()
    world = CaseWorld(store.unit_of_work)
    world.people(*population())
    world.aeds(an_aed(1, 120.0), an_aed(2, 240.0))
    return store


def the_nearest(
    case: CaseFacts,
    candidates: Candidates,
    progress: Progress,
    *,
    policy: WavePolicy,
    seed: int,
) -> WaveDecision:
    """A decision in microseconds: what is under test is what becomes of it."""
    del case, seed
    room = policy.most_in_all - progress.n_asked
    missing = 2 - len(progress.promises) - len(progress.silent)
    wanted = policy.first_most if progress.n_asked == 0 else missing
    free = np.flatnonzero(candidates.bars == 0)[: max(0, min(wanted, room))]
    choices = tuple(
        Choice(int(candidates.ids[row]), 0.5 * turn, 0.35, 60.0, 0.01, 0.01, 1.0)
        for turn, row in enumerate(free)
    )
    late = progress.since_trigger_s >= policy.tell_after_s and not progress.promises
    return WaveDecision(
        choices,
        None if choices else Stop.EXPECTED,
        1.0,
        wanted,
        1_000.0,
        Notice.NO_YES if late else None,
        policy.top_up_s,
    )
