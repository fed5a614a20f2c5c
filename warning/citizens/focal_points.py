"""After the last step: the focal points of a village get its silent households.

Whoever was tried in every way and has not confirmed is put on one list, once. A focal
point hears as soon as the first of the village have been silent long enough, and then,
after as long again, of whoever has come to be silent meanwhile.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from telephony.delivery import Channel, Content, NewDelivery
from warning.alert import AlertCase, AlertId, AlertState, lists_ref
from warning.citizens.citizen_answers import TEXT_ONLY, AnswerWriter
from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.current_warnings import info_in
from warning.citizens.silent_list import households, in_parts
from warning.citizens.silent_people import FocalPoint, SilentPerson
from warning.citizens.villages import Villages
from warning.escalation.escalation_steps import (
    EscalationPlan,
    FocalPointStep,
    PlanChoice,
)
from warning.schedule import NO_QUIET, QuietHours, may_disturb_at
from warning.texts.messages import drill_prefix
from warning.validity import valid_until

log = logging.getLogger(__name__)

T = TypeVar("T", SilentPerson, FocalPoint)

#: People looked up at once.
SEARCH = 5_000
#: A list is for now: tomorrow's helpers ask the operator.
_HOLDS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _List:
    """The silent of one village, and who is to hear of them."""

    case: AlertCase
    step: FocalPointStep
    #: Code of its area.
    village: str
    helpers: Sequence[FocalPoint]
    people: Sequence[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class FocalPoints:
    """Sends lists of silent households.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    plan : PlanChoice
        When, and whether with telephone numbers.
    villages : callable
        The map of this moment.
    writer : AnswerWriter
        Has the words.
    now : callable
        Aware UTC.
    quiet : QuietHours, optional
        When nobody is written to because of something minor.
    """

    new_uow: Callable[[], UnitOfWork]
    read_uow: Callable[[], UnitOfWork]
    plan: PlanChoice
    villages: Callable[[], Villages]
    writer: AnswerWriter
    now: Callable[[], datetime]
    quiet: QuietHours = NO_QUIET

    def run_once(self) -> int:
        """Queue the lists that are due; return how many texts.

        An alert whose lists cannot be written does not hold up the others.
        """
        with self.read_uow() as uow:
            live = uow.alerts.all(states=[AlertState.LIVE])
        return sum(self._try_lists(case) for case in live)

    def _try_lists(self, case: AlertCase) -> int:
        plan = self.plan.of(case)
        if plan.focal_points is None or not self._may_tell(case):
            return 0
        try:
            return self._lists(case, plan, plan.focal_points)
        except Exception:
            log.exception("no list of households", extra={"alert": case.alert_id})
            return 0

    def _lists(
        self, case: AlertCase, plan: EscalationPlan, step: FocalPointStep
    ) -> int:
        """One list for each village that is due."""
        before = self.now() - step.after
        due = partial(
            _due, case.alert_id, last_call=plan.last_call, silent_before=before
        )
        with self.read_uow() as uow:
            people = due(uow)
            if not people:
                return 0
            helpers = uow.silent_people.focal_points()
            told = uow.silent_people.lists_before(case.alert_id, _ids(helpers))
        lately = {person for person, lists in told.items() if lists.last_at > before}
        villages = self.villages()
        by_village = _by_village(
            [one for one in helpers if case.is_drill <= one.in_drill_group], villages
        )
        n = 0
        for code, silent in _by_village(people, villages).items():
            found = _nearest(by_village, villages, code)
            if lately.isdisjoint(_ids(found)):
                n += self._list(_List(case, step, code, found, _ids(silent)), due)
        return n

    def _list(self, wanted: _List, due: Callable[..., Sequence[SilentPerson]]) -> int:
        """Write one list, of whoever is still silent, in one transaction."""
        with self.new_uow() as uow:
            case = uow.alerts.get_for_update(wanted.case.alert_id)
            if not self._may_tell(case):
                return 0
            people = due(uow, among=wanted.people)
            texts = [
                text
                for helper in wanted.helpers
                for text in self._texts(uow, wanted, helper, people)
            ]
            uow.outbox.enqueue(texts)
            uow.silent_people.note_listed(case.alert_id, _ids(people))
            self._note(uow, wanted, n_people=len(people))
            uow.commit()
        return len(texts)

    def _texts(
        self,
        uow: UnitOfWork,
        wanted: _List,
        to: FocalPoint,
        people: Sequence[SilentPerson],
    ) -> list[NewDelivery]:
        """One list in the words of one focal point, in parts."""
        case, person = wanted.case, to.subscriber_id
        owner, now = lists_ref(case.alert_id), self.now()
        known = uow.silent_people.lists_before(case.alert_id, [person])
        n_before = known[person].n if known else 0
        deadline = min(valid_until(case), now + _HOLDS)
        return [
            NewDelivery(
                owner_ref=owner,
                recipient_id=person,
                phone=to.phone,
                channel=Channel.SMS,
                content_id=uow.outbox.add_content(_content(owner, to, number, text)),
                lane=case.lane,
                position=number,
                not_before=now,
                deadline=deadline,
                round=number,
            )
            for number, text in enumerate(
                self._words(wanted, to.language, people), n_before + 1
            )
        ]

    def _words(
        self, wanted: _List, language: str, people: Sequence[SilentPerson]
    ) -> list[str]:
        words = partial(self.writer.words, language)
        tells_phones = wanted.step.tells_phones
        parts = in_parts(households(people, words, tells_phones=tells_phones))
        values = {
            "event": info_in(wanted.case, language).event,
            "place": self.villages().name(wanted.village, language),
            "parts": str(len(parts)),
        }
        prefix = drill_prefix(wanted.case.cap.status, language)
        return [
            prefix + words("silent_list", part=str(n), households=part, **values)
            for n, part in enumerate(parts, 1)
        ]

    def _may_tell(self, case: AlertCase) -> bool:
        """Whether the alert goes on, and its end is not what it tells."""
        now, until = self.now(), valid_until(case)
        if case.state is not AlertState.LIVE or case.is_paused or now >= until:
            return False
        if case.kind.is_closing:
            return False
        severities = {info.severity for info in case.cap.infos}
        return may_disturb_at(severities, now, until=until, quiet=self.quiet) == now

    def _note(self, uow: UnitOfWork, wanted: _List, *, n_people: int) -> None:
        """That there is a list, and whether anybody was there to get it."""
        if n_people:
            uow.audit.append(
                at=self.now(),
                actor="system",
                action="alert.silent_list",
                subject=wanted.case.owner_ref,
                details={
                    "area": wanted.village,
                    "people": n_people,
                    "focal_points": len(wanted.helpers),
                },
            )


def _content(owner_ref: str, to: FocalPoint, number: int, text: str) -> Content:
    return Content(
        owner_ref=owner_ref,
        variant=f"{to.subscriber_id}.{number}",
        language=to.language,
        sms_text=text,
        script=TEXT_ONLY,
        variables={"message": text},
    )


def _due(
    alert_id: AlertId,
    uow: UnitOfWork,
    *,
    last_call: int | None,
    silent_before: datetime,
    among: Sequence[int] | None = None,
) -> Sequence[SilentPerson]:
    return uow.silent_people.due(
        alert_id,
        last_call=last_call,
        silent_before=silent_before,
        limit=SEARCH,
        among=among,
    )


def _by_village(people: Sequence[T], villages: Villages) -> dict[str, list[T]]:
    grouped: dict[str, list[T]] = defaultdict(list)
    for one in people:
        grouped[villages.at(one.where)].append(one)
    return grouped


def _nearest(
    by_village: Mapping[str, Sequence[FocalPoint]], villages: Villages, village: str
) -> Sequence[FocalPoint]:
    """Focal points of a village, else of the smallest area around it that has any."""
    for area in villages.around(village):
        found = [
            one
            for code, helpers in by_village.items()
            if area in villages.around(code)
            for one in helpers
        ]
        if found:
            return found
    return []


def _ids(people: Sequence[T]) -> list[int]:
    return [one.subscriber_id for one in people]
