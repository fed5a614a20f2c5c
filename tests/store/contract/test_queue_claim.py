"""``telephony.ports.DeliveryQueue.claim``: who is next."""

from __future__ import annotations

import pytest

from telephony.delivery import (
    AttemptReport,
    AttemptState,
    Channel,
    ClaimedDelivery,
    DeliveryState,
    Lane,
)
from tests.store.conftest import NewUow
from tests.store.rows import (
    NOW,
    OWNER,
    a_content,
    a_delivery,
    a_report,
    after,
    claim,
    queue_up,
    states_of,
)


def test_a_claim_writes_down_an_attempt_before_anything_is_sent(
    new_uow: NewUow,
) -> None:
    """After the commit the delivery is SENDING and its attempt INTENDED."""
    with new_uow() as uow:
        queue_up(uow, 1)
        uow.commit()
    with new_uow() as uow:
        (one,) = claim(uow)
        uow.commit()
    with new_uow() as uow:
        attempt = uow.queue.open_attempts([one.attempt_id])[one.attempt_id]
        assert states_of(uow) == {DeliveryState.SENDING: 1}
    assert (one.owner_ref, one.recipient_id, one.attempt_no) == (OWNER, 1, 1)
    assert (one.phone, one.channel, one.lane) == (
        "+85512000001",
        Channel.SMS,
        Lane.WARNING,
    )
    assert (one.deadline, one.lease_until) == (after(hours=2), after(seconds=60))
    assert attempt.state is AttemptState.INTENDED
    assert (attempt.delivery_id, attempt.attempt_no) == (one.delivery_id, 1)
    assert (attempt.owner_ref, attempt.recipient_id) == (OWNER, 1)
    assert (attempt.phone, attempt.channel) == ("+85512000001", Channel.SMS)
    assert (attempt.carrier, attempt.carrier_ref) == (None, None)
    assert (attempt.intended_at, attempt.deadline) == (NOW, after(hours=2))


def test_a_claim_that_is_not_committed_leaves_the_queue_as_it_was(
    new_uow: NewUow,
) -> None:
    """A crash before the commit of a claim has claimed nothing."""
    with new_uow() as uow:
        queue_up(uow, 1)
        uow.commit()
    with new_uow() as uow:
        claim(uow)
    with new_uow() as uow:
        assert states_of(uow) == {DeliveryState.QUEUED: 1}


def test_a_lane_never_waits_for_a_lower_one(new_uow: NewUow) -> None:
    """Lane first, then due time, then position."""
    with new_uow() as uow:
        queue_up(uow, 1, lane=Lane.DRILL, not_before=after(days=-1), position=0)
        queue_up(uow, 2, lane=Lane.WARNING, position=2)
        queue_up(uow, 3, lane=Lane.WARNING, position=1)
        queue_up(uow, 4, lane=Lane.WARNING, not_before=after(seconds=-1), position=9)
        queue_up(uow, 5, lane=Lane.STAND_DOWN, position=5)
        queue_up(uow, 6, lane=Lane.DISPATCH, position=6)
        first = [one.recipient_id for one in claim(uow, limit=4)]
        rest = [one.recipient_id for one in claim(uow)]
    assert (first, rest) == ([6, 5, 4, 3], [2, 1])


def test_a_claim_takes_only_the_lanes_it_asks_for(new_uow: NewUow) -> None:
    """A worker that has tokens for dispatches alone leaves the warnings queued."""
    with new_uow() as uow:
        queue_up(uow, 1, lane=Lane.WARNING)
        queue_up(uow, 2, lane=Lane.DRILL)
        lanes = [Lane.DRILL, Lane.DISPATCH]
        assert [one.recipient_id for one in claim(uow, lanes=lanes)] == [2]
        assert claim(uow, lanes=[]) == []


def test_whether_anything_is_due_is_known_without_a_claim(new_uow: NewUow) -> None:
    """Of the lanes and the channel asked for, now; and nothing is taken by asking."""
    with new_uow() as uow:
        queue_up(uow, 1, lane=Lane.WARNING)
        queue_up(uow, 2, lane=Lane.DISPATCH, not_before=after(seconds=60))

        def is_due(*lanes: Lane, channel: Channel = Channel.SMS) -> bool:
            return uow.queue.has_due(channel, lanes=lanes, now=after())

        assert is_due(Lane.DISPATCH, Lane.WARNING)
        assert not is_due(Lane.DISPATCH)
        assert not is_due(Lane.WARNING, channel=Channel.VOICE)
        assert [one.recipient_id for one in claim(uow)] == [1]
        assert not is_due(Lane.WARNING)


