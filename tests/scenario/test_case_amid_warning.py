"""A cardiac arrest while a warning is being sent: it waits for nobody.

``WARNED_PEOPLE=100000`` measures the case that the product is built for.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import create_services
from ops.wiring.services import Services
from responders.case import CaseId
from telephony.delivery import Channel, Content, ContentId, Lane, NewDelivery
from tests.scenario.installation import wait_for
from tests.scenario.test_cardiac_case import ADDRESS, LAT, LON, opened, register

N_PEOPLE = int(os.environ.get("WARNED_PEOPLE", "4000"))
PORTION = 2_000
FIRST_CALL_S, STAND_DOWN_S = 2.0, 10.0


def queue_warning(services: Services) -> None:
    """Texts and calls to thousands, in portions as a warning leaves them."""
    with services.database.unit_of_work() as uow:
        content = uow.outbox.add_content(
            Content(
                owner_ref="check:1",
                variant="warning",
                language="en",
                sms_text="Flood",
                script="case_news",
                variables={"message": "Flood"},
            )
        )
        uow.commit()
    for start in range(0, N_PEOPLE, PORTION):
        people = range(start, min(start + PORTION, N_PEOPLE))
        with services.database.unit_of_work() as uow:
            uow.outbox.enqueue(warnings_to(people, content, services.now()))
            uow.commit()


def warnings_to(
    people: Iterable[int], content: ContentId, now: datetime
) -> list[NewDelivery]:
    return [
        NewDelivery(
            owner_ref="check:1",
            recipient_id=n,
            phone=f"+8551240{n:05d}",
            channel=channel,
            content_id=content,
            lane=Lane.WARNING,
            position=n,
            not_before=now,
            deadline=now + timedelta(hours=1),
        )
        for n in people
        for channel in Channel
    ]


@pytest.mark.scenario
@pytest.mark.timed
@pytest.mark.enable_socket
def test_a_case_waits_for_no_warning(tmp_path: Path) -> None:
    """First call 2 s after the report, all stood down 10 s after a cancel."""
    with opened(tmp_path) as story:
        register(story)
        story.telco.force("*", call="no-answer", sms="delivered", ring_s=3)
        services = create_services(story.installation.settings)
        queue_warning(services)
        wait_for(lambda: story.telco.counters().get("messages", 1) > 0, timeout_s=20)
        case = story.ask(
            "POST",
            "/cases",
            {"lon": LON, "lat": LAT, "address": ADDRESS, "scene_safe": True},
        )
        first, _ = sending_span(services, f"case:{case['id']}", 1)
        # Everybody is asked once the texts of all have left.
        wait_for(lambda: len(story.offers(case["id"])) == 5, timeout_s=20)
        cancelled_at = services.now()
        story.ask("POST", f"/cases/{case['id']}/cancel", {"reason": "false alarm"})
        owner = f"case:{case['id']}/stand_down"
        _, last = sending_span(services, owner, len(story.offers(case["id"])))
        with services.database.read_only() as uow:
            stamps = uow.cases.get(CaseId(case["id"])).stamps
            waiting = uow.outbox.queued()
        services.close()
    assert waiting[Channel.SMS, Lane.WARNING] > 0
    assert waiting[Channel.VOICE, Lane.WARNING] > 0
    first_s = (first - stamps.opened_at).total_seconds()
    last_s = (last - cancelled_at).total_seconds()
    seen = f"first call after {first_s:.2f} s, all stood down after {last_s:.2f} s"
    print(f"{2 * N_PEOPLE:,} queued: {seen}")  # noqa: T201 - shown by the long form
    assert first_s <= FIRST_CALL_S
    assert last_s <= STAND_DOWN_S


def sending_span(
    services: Services, owner: str, n_people: int
) -> tuple[datetime, datetime]:
    """When the first and the last of an owner's messages were taken by the carrier."""

    def span_of_all() -> tuple[datetime, datetime] | None:
        with services.database.read_only() as uow:
            if uow.outbox.people_attempted(owner) < n_people:
                return None
            return uow.outbox.sending_span(owner)

    wait_for(lambda: span_of_all() is not None, timeout_s=30)
    span = span_of_all()
    assert span is not None
    return span
