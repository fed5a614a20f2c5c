"""``telephony.ports.Outbox``: what every store promises to those who order."""

from __future__ import annotations

import pytest

from telephony.delivery import AttemptState, Channel, ContentId, DeliveryState, Lane
from telephony.errors import ContentError
from tests.store.conftest import NewUow
from tests.store.rows import (
    NOW,
    OWNER,
    a_content,
    a_delivery,
    a_report,
    after,
    claim,
    phone_of,
    queue_up,
    states_of,
)


def test_a_content_comes_back_as_it_was_stored(new_uow: NewUow) -> None:
    """A text survives the transaction, letters and variables included."""
    with new_uow() as uow:
        content_id = uow.outbox.add_content(a_content())
        uow.commit()
    with new_uow() as uow:
        assert uow.outbox.content(content_id) == a_content()


def test_the_same_owner_variant_and_language_give_the_same_content(
    new_uow: NewUow,
) -> None:
    """A text is stored once, however often it is handed over."""
    with new_uow() as uow:
        first = uow.outbox.add_content(a_content())
        assert uow.outbox.add_content(a_content(sms_text="other")) == first
        assert uow.outbox.add_content(a_content(language="en")) != first
        assert uow.outbox.add_content(a_content(variant="all_clear")) != first
        assert uow.outbox.add_content(a_content(owner_ref="case:1")) != first


def test_an_unknown_content_is_an_error(new_uow: NewUow) -> None:
    """A text that was never stored is asked for by nobody who is right."""
    with new_uow() as uow, pytest.raises(ContentError, match="4711"):
        uow.outbox.content(ContentId(4711))


def test_nothing_is_kept_without_commit(new_uow: NewUow) -> None:
    """Leaving a transaction without commit undoes everything."""
    with new_uow() as uow:
        queue_up(uow, 1, 2)
    with new_uow() as uow:
        assert states_of(uow) == {}


def test_an_error_undoes_everything(new_uow: NewUow) -> None:
    """An exception in a transaction leaves nothing half-done, and comes out."""
    with pytest.raises(ContentError):
        _queue_and_fail(new_uow)
    with new_uow() as uow:
        assert states_of(uow) == {}


def test_a_person_is_queued_once_for_each_owner_and_channel(new_uow: NewUow) -> None:
    """What exists is left alone and not counted; what is new is counted."""
    with new_uow() as uow:
        content_id = uow.outbox.add_content(a_content())
        first = [a_delivery(n, content_id) for n in (1, 2)]
        again = [
            a_delivery(2, content_id, position=0),
            a_delivery(3, content_id),
            a_delivery(3, content_id, channel=Channel.VOICE),
            a_delivery(3, content_id, owner_ref="case:9"),
        ]
        assert uow.outbox.enqueue(first) == 2
        assert uow.outbox.enqueue(again) == 3
        assert uow.outbox.enqueue([]) == 0
        assert [d.recipient_id for d in claim(uow)] == [1, 2, 3, 3]


def test_a_person_twice_in_one_batch_is_queued_once(new_uow: NewUow) -> None:
    """One person inside two polygons hears of it once."""
    with new_uow() as uow:
        content_id = uow.outbox.add_content(a_content())
        assert uow.outbox.enqueue([a_delivery(7, content_id)] * 2) == 1
        assert states_of(uow) == {DeliveryState.QUEUED: 1}


def test_cancel_withdraws_only_what_is_queued(new_uow: NewUow) -> None:
    """What a carrier may have is not taken back, and other owners are not touched."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3)
        queue_up(uow, 1, owner_ref="case:9")
        claim(uow, limit=1)
        assert uow.outbox.cancel(OWNER, now=NOW) == 2
        assert uow.outbox.cancel(OWNER, now=NOW) == 0
        assert states_of(uow) == {
            DeliveryState.SENDING: 1,
            DeliveryState.CANCELLED: 2,
        }
        assert states_of(uow, "case:9") == {DeliveryState.QUEUED: 1}


def test_cancel_of_an_unknown_owner_withdraws_nothing(new_uow: NewUow) -> None:
    """An owner that never ordered anything has nothing to lose."""
    with new_uow() as uow:
        queue_up(uow, 1)
        assert uow.outbox.cancel("case:404", now=NOW) == 0
        assert states_of(uow) == {DeliveryState.QUEUED: 1}


def test_withdraw_takes_some_people_of_one_owner(new_uow: NewUow) -> None:
    """Who has confirmed is left in peace by this owner, on every channel."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3)
        queue_up(uow, 2, channel=Channel.VOICE)
        queue_up(uow, 2, owner_ref="case:9")
        assert uow.outbox.withdraw(OWNER, [2, 99], now=NOW) == 2
        assert states_of(uow, "case:9") == {DeliveryState.QUEUED: 1}


