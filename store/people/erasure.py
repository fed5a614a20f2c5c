"""Forgetting a person: every table that knows the number or the name.

The row itself stays, empty, so that old reports still add up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, delete, func, or_, select, update

from store.dispatch.owners import Owners
from store.dispatch.withdrawals import withdraw
from store.tables.carrier_events import carrier_events
from store.tables.citizens import (
    citizen_reports,
    conversations,
    help_requests,
    voice_notes,
)
from store.tables.deliveries import contents, deliveries, owners
from store.tables.people import places, subscribers
from store.tables.telephone_faults import strikes
from telephony.delivery import LIST_PREFIX, Channel, DeliveryState
from warning.people.subscribers import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

#: What stands on a list where somebody was forgotten.
FORGOTTEN = "…"
#: While a request is under way the number is needed to find out what became of it.
_UNDER_WAY = (int(DeliveryState.SENDING), int(DeliveryState.UNKNOWN))


def erase(connection: Connection, subscriber_id: int, *, now: datetime) -> bool:
    """Remove a person's data; False when there is no such person.

    What is queued for the number is withdrawn. A number stays in the deliveries whose
    request is under way at this moment, and nowhere else.
    """
    person = connection.execute(
        select(subscribers.c.phone, subscribers.c.name).where(
            subscribers.c.id == subscriber_id
        )
    ).first()
    if person is None or person.phone is None:
        return False
    phone = person.phone
    connection.execute(
        update(subscribers)
        .where(subscribers.c.id == subscriber_id)
        .values(
            phone=None,
            name=None,
            groups=[],
            in_drill_group=False,
            is_voice_first=False,
            is_focal_point=False,
            channels=int(Channel(0)),
            vulnerable=False,
            consent_at=None,
            status=Status.ERASED.value,
            status_at=now,
            updated_at=now,
        )
    )
    connection.execute(delete(places).where(places.c.subscriber_id == subscriber_id))
    connection.execute(delete(strikes).where(strikes.c.subscriber_id == subscriber_id))
    _forget_number(connection, phone, now)
    _forget_on_lists(connection, [word for word in (person.name, phone) if word])
    return True


def _forget_number(connection: Connection, phone: str, now: datetime) -> None:
    withdraw(
        connection,
        Owners(connection),
        deliveries.c.phone == phone,
        deliveries.c.state == int(DeliveryState.QUEUED),
        now=now,
    )
    connection.execute(
        update(deliveries)
        .where(deliveries.c.phone == phone, deliveries.c.state.not_in(_UNDER_WAY))
        .values(phone="")
    )
    connection.execute(delete(conversations).where(conversations.c.phone == phone))
    _forget_voice(connection, phone, now)
    for told in (help_requests, citizen_reports):
        # That it was reported stays, and where; by whom, and in what words, does not.
        connection.execute(
            update(told).where(told.c.phone == phone).values(phone="", words="")
        )
    # Reads every callback; rare, and there is no index over their text.
    form = cast(carrier_events.c.form, Text)
    connection.execute(
        update(carrier_events)
        .where(form.contains(phone, autoescape=True))
        .values(form=func.replace(form, phone, ""))
    )


def _forget_on_lists(connection: Connection, words: Sequence[str]) -> None:
    """Take a name and a number out of the lists that focal points were sent."""
    rows = connection.execute(
        select(contents.c.id, contents.c.sms_text, contents.c.variables)
        .join(owners, owners.c.id == contents.c.owner_id)
        .where(
            owners.c.owner_ref.startswith(LIST_PREFIX, autoescape=True),
            or_(
                *(contents.c.sms_text.contains(word, autoescape=True) for word in words)
            ),
        )
    ).all()
    # Whole words: who was called An is not to be taken out of Anna.
    gone = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words))
    for row in rows:
        connection.execute(
            update(contents)
            .where(contents.c.id == row.id)
            .values(
                sms_text=gone.sub(FORGOTTEN, row.sms_text),
                variables={
                    key: gone.sub(FORGOTTEN, text)
                    for key, text in row.variables.items()
                },
            )
        )


def _forget_voice(connection: Connection, phone: str, now: datetime) -> None:
    """Have what the person said forgotten now: the files are not the database's."""
    subjects = [
        f"{kind}:{number}"
        for kind, told in (("help", help_requests), ("report", citizen_reports))
        for number in connection.scalars(select(told.c.id).where(told.c.phone == phone))
    ]
    connection.execute(
        update(voice_notes)
        .where(voice_notes.c.subject.in_(subjects))
        .values(forget_at=now, next_at=None)
    )
