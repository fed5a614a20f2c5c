"""A part of an audience, from ids to the rows that are written for it.

All but the ids of its texts is worked out while others may write. Whoever says STOP
meanwhile must not be sent anything, so a chunk remembers which state of the people it
shows and is made anew if that has passed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from telephony.delivery import Channel, ContentId, NewDelivery
from warning.people.subscribers import Status
from warning.recipients import Exclusion, Recipient, Variant

if TYPE_CHECKING:
    from warning.audience.alert_plan import AlertPlan
    from warning.ports import PersonRow, UnitOfWork


class AreaOf(Protocol):
    """Which administrative area people are counted under."""

    def __call__(self, ids: NDArray[np.int64]) -> list[str]:
        """Area code of each person, empty where none is known."""
        ...


@dataclass(frozen=True, slots=True)
class AudienceChunk:
    """The people who are written out next, as they were at one moment."""

    #: Where in the audience it begins.
    start: int
    #: Revision of the people it shows.
    revision: int
    people: Mapping[int, PersonRow]
    recipients: Sequence[Recipient]

    def is_current(self, uow: UnitOfWork, n_planned: int) -> bool:
        """Whether it is still the next one, of people as they are now."""
        return self.start == n_planned and self.revision == uow.subscribers.revision()


def chunk_of(
    uow: UnitOfWork, plan: AlertPlan, start: int, size: int, area_of: AreaOf
) -> AudienceChunk:
    """Read a part of an audience, and decide for each person what they are told.

    Parameters
    ----------
    uow : UnitOfWork
        Is only read.
    plan : AlertPlan
    start, size : int
        Which part of its audience; fewer at the end.
    area_of : callable
        Which area people are counted under.
    """
    # Before the people: whoever changes in between makes the chunk anew for nothing.
    revision = uow.subscribers.revision()
    ids = plan.audience.subscriber_ids[start : start + size]
    people = uow.subscribers.rows(ids.tolist())
    recipients = [
        _recipient(plan, subscriber_id, people.get(subscriber_id), area, position)
        for position, (subscriber_id, area) in enumerate(
            zip(ids.tolist(), area_of(ids), strict=True), start
        )
    ]
    return AudienceChunk(start, revision, people, recipients)


def _recipient(
    plan: AlertPlan,
    subscriber_id: int,
    person: PersonRow | None,
    area: str,
    position: int,
) -> Recipient:
    variant, wanted = plan.variant_at(position), person.language if person else ""
    excluded = exclusion_of(person, is_drill=plan.case.is_drill)
    if excluded is None and variant is None:
        excluded = Exclusion.ALREADY_TOLD
    variant = variant or Variant.WARNING
    return Recipient(
        subscriber_id=subscriber_id,
        language=plan.language_for(variant, position, wanted),
        area_code=area or None,
        channels=person.usable if person else Channel(0),
        vulnerable=person.vulnerable if person else False,
        position=position,
        excluded=excluded,
        variant=variant,
    )


def deliveries_of(
    uow: UnitOfWork, plan: AlertPlan, chunk: AudienceChunk
) -> list[NewDelivery]:
    """What is queued for a chunk; its texts are stored where they are not yet."""
    ids: dict[int, ContentId] = {}
    deliveries = []
    owner_ref, lane = plan.case.owner_ref, plan.case.lane
    extended_until, not_before = plan.case.extended_until, plan.not_before
    for recipient in chunk.recipients:
        if recipient.excluded is not None:
            continue
        position = recipient.position
        message = plan.message(recipient.variant, position, recipient.language)
        content_id = ids.get(id(message))
        if content_id is None:
            content_id = ids[id(message)] = uow.outbox.add_content(message.content)
        person = chunk.people[recipient.subscriber_id]
        deliveries.append(
            NewDelivery(
                owner_ref=owner_ref,
                recipient_id=recipient.subscriber_id,
                phone=person.phone,
                channel=plan.first_channel(
                    position,
                    recipient.channels,
                    is_voice_first=person.is_voice_first,
                ),
                content_id=content_id,
                lane=lane,
                position=position,
                not_before=not_before,
                deadline=extended_until or message.valid_until,
            )
        )
    return deliveries


def exclusion_of(person: PersonRow | None, *, is_drill: bool) -> Exclusion | None:
    """Why this person, as they are now, is not told; None if they are."""
    if person is None or person.status == Status.ERASED:
        return Exclusion.GONE
    if person.status == Status.OPTED_OUT:
        return Exclusion.OPTED_OUT
    if person.status == Status.RESTING:
        return Exclusion.RESTING
    if not person.usable:
        return Exclusion.RESTING if person.channels else Exclusion.NO_CHANNEL
    if is_drill and not person.in_drill_group:
        return Exclusion.NOT_IN_DRILL
    return None