def test_withdraw_everywhere_takes_people_from_every_owner(new_uow: NewUow) -> None:
    """Who says STOP is sent nothing that is queued, whoever ordered it."""
    with new_uow() as uow:
        queue_up(uow, 1, 2)
        queue_up(uow, 2, owner_ref="case:9")
        queue_up(uow, 2, channel=Channel.VOICE)
        assert uow.outbox.withdraw_everywhere([phone_of(2)], now=NOW) == 3
        assert [d.recipient_id for d in claim(uow)] == [1]
        assert claim(uow, channel=Channel.VOICE) == []


def test_withdraw_everywhere_goes_by_number(new_uow: NewUow) -> None:
    """Another owner's person with the same id is somebody else."""
    with new_uow() as uow:
        queue_up(uow, 2)
        queue_up(uow, 2, owner_ref="case:9", phone=phone_of(77))
        assert uow.outbox.withdraw_everywhere([phone_of(2), ""], now=NOW) == 1
        assert [d.phone for d in claim(uow)] == [phone_of(77)]


def test_withdraw_everywhere_spares_stand_downs(new_uow: NewUow) -> None:
    """Nobody goes on to a patient because they asked for no more messages."""
    with new_uow() as uow:
        queue_up(uow, 2, owner_ref="case:9", lane=Lane.STAND_DOWN)
        queue_up(uow, 2, owner_ref="case:8", lane=Lane.DISPATCH)
        assert uow.outbox.withdraw_everywhere([phone_of(2)], now=NOW) == 1
        assert [d.lane for d in claim(uow)] == [Lane.STAND_DOWN]


def test_expire_closes_what_is_queued_past_its_deadline(new_uow: NewUow) -> None:
    """A late message dies at its deadline, is told of once, and is never claimed."""
    with new_uow() as uow:
        queue_up(uow, 1, deadline=after(minutes=1))
        queue_up(uow, 2, deadline=after(minutes=1, seconds=1))
        queue_up(uow, 3, deadline=after(minutes=1), channel=Channel.VOICE)
        claim(uow, channel=Channel.VOICE)
        at = after(minutes=1)
        events = uow.outbox.expire(now=at)
        assert [
            (e.owner_ref, e.recipient_id, e.channel, e.state, e.at) for e in events
        ] == [(OWNER, 1, Channel.SMS, DeliveryState.EXPIRED, at)]
        assert uow.outbox.expire(now=at) == []
        assert [d.recipient_id for d in claim(uow, now=at)] == [2]


def test_expire_keeps_the_reason_of_the_last_failure(new_uow: NewUow) -> None:
    """A retry that came too late still tells why it was needed."""
    with new_uow() as uow:
        queue_up(uow, 1)
        (one,) = claim(uow)
        retry_at = after(minutes=5)
        uow.queue.apply(
            [a_report(one, AttemptState.FAILED, code="30008", retry_at=retry_at)]
        )
        (event,) = uow.outbox.expire(now=after(hours=3))
        assert (event.state, event.code) == (DeliveryState.EXPIRED, "30008")


