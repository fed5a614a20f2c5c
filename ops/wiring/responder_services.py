"""Everything about volunteers and cases, put together once for a process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ivr_scripts.catalogue import Catalogue
from ivr_scripts.keywords import Command
from responders.case_texts import CaseTexts
from responders.cases.aftercare import Aftercare, FollowUps
from responders.cases.answers import Answers
from responders.cases.board import CaseBoard
from responders.cases.call_in import VolunteerCalls
from responders.cases.caller import Caller
from responders.cases.decider import ChooseWave, Decider, People, Policies
from responders.cases.desk import CaseDesk
from responders.cases.directory import Directory
from responders.cases.engine import CaseEngine
from responders.cases.inbound import ResponderTexts
from responders.cases.listener import CaseListener
from responders.cases.waves_out import WaveSender
from responders.deciding.waves import decide_wave
from responders.duty.reachability import ReachabilityTests, ReachPolicy
from responders.duty.text_desk import Duty
from responders.duty.volunteers import Volunteers
from responders.learning.learning import Learning
from responders.ports import UnitOfWork
from telephony.sealing import Seals

NewUow = Callable[[], UnitOfWork]
FindPlace = Callable[[str], tuple[str, float, float] | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseServices:
    """What views, commands and the worker use of volunteers and cases."""

    desk: CaseDesk
    board: CaseBoard
    volunteers: Volunteers
    follow_ups: FollowUps
    reachability: ReachabilityTests
    #: Of the worker alone.
    engine: CaseEngine
    listener: CaseListener
    texts: ResponderTexts
    calls: VolunteerCalls
    learning: Learning
    #: Seals PINs that come by text and by key.
    seals: Seals


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseParts:
    """What the services are put together from."""

    new_uow: NewUow
    #: The same, but goes before whatever else the process writes.
    urgent_uow: NewUow
    read_uow: NewUow
    catalogue: Catalogue
    now: Callable[[], datetime]
    #: UTC → the clock on the wall of the country.
    local: Callable[[datetime], datetime]
    find_place: FindPlace
    parse_phone: Callable[[str], str]
    #: Text and language → what it asks for.
    understand: Callable[[str, str], Command]
    seals: Seals
    policies: Policies = field(default_factory=Policies)
    reach: ReachPolicy = field(default_factory=ReachPolicy)
    #: By default an index of the database.
    people: People | None = None
    choose: ChooseWave = decide_wave


def build_case_services(parts: CaseParts) -> CaseServices:
    """Put the services together; opens nothing yet."""
    texts = CaseTexts(parts.catalogue)
    caller = Caller(texts, parts.policies.home_pin)
    people = parts.people or Directory(parts.read_uow, local=parts.local)
    decider = Decider(
        people=people,
        policies=parts.policies,
        local=parts.local,
        choose=parts.choose,
    )
    answers = Answers(decider, caller)
    aftercare = Aftercare(caller)
    duty = Duty(texts, parts.find_place, parts.local)
    both = {"new_uow": parts.new_uow, "read_uow": parts.read_uow}
    return CaseServices(
        desk=CaseDesk(new_uow=parts.urgent_uow, answers=answers, now=parts.now),
        board=CaseBoard(parts.read_uow),
        volunteers=Volunteers(
            **both,
            duty=duty,
            parse_phone=parts.parse_phone,
            seal=parts.seals.of,
            now=parts.now,
        ),
        follow_ups=FollowUps(**both, now=parts.now),
        reachability=ReachabilityTests(
            **both,
            texts=texts,
            local=parts.local,
            now=parts.now,
            policy=parts.reach,
        ),
        seals=parts.seals,
        learning=Learning(**both, local=parts.local, now=parts.now),
        calls=VolunteerCalls(
            read_uow=parts.read_uow, answers=answers, duty=duty, now=parts.now
        ),
        engine=CaseEngine(
            new_uow=parts.urgent_uow,
            read_uow=parts.read_uow,
            decider=decider,
            answers=answers,
            waves=WaveSender(decider, caller),
            after=aftercare.look_at,
            now=parts.now,
        ),
        listener=CaseListener(answers, now=parts.now),
        texts=ResponderTexts(parts.understand, answers, duty, aftercare),
    )
