"""One message to the phone of somebody who works here and waits for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from telephony.delivery import Channel, Content, Lane, NewDelivery
from telephony.ports import Outbox

#: They sit at the phone now: what comes later is not waited for any more.
LASTS = timedelta(minutes=10)
#: Nobody registered is meant.
_NOBODY = 0
#: What has waited longest leaves first, and no alert waits for so long.
_AHEAD = timedelta(days=1)


def queue_to_own_phone(
    outbox: Outbox,
    content: Content,
    phone: str,
    *,
    channel: Channel,
    lane: Lane,
    now: datetime,
    is_ahead: bool = False,
) -> None:
    """Queue one text or call to a number that is nobody's in the register.

    Parameters
    ----------
    phone : str
        E.164.
    now : datetime
        Aware UTC.
    is_ahead : bool
        Whether it goes before whatever large alert is queued in its lane.
    """
    order = NewDelivery(
        owner_ref=content.owner_ref,
        recipient_id=_NOBODY,
        phone=phone,
        channel=channel,
        content_id=outbox.add_content(content),
        lane=lane,
        position=0,
        not_before=now - _AHEAD if is_ahead else now,
        deadline=now + LASTS,
    )
    outbox.enqueue([order])
