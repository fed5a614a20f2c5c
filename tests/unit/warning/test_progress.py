"""Four figures that are never mixed, and whether everybody is accounted for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.delivery import Channel, DeliveryState
from warning.alert import AlertCase, AlertId, AlertState
from warning.cap import Alert, CapStatus, MsgType, Scope
from warning.progress import Progress, channel_progress, progress_of
from warning.recipients import Audience, RecipientCounts, RecipientState

NOW = datetime(2026, 9, 1, tzinfo=UTC)
CAP = Alert(
    identifier="a",
    sender="tocsin",
    sent=NOW,
    status=CapStatus.ACTUAL,
    msg_type=MsgType.ALERT,
    scope=Scope.PUBLIC,
)
CASE = AlertCase(
    alert_id=AlertId("a1"),
    cap=CAP,
    state=AlertState.LIVE,
    created_by="operator",
    created_at=NOW,
    approved_by="approver",
    approved_at=NOW,
)


def make_audience(n: int) -> Audience:
    return Audience(
        subscriber_ids=np.arange(n),
        subscribers_total=5 * n,
        by_language={"km": n},
        by_area={},
        excluded={},
        geofence_ms=1.5,
        fixed_at=NOW,
    )


def make_progress(**changes: Any) -> Progress:
    """Ten people: two confirmed (one asks for help), one heard, three excluded …"""
    people = RecipientCounts(
        by_state={
            RecipientState.REACHED: 4,
            RecipientState.HEARD: 1,
            RecipientState.CONFIRMED: 1,
            RecipientState.NEEDS_HELP: 1,
        },
        excluded={"opted_out": 3},
        by_area={"KH-08": {RecipientState.REACHED: 4}},
    )
    known: dict[str, Any] = {
        "audience": make_audience(10),
        "people": people,
        "deliveries": {(Channel.SMS, DeliveryState.REACHED, None): 7},
        "attempted": {Channel.SMS: 7},
        "people_attempted": 7,
        "sending_span": (NOW + timedelta(seconds=1), NOW + timedelta(seconds=3)),
    }
    return progress_of(CASE, **{**known, **changes})


def test_figures() -> None:
    """Who asks for help has confirmed; times count from approval."""
    progress = make_progress()

    assert (progress.affected, progress.planned) == (10, 10)
    assert (progress.confirmed, progress.needs_help) == (2, 1)
    assert progress.by_state == {
        "reached": 4,
        "heard": 1,
        "confirmed": 1,
        "needs_help": 1,
    }
    assert progress.by_area == {"KH-08": {"reached": 4}}
    assert (progress.first_message_s, progress.last_message_s) == (1.0, 3.0)
    assert progress.messages_per_s == 3.5
    assert progress.settled


def test_before_approval_there_is_nothing() -> None:
    """Without an audience nobody is affected and nothing is settled."""
    progress = make_progress(
        audience=None,
        people=RecipientCounts(by_state={}, excluded={}),
        deliveries={},
        attempted={},
        people_attempted=0,
        sending_span=None,
    )

    assert (progress.affected, progress.confirmed) == (0, 0)
    assert progress.first_message_s is None
    assert progress.messages_per_s is None
    assert not progress.settled


@pytest.mark.parametrize(
    "change",
    [
        {"audience": make_audience(11)},
        {"deliveries": {(Channel.SMS, DeliveryState.QUEUED, None): 1}},
        {"deliveries": {(Channel.VOICE, DeliveryState.UNKNOWN, None): 1}},
        {"deliveries": {(Channel.VOICE, DeliveryState.SENT, None): 1}},
    ],
)
def test_not_settled(change: dict[str, Any]) -> None:
    """Settled means: all written out, nothing under way, nobody waits."""
    assert not make_progress(**change).settled


def test_one_moment_has_no_pace() -> None:
    """Messages that all left in one instant have no pace that could be told."""
    assert make_progress(sending_span=(NOW, NOW)).messages_per_s is None


def test_channel_figures_include_what_is_beyond_them() -> None:
    """Reached includes heard, heard includes confirmed; failures by reason."""
    deliveries: dict[tuple[Channel, int, str | None], int] = {
        (Channel.VOICE, DeliveryState.REACHED, None): 5,
        (Channel.VOICE, DeliveryState.HEARD, None): 3,
        (Channel.VOICE, DeliveryState.CONFIRMED, None): 2,
        (Channel.VOICE, DeliveryState.FAILED, "busy"): 4,
        (Channel.VOICE, DeliveryState.EXPIRED, None): 1,
        (Channel.VOICE, DeliveryState.CANCELLED, None): 6,
        (Channel.VOICE, DeliveryState.QUEUED, None): 7,
        (Channel.SMS, DeliveryState.REACHED, None): 99,
    }

    found = channel_progress(Channel.VOICE, deliveries, {Channel.VOICE: 16})

    assert (found.attempted, found.reached, found.heard, found.confirmed) == (
        16,
        10,
        5,
        2,
    )
    assert found.failed == {"busy": 4, "expired": 1, "cancelled": 6}
    assert found.open == 7


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(Channel),
            st.sampled_from(DeliveryState),
            st.sampled_from([None, "busy", "30003"]),
        ),
        st.integers(0, 1_000),
    )
)
def test_nobody_is_lost_or_counted_twice(
    deliveries: dict[tuple[Channel, int, str | None], int],
) -> None:
    """Every delivery is reached, failed or open, and exactly one of them."""
    for channel in Channel:
        found = channel_progress(channel, deliveries, {})
        total = sum(n for (of, _, _), n in deliveries.items() if of is channel)

        assert found.reached + sum(found.failed.values()) + found.open == total
        assert found.reached >= found.heard >= found.confirmed
