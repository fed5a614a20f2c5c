"""From a fixed audience to rows that leave: chunk by chunk, each in its own commit.

Approval writes the audience as one array, in the commit that makes the alert live, so
nobody can be lost between the two. The rows are written from it afterwards, so that the
first message leaves before the last row exists, and a crash only means going on where
``n_planned`` stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from telephony.delivery import Channel, ContentId, NewDelivery
from warning.alert import AlertCase, AlertId, AlertState
from warning.messages import choose_language, contents_of, valid_until
from warning.ports import PersonRow, UnitOfWork
from warning.recipients import Audience, Exclusion, Recipient
from warning.subscribers import Status

#: Rows in the first chunk of an alert: small, so that the first message leaves at once.
FIRST_CHUNK = 500
#: Rows in every later chunk.
CHUNK = 5_000
#: How long an alert without an end is worth delivering.
DEFAULT_VALIDITY = timedelta(hours=24)


class AreaOf(Protocol):
    """Which administrative area people are counted under."""

    def __call__(self, ids: NDArray[np.int64]) -> list[str]:
        """Area code of each person, empty where none is known."""
        ...


@dataclass(slots=True)
class _Plan:
    """What stays the same for every chunk of one alert."""

    case: AlertCase
    audience: Audience
    #: Language of a text → its id.
    contents: Mapping[str, ContentId]
    country_language: str
    _chosen: dict[str, str] = field(default_factory=dict)

    def language_for(self, wanted: str) -> str:
        """The language in which somebody is told; asked a million times, so kept."""
        chosen = self._chosen.get(wanted)
        if chosen is None:
            chosen = self._chosen[wanted] = choose_language(
                wanted, list(self.contents), country_default=self.country_language
            )
        return chosen


class Planner:
    """Write out the audiences of live alerts.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    area_of : callable
        Which area people are counted under.
    country_language : str
        What people are told in whose own language an alert lacks.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        area_of: AreaOf,
        country_language: str,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._area_of = area_of
        self._country_language = country_language
        self._now = now
        self._plans: dict[AlertId, _Plan] = {}

    def run_once(self) -> int:
        """Write the next chunk of the oldest alert that needs it.

        Returns
        -------
        int
            Recipients written; 0 when every live audience is written out.
        """
        with self._new_uow() as uow:
            waiting = uow.alerts.unplanned()
            if not waiting:
                self._plans.clear()
                return 0
            n = self._write_chunk(uow, waiting[0])
            uow.commit()
        return n

    def _write_chunk(self, uow: UnitOfWork, alert_id: AlertId) -> int:
        # The state is read again in this transaction: a cancelled alert grows no more.
        case = uow.alerts.get_for_update(alert_id)
        if case.state is not AlertState.LIVE:
            return 0
        plan = self._plan(uow, case)
        start = uow.alerts.n_planned(alert_id)
        size = FIRST_CHUNK if start == 0 else CHUNK
        ids = plan.audience.subscriber_ids[start : start + size]
        people = uow.subscribers.rows(ids.tolist())
        recipients = self._recipients(plan, ids, people, start)
        uow.outbox.enqueue(self._deliveries(plan, recipients, people))
        uow.alerts.add_recipients(
            alert_id, recipients, n_planned=start + len(recipients)
        )
        return len(recipients)

    def _plan(self, uow: UnitOfWork, case: AlertCase) -> _Plan:
        plan = self._plans.get(case.alert_id)
        if plan is None:
            audience = uow.alerts.audience(case.alert_id)
            assert audience is not None, "a live alert has an audience"
            contents = {
                content.language: uow.outbox.add_content(content)
                for content in contents_of(case)
            }
            plan = _Plan(case, audience, contents, self._country_language)
            self._plans[case.alert_id] = plan
        return plan

    def _recipients(
        self,
        plan: _Plan,
        ids: NDArray[np.int64],
        people: Mapping[int, PersonRow],
        start: int,
    ) -> list[Recipient]:
        areas = self._area_of(ids)
        return [
            self._recipient(plan, subscriber_id, people, area, position)
            for position, (subscriber_id, area) in enumerate(
                zip(ids.tolist(), areas, strict=True), start
            )
        ]

    def _recipient(
        self,
        plan: _Plan,
        subscriber_id: int,
        people: Mapping[int, PersonRow],
        area: str,
        position: int,
    ) -> Recipient:
        person = people.get(subscriber_id)
        wanted = person.language if person else plan.country_language
        return Recipient(
            subscriber_id=subscriber_id,
            language=plan.language_for(wanted),
            area_code=area or None,
            channels=person.channels if person else Channel(0),
            vulnerable=person.vulnerable if person else False,
            position=position,
            excluded=exclusion_of(person, is_drill=plan.case.is_drill),
        )

    def _deliveries(
        self,
        plan: _Plan,
        recipients: Sequence[Recipient],
        people: Mapping[int, PersonRow],
    ) -> list[NewDelivery]:
        now = self._now()
        deadline = valid_until(plan.case) or now + DEFAULT_VALIDITY
        return [
            NewDelivery(
                owner_ref=plan.case.owner_ref,
                recipient_id=recipient.subscriber_id,
                phone=people[recipient.subscriber_id].phone,
                channel=first_channel(recipient.channels),
                content_id=plan.contents[recipient.language],
                lane=plan.case.lane,
                position=recipient.position,
                not_before=plan.audience.fixed_at,
                deadline=deadline,
            )
            for recipient in recipients
            if recipient.excluded is None
        ]


def first_channel(channels: Channel) -> Channel:
    """How a person is told first: by text if there is one, it wakes the least."""
    return Channel.SMS if Channel.SMS in channels else Channel.VOICE


def exclusion_of(person: PersonRow | None, *, is_drill: bool) -> Exclusion | None:
    """Why this person, as they are now, is not told; None if they are."""
    if person is None or person.status == Status.ERASED:
        return Exclusion.GONE
    if person.status == Status.OPTED_OUT:
        return Exclusion.OPTED_OUT
    if person.status == Status.RESTING:
        return Exclusion.RESTING
    if not person.channels:
        return Exclusion.NO_CHANNEL
    if is_drill and not person.in_drill_group:
        return Exclusion.NOT_IN_DRILL
    return None