@pytest.mark.parametrize("channel", list(Channel))
def test_a_claim_takes_one_channel(new_uow: NewUow, channel: Channel) -> None:
    """Texts and calls have their own pace, so they are claimed apart."""
    with new_uow() as uow:
        for each in Channel:
            queue_up(uow, 1, channel=each)
        assert [one.channel for one in claim(uow, channel=channel)] == [channel]


def test_a_claim_takes_no_more_than_its_limit(new_uow: NewUow) -> None:
    """What a worker cannot send at once stays queued for others."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3)
        assert len(claim(uow, limit=2)) == 2
        assert len(claim(uow, limit=2)) == 1
        assert claim(uow, limit=2) == []


def test_what_is_not_due_yet_waits(new_uow: NewUow) -> None:
    """A delivery is due at ``not_before``, not a moment earlier."""
    with new_uow() as uow:
        queue_up(uow, 1, not_before=after(seconds=10))
        assert claim(uow, now=after(seconds=9.999999)) == []
        assert len(claim(uow, now=after(seconds=10))) == 1


def test_what_is_past_its_deadline_is_not_taken(new_uow: NewUow) -> None:
    """A warning that would come too late is not sent."""
    with new_uow() as uow:
        queue_up(uow, 1, deadline=after(seconds=10))
        assert claim(uow, now=after(seconds=10)) == []
        assert len(claim(uow, now=after(seconds=9.999999))) == 1


def test_two_claims_never_share_a_delivery(new_uow: NewUow) -> None:
    """Every delivery is claimed once, in the order of position."""
    with new_uow() as uow:
        content_id = uow.outbox.add_content(a_content())
        uow.outbox.enqueue([a_delivery(n, content_id) for n in range(50)])
        uow.commit()
    people: list[int] = []
    attempts: set[int] = set()
    for _ in range(6):
        with new_uow() as uow:
            chunk = claim(uow, limit=10)
            uow.commit()
        people += [one.recipient_id for one in chunk]
        attempts |= {one.attempt_id for one in chunk}
    assert people == list(range(50))
    assert len(attempts) == 50


def test_the_second_try_has_the_number_two(new_uow: NewUow) -> None:
    """Attempts of a delivery are counted from one."""
    with new_uow() as uow:
        queue_up(uow, 1)
        (first,) = claim(uow)
        retry_at = after(seconds=30)
        uow.queue.apply([a_report(first, AttemptState.NOT_SENT, retry_at=retry_at)])
        assert claim(uow, now=after(seconds=29)) == []
        (second,) = claim(uow, now=retry_at)
    assert second.delivery_id == first.delivery_id
    assert second.attempt_id != first.attempt_id
    assert (first.attempt_no, second.attempt_no) == (1, 2)


def test_only_tries_that_left_are_counted_as_sent(new_uow: NewUow) -> None:
    """One that never left is taken off, and put back if it turns out to have left."""
    at = after(seconds=30)

    def lost(claimed: ClaimedDelivery, state: AttemptState) -> AttemptReport:
        return a_report(claimed, state, at=at, retry_at=at)

    with new_uow() as uow:
        queue_up(uow, 1)
        (first,) = claim(uow)
        uow.queue.apply([lost(first, AttemptState.NOT_SENT)] * 2)
        (second,) = claim(uow, now=at)
        uow.queue.apply([lost(second, AttemptState.FAILED)])
        (third,) = claim(uow, now=at)
        assert [one.n_sent for one in (first, second, third)] == [1, 1, 2]
        uow.queue.apply([a_report(first, AttemptState.FAILED, at=at)])
        found = uow.queue.open_attempts([third.attempt_id])
        assert found[third.attempt_id].n_sent == 3


def test_a_try_counts_itself_as_sent(new_uow: NewUow) -> None:
    """Whoever judges a try counts it, also if it was thought never to have left."""
    with new_uow() as uow:
        queue_up(uow, 1)
        (one,) = claim(uow)
        uow.queue.apply([a_report(one, AttemptState.NOT_SENT)])
        assert uow.queue.open_attempts([one.attempt_id])[one.attempt_id].n_sent == 1
