"""A text to a number of one's own, to see whether a message arrives."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from telephony.delivery import Channel, Content, Lane, NewDelivery
from telephony.numbers import mask

if TYPE_CHECKING:
    from ops.ports import UnitOfWork

OWNER_PREFIX = "test:"
#: A text that comes later proves nothing.
LASTS = timedelta(minutes=10)
#: Nobody registered is meant.
_NOBODY = 0


class TrialMessages:
    """Sends texts that are no warning.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    parse_phone : callable
        Text → E.164; raises ValueError with a sentence without the number.
    sender : str
        Who the text says it is from.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        parse_phone: Callable[[str], str],
        sender: str,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._parse_phone = parse_phone
        self._sender = sender
        self._now = now

    def send(self, number: str, *, by: str) -> str:
        """Hand a text over to the carriers, behind everything else; return its word.

        Raises
        ------
        ValueError
            If the number cannot be dialled.
        """
        phone, now = self._parse_phone(number), self._now()
        word = uuid.uuid4().hex[:6].upper()
        with self._new_uow() as uow:
            content_id = uow.outbox.add_content(
                Content(
                    owner_ref=f"{OWNER_PREFIX}{word}",
                    variant="test",
                    language="en",
                    sms_text=f"TEST {word} of {self._sender}. This is no warning.",
                    script="notice",
                    variables={},
                )
            )
            order = NewDelivery(
                owner_ref=f"{OWNER_PREFIX}{word}",
                recipient_id=_NOBODY,
                phone=phone,
                channel=Channel.SMS,
                content_id=content_id,
                lane=Lane.DRILL,
                position=0,
                not_before=now,
                deadline=now + LASTS,
            )
            uow.outbox.enqueue([order])
            uow.audit.append(
                at=now,
                actor=by,
                action="carrier.test",
                subject=f"{OWNER_PREFIX}{word}",
                details={"to": mask(phone)},
            )
            uow.commit()
        return word
