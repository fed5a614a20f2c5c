"""What somebody was told, told once more: the same words, and no later."""

from __future__ import annotations

from datetime import datetime

from telephony.delivery import Channel, NewDelivery
from warning.alert import AlertCase
from warning.recipients import Told


def told_again(
    case: AlertCase, told: Told, channel: Channel, *, number: int, now: datetime
) -> NewDelivery:
    """The delivery by which somebody is told the same.

    Parameters
    ----------
    number : int
        Of the round; below 0 of a second step.
    now : datetime
        From when on it may leave. Aware UTC.
    """
    return NewDelivery(
        owner_ref=case.owner_ref,
        recipient_id=told.subscriber_id,
        phone=told.phone,
        channel=channel,
        content_id=told.content_id,
        lane=case.lane,
        position=told.position,
        not_before=now,
        deadline=told.deadline,
        round=number,
    )