def test_counts_tell_channels_states_and_codes_apart(new_uow: NewUow) -> None:
    """Each delivery of an owner is in exactly one count."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3)
        queue_up(uow, 1, channel=Channel.VOICE)
        queue_up(uow, 9, owner_ref="case:9")
        one, two = claim(uow, limit=2)
        uow.queue.apply(
            [
                a_report(one, AttemptState.FAILED, code="30006"),
                a_report(two, AttemptState.ACCEPTED, carrier_ref="SM2"),
            ]
        )
        assert uow.outbox.counts(OWNER) == {
            (Channel.SMS, DeliveryState.FAILED, "30006"): 1,
            (Channel.SMS, DeliveryState.SENT, None): 1,
            (Channel.SMS, DeliveryState.QUEUED, None): 1,
            (Channel.VOICE, DeliveryState.QUEUED, None): 1,
        }
        assert uow.outbox.counts("case:404") == {}


def test_attempted_counts_deliveries_not_attempts(new_uow: NewUow) -> None:
    """A delivery tried twice has been attempted once."""
    with new_uow() as uow:
        queue_up(uow, 1, 2)
        (one,) = claim(uow, limit=1)
        uow.queue.apply([a_report(one, AttemptState.NOT_SENT, retry_at=NOW)])
        claim(uow, limit=1)
        assert uow.outbox.attempted(OWNER) == {Channel.SMS: 1}
        assert uow.outbox.attempted("case:404") == {}


def test_people_attempted_are_counted_once_over_all_channels(
    new_uow: NewUow,
) -> None:
    """Who was sent a text and called is one person."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3)
        queue_up(uow, 1, channel=Channel.VOICE)
        claim(uow, limit=2)
        claim(uow, channel=Channel.VOICE)
        assert uow.outbox.people_attempted(OWNER) == 2
        assert uow.outbox.people_attempted("case:404") == 0


def test_queued_counts_what_waits_by_channel_and_lane(new_uow: NewUow) -> None:
    """Only what is queued counts, of whichever owner."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3)
        queue_up(uow, 1, channel=Channel.VOICE, lane=Lane.DISPATCH, owner_ref="case:9")
        claim(uow, limit=1)
        assert uow.outbox.queued() == {
            (Channel.SMS, Lane.WARNING): 2,
            (Channel.VOICE, Lane.DISPATCH): 1,
        }


def test_the_sending_span_is_from_the_first_to_the_last_message_taken(
    new_uow: NewUow,
) -> None:
    """What a carrier took counts, at the time it took it; nothing else does."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3, 4)
        queue_up(uow, 5, owner_ref="case:9")
        assert uow.outbox.sending_span(OWNER) is None
        one, two, three, four, other = claim(uow)
        uow.queue.apply(
            [
                a_report(two, AttemptState.ACCEPTED, at=after(seconds=9)),
                a_report(one, AttemptState.ACCEPTED, at=after(seconds=2)),
                a_report(three, AttemptState.REACHED, at=after(seconds=5)),
                a_report(four, AttemptState.NOT_SENT, at=after(seconds=30)),
                a_report(other, AttemptState.ACCEPTED, at=after(seconds=40)),
            ]
        )
        span = (after(seconds=2), after(seconds=9))
        assert uow.outbox.sending_span(OWNER) == span
        assert uow.outbox.sending_span("case:404") is None


def _queue_and_fail(new_uow: NewUow) -> None:
    with new_uow() as uow:
        queue_up(uow, 1)
        uow.outbox.content(ContentId(4711))


def test_what_is_held_is_not_taken(new_uow: NewUow) -> None:
    """Nor counted as waiting; it goes on in its lane when it is released."""
    with new_uow() as uow:
        queue_up(uow, 1, 2)
        assert uow.outbox.hold(OWNER) == 2
        assert uow.outbox.hold(OWNER) == 0
        assert claim(uow) == []
        assert sum(uow.outbox.queued().values()) == 0
        assert uow.outbox.release(OWNER, Lane.WARNING) == 2
        assert [one.recipient_id for one in claim(uow)] == [1, 2]


def test_what_is_held_expires_and_is_withdrawn(new_uow: NewUow) -> None:
    """Standing still puts off no deadline, and stops nobody from stopping it."""
    with new_uow() as uow:
        queue_up(uow, 1, deadline=after(minutes=1))
        queue_up(uow, 2)
        uow.outbox.hold(OWNER)
        assert [one.recipient_id for one in uow.outbox.expire(now=after(hours=1))] == [
            1
        ]
        assert uow.outbox.cancel(OWNER, now=NOW) == 1


def test_a_deadline_is_only_put_off(new_uow: NewUow) -> None:
    """Later ones stay as they are."""
    with new_uow() as uow:
        queue_up(uow, 1, deadline=after(hours=1))
        queue_up(uow, 2, deadline=after(hours=9))
        assert uow.outbox.prolong(OWNER, after(hours=5)) == 1
        assert [one.deadline for one in claim(uow)] == [after(hours=5), after(hours=9)]
