"""One person's values."""

from __future__ import annotations

import pytest

from telephony.delivery import Channel
from warning.people.subscribers import DRILL_GROUP, STATUSES, Status, Subscriber

BOTH = Channel.SMS | Channel.VOICE


def make_subscriber(
    *,
    channels: Channel = BOTH,
    status: Status = Status.ACTIVE,
    groups: frozenset[str] = frozenset(),
) -> Subscriber:
    return Subscriber(
        subscriber_id=7,
        phone="+85512345678",
        language="km",
        name="Sok Dara",
        channels=channels,
        status=status,
        vulnerable=False,
        groups=groups,
    )


def test_every_status_has_its_number() -> None:
    """Columns of numbers know every status, and active is 0."""
    assert set(STATUSES) == set(Status)
    assert STATUSES[0] is Status.ACTIVE


@pytest.mark.parametrize(
    ("channels", "status", "expected"),
    [
        (BOTH, Status.ACTIVE, True),
        (Channel.VOICE, Status.ACTIVE, True),
        (Channel(0), Status.ACTIVE, False),
        (BOTH, Status.OPTED_OUT, False),
        (BOTH, Status.RESTING, False),
        (BOTH, Status.ERASED, False),
    ],
)
def test_who_is_active_and_has_a_channel_is_reachable(
    channels: Channel, status: Status, expected: bool
) -> None:
    """Both must hold."""
    subscriber = make_subscriber(channels=channels, status=status)

    assert subscriber.is_reachable is expected


def test_only_the_drill_group_is_in_drills() -> None:
    """An exercise reaches nobody else."""
    assert make_subscriber(groups=frozenset({DRILL_GROUP})).is_in_drills
    assert not make_subscriber().is_in_drills


def test_neither_phone_nor_name_is_shown() -> None:
    """A value that ends up in a log gives nobody away."""
    shown = repr(make_subscriber())

    assert "12345678" not in shown
    assert "Sok" not in shown
