"""Who may be asked now: every rule, each a bit, so that a decision can be explained.

The rule for one person is the truth; the index of candidates (`directory`) filters
by the same rules ahead of it, over columns, and may be seconds behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from responders.deciding.facts import Bar, Skill
from responders.roster.skills import NO_SKILL, TRAINED, valid_skills
from responders.roster.volunteer import Responder, Standing

NO_BAR = Bar(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What a person is asked to do elsewhere."""

    #: On another open case, or asked by it.
    is_busy: bool = False
    #: Asked for this case before.
    is_asked: bool = False
    alerts_30d: int = 0


IDLE = Load()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Whom a case asks for."""

    #: One of these must be proved now.
    skills: Skill = TRAINED
    #: Only proofs that the organisation has seen: private homes.
    only_verified: bool = False
    #: People named by the dispatcher, e.g. the caller.
    excluded: frozenset[str] = frozenset()


def bars_to(
    person: Responder,
    load: Load,
    wanted: Wanted,
    *,
    now: datetime,
    local: datetime,
) -> Bar:
    """Every reason why somebody is not to be asked now; none if they may be.

    Parameters
    ----------
    person : Responder
        As stored.
    load : Load
        What else they are asked to do.
    wanted : Wanted
        Whom the case asks for.
    now : datetime
        Aware UTC.
    local : datetime
        The same moment where the person lives.
    """
    skills = skills_of(person, now)
    bars = NO_BAR
    for is_barred, bar in (
        (not _is_opted_in(person), Bar.NOT_OPTED_IN),
        (skills == NO_SKILL, Bar.CREDENTIAL),
        (person.availability.is_quiet(local), Bar.QUIET),
        (load.is_busy, Bar.BUSY),
        (load.is_asked, Bar.ALREADY_ASKED),
        (not person.has_verified_number(now), Bar.UNVERIFIED_NUMBER),
        (load.alerts_30d >= person.max_alerts_30d, Bar.FATIGUE_CAP),
        (person.phone in wanted.excluded, Bar.EXCLUDED),
        (person.availability.is_paused(now), Bar.PAUSED),
        (not skills & wanted.skills, Bar.SKILL),
        (
            wanted.only_verified and not skills & Skill.VERIFIED,
            Bar.PRIVATE_HOME,
        ),
    ):
        if is_barred:
            bars |= bar
    return bars


def skills_of(person: Responder, now: datetime) -> Skill:
    """What somebody can do now; everybody active can help."""
    skills = valid_skills(person.credentials, now)
    declared_helper = any(one.skill == Skill.HELPER for one in person.credentials)
    return skills | (Skill.HELPER if declared_helper else NO_SKILL)


def bar_words(bars: Bar) -> list[str]:
    """The words of reasons, e.g. ``quiet``, in the order of their bits."""
    return [(bar.name or "").lower() for bar in Bar if bar & bars]


def _is_opted_in(person: Responder) -> bool:
    return person.standing is Standing.ACTIVE and person.consent is not None
