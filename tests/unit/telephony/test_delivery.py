"""States are ranks, and the words for them fit together."""

import pytest

from telephony.delivery import (
    DELIVERY_STATE_OF,
    AttemptState,
    CarrierEvent,
    Channel,
    DeliveryState,
    EventKind,
    Lane,
)
from tests.unit.telephony.virtual_time import START


def test_a_delivery_follows_its_attempt_in_the_same_order() -> None:
    """What is further for an attempt is further for its delivery."""
    states = [DELIVERY_STATE_OF[state] for state in sorted(DELIVERY_STATE_OF)]
    assert states == sorted(states)
    lost = {AttemptState.NOT_SENT, AttemptState.FAILED}
    assert set(AttemptState) - set(DELIVERY_STATE_OF) == lost


def test_a_person_who_was_reached_outranks_every_end_without_them() -> None:
    """A late receipt wins over failed, expired and cancelled."""
    ends = {DeliveryState.CANCELLED, DeliveryState.EXPIRED, DeliveryState.FAILED}
    assert max(ends) < DeliveryState.REACHED
    assert not any(state.is_open for state in ends)
    assert {s for s in DeliveryState if s.is_open} == {
        DeliveryState.QUEUED,
        DeliveryState.SENDING,
        DeliveryState.UNKNOWN,
        DeliveryState.SENT,
    }


def test_lanes_of_one_life_are_urgent() -> None:
    """Dispatch and stand-down; a public warning is many lives and much traffic."""
    assert [lane for lane in Lane if lane.is_urgent] == [Lane.DISPATCH, Lane.STAND_DOWN]


@pytest.mark.parametrize(
    ("channel", "word"), [(Channel.SMS, "sms"), (Channel.VOICE, "voice")]
)
def test_a_channel_has_a_word(channel: Channel, word: str) -> None:
    """The same in files, tables and reports."""
    assert channel.word == word


def test_a_form_is_read_by_its_first_field() -> None:
    """A repeated field counts once, a missing one is empty."""
    event = CarrierEvent(
        kind=EventKind.MESSAGE_STATUS,
        received_at=START,
        carrier="main",
        attempt_id=None,
        form=[("From", "1"), ("From", "2")],
    )
    assert (event.value("From"), event.value("To")) == ("1", "")
