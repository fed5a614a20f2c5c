"""Rows of a warning that is over, for the console to look at, without sending it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

from bench.dispatch.own import text_of
from bench.planning import an_alert
from ops.wiring.services import Services
from telephony.delivery import DeliveryState
from warning.alert import owner_ref
from warning.cap_documents import cap_xml
from warning.recipients import RecipientState

_PEOPLE = """
INSERT INTO recipients (alert, subscriber_id, language, area_code, channels, vulnerable,
                        position, state)
SELECT ?, id, language, printf('%02d', id % ?), 3, vulnerable, id, ? FROM subscribers
"""
_DELIVERIES = """
INSERT INTO deliveries (owner_id, recipient_id, channel, content_id, lane, position,
                        not_before, deadline, state, state_at, n_attempts, n_sent,
                        sent_at, is_followed, phone)
SELECT ?, id, 1, ?, 2, id, created_at, created_at, ?, created_at, 1, 1, created_at, 0,
       phone
  FROM subscribers
"""


def have_told(services: Services, n_people: int, *, n_areas: int = 25) -> None:
    """A live alert that everybody has confirmed, written down without sending it."""
    document = cap_xml.write(replace(an_alert(), identifier="bench-done"))
    case = services.intake.draft_from_cap(document, by="anna")
    services.alerts.submit(case.alert_id, by="anna")
    services.alerts.approve(case.alert_id, by="boran", accept_fallback=True)
    with services.database.unit_of_work() as uow:
        content_id = uow.outbox.add_content(text_of(owner_ref(case.alert_id)))
        uow.alerts.add_recipients(case.alert_id, [], n_planned=n_people)
        uow.commit()
    url = services.settings.database_url.get_secret_value()
    file = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, timeout=60)) as rows:
        wanted = "SELECT id FROM alerts WHERE alert_id = ?"
        (alert,) = rows.execute(wanted, [case.alert_id]).fetchone()
        wanted = "SELECT owner_id FROM contents WHERE id = ?"
        (owner,) = rows.execute(wanted, [content_id]).fetchone()
        rows.execute(_PEOPLE, [alert, n_areas, int(RecipientState.CONFIRMED)])
        rows.execute(_DELIVERIES, [owner, content_id, int(DeliveryState.CONFIRMED)])
        rows.commit()
    with services.database.unit_of_work() as uow:
        uow.tallies.mend(case.alert_id)
        uow.commit()
