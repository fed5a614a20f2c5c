"""A sent warning whose polygon moves, and how what follows it is approved."""

from __future__ import annotations

import pytest

from tests.use_cases.warning.world import (
    EAST_SQUARE,
    SQUARE,
    World,
    an_alert,
    an_info,
)
from warning.alert import AlertCase, AlertState

EAST = {"lon": 105.5, "lat": 11.5}
MOVED = an_alert(an_info(polygon=EAST_SQUARE, headline="Now the east"))


def told(world: World, case: AlertCase) -> dict[int, str]:
    """Person → the text that waits to leave, of one alert."""
    with world.read() as uow:
        return {
            one.recipient_id: uow.outbox.content(one.content_id).sms_text
            for one in world.claim()
            if one.owner_ref == case.owner_ref
        }


def go_on(world: World, draft: AlertCase) -> AlertCase:
    """Submit and approve by others; then write everybody out."""
    if draft.state is AlertState.DRAFT:
        world.alerts.submit(draft.alert_id, by="anna")
    live = world.alerts.approve(draft.alert_id, by="boran")
    world.plan()
    return live


@pytest.fixture
def moved(world: World) -> tuple[World, AlertCase, list[int]]:
    """A sent warning: west told, both told, east not; the polygon then moves east."""
    people = [
        world.register(1),
        world.register(2, places=[{"lon": 104.5, "lat": 11.5}, EAST]),
        world.register(3, places=[EAST]),
    ]
    case = world.go_live()
    world.plan()
    assert world.send() == 2
    return world, case, people


MOVED_NOT = an_alert(an_info(polygon=SQUARE, headline="Higher than thought"))
