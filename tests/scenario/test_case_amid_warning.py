"""A cardiac arrest while a warning is being sent: it waits for nobody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app import create_services
from ops.services import Services
from responders.case import CaseId
from telephony.delivery import Channel, Content, Lane, NewDelivery
from tests.scenario.installation import wait_for
from tests.scenario.test_cardiac_case import ADDRESS, LAT, LON, opened, register

N_PEOPLE = 4_000


def queue_warning(services: Services) -> None:
    """Texts and calls to thousands, as a warning leaves them."""
    now = services.now()
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
        uow.outbox.enqueue(
            [
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
                for n in range(N_PEOPLE)
                for channel in Channel
            ]
        )
        uow.commit()


@pytest.mark.scenario
@pytest.mark.enable_socket
def test_the_first_call_starts_within_two_seconds(tmp_path: Path) -> None:
    """From the report to the carrier's word, with a full queue of both channels."""
    with opened(tmp_path) as story:
        register(story)
        services = create_services(story.installation.settings)
        queue_warning(services)
        wait_for(lambda: story.telco.counters().get("messages", 1) > 0, timeout_s=20)
        case = story.ask(
            "POST",
            "/cases",
            {"lon": LON, "lat": LAT, "address": ADDRESS, "scene_safe": True},
        )
        owner = f"case:{case['id']}"

        def has_begun() -> bool:
            with services.database.read_only() as uow:
                return uow.outbox.sending_span(owner) is not None

        wait_for(has_begun, timeout_s=30)
        with services.database.read_only() as uow:
            span = uow.outbox.sending_span(owner)
            stamps = uow.cases.get(CaseId(case["id"])).stamps
            waiting = uow.outbox.queued()
        services.close()
    assert span is not None
    assert waiting[Channel.SMS, Lane.WARNING] > 0
    assert waiting[Channel.VOICE, Lane.WARNING] > 0
    assert (span[0] - stamps.opened_at).total_seconds() <= 2.0
