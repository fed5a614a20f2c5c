"""``telephony.ports.DeliveryQueue``: what reconciling, polling and scripts ask."""

from __future__ import annotations

from telephony.delivery import AttemptId, AttemptState, Channel
from tests.store.conftest import NewUow
from tests.store.rows import (
    NOW,
    a_content,
    a_delivery,
    a_report,
    after,
    claim,
    queue_up,
)


def test_unknown_attempts_are_absent(new_uow: NewUow) -> None:
    """Asking for an attempt that was never made is no error."""
    with new_uow() as uow:
        queue_up(uow, 1)
        (one,) = claim(uow)
        found = uow.queue.open_attempts([one.attempt_id, AttemptId(4711)])
        assert set(found) == {one.attempt_id}
        assert uow.queue.open_attempts([]) == {}


def test_what_a_crash_left_behind_is_unresolved_after_its_lease(
    new_uow: NewUow,
) -> None:
    """An attempt is intended until its lease ends; then somebody must look."""
    with new_uow() as uow:
        queue_up(uow, 1)
        (one,) = claim(uow, lease_until=after(seconds=60))
        ask = uow.queue.unresolved
        assert list(ask(now=after(seconds=59), unknown_before=NOW, limit=9)) == []
        (found,) = ask(now=after(seconds=60), unknown_before=NOW, limit=9)
        assert (found.attempt_id, found.state) == (
            one.attempt_id,
            AttemptState.INTENDED,
        )


def test_a_lost_answer_is_unresolved_after_a_while(new_uow: NewUow) -> None:
    """UNKNOWN waits for its callback first; a poll makes it wait again."""
    with new_uow() as uow:
        queue_up(uow, 1)
        (one,) = claim(uow)
        uow.queue.apply([a_report(one, AttemptState.UNKNOWN, at=after(seconds=5))])

        def asked(seconds: int) -> list[AttemptId]:
            found = uow.queue.unresolved(
                now=NOW, unknown_before=after(seconds=seconds), limit=9
            )
            return [attempt.attempt_id for attempt in found]

        assert (asked(5), asked(6)) == ([], [one.attempt_id])
        uow.queue.mark_polled([one.attempt_id], now=after(seconds=30))
        assert (asked(30), asked(31)) == ([], [one.attempt_id])


def test_what_was_resolved_is_not_asked_for_again(new_uow: NewUow) -> None:
    """An attempt whose end is known is neither unresolved nor silent."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3)
        one, two, three = claim(uow)
        uow.queue.apply(
            [
                a_report(one, AttemptState.NOT_SENT),
                a_report(two, AttemptState.REACHED),
                a_report(three, AttemptState.FAILED),
            ]
        )
        late = after(days=1)
        assert list(uow.queue.unresolved(now=late, unknown_before=late, limit=9)) == []
        assert (
            list(uow.queue.silent(accepted_before=late, deadline_after=NOW, limit=9))
            == []
        )


def test_unresolved_and_silent_keep_to_their_limit(new_uow: NewUow) -> None:
    """The longest quiet come first, abandoned and unknown ones together."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3, 4)
        one, two, three, four = claim(uow)
        uow.queue.apply(
            [
                a_report(one, AttemptState.UNKNOWN),
                a_report(three, AttemptState.ACCEPTED, at=after(seconds=8)),
                a_report(four, AttemptState.ACCEPTED, at=after(seconds=7)),
            ]
        )
        late = after(days=1)
        ask = uow.queue.unresolved
        found = ask(now=late, unknown_before=late, limit=9)
        assert [a.recipient_id for a in found] == [2, 1]
        assert len(ask(now=late, unknown_before=late, limit=1)) == 1
        silent = uow.queue.silent(accepted_before=late, deadline_after=NOW, limit=9)
        assert [a.recipient_id for a in silent] == [4, 3]
        assert (
            len(uow.queue.silent(accepted_before=late, deadline_after=NOW, limit=1))
            == 1
        )
        assert two.recipient_id == 2


def test_an_accepted_attempt_is_silent_until_something_is_heard(
    new_uow: NewUow,
) -> None:
    """Any news of the carrier, and any poll of ours, starts the waiting again."""
    with new_uow() as uow:
        queue_up(uow, 1)
        (one,) = claim(uow)

        def is_silent(seconds: int) -> bool:
            return bool(
                uow.queue.silent(
                    accepted_before=after(seconds=seconds), deadline_after=NOW, limit=9
                )
            )

        uow.queue.apply([a_report(one, AttemptState.ACCEPTED, at=after(seconds=10))])
        assert (is_silent(10), is_silent(11)) == (False, True)
        uow.queue.apply([a_report(one, AttemptState.ACCEPTED, at=after(seconds=20))])
        assert (is_silent(20), is_silent(21)) == (False, True)
        uow.queue.mark_polled([one.attempt_id, AttemptId(99)], now=after(seconds=40))
        assert (is_silent(40), is_silent(41)) == (False, True)


def test_calls_in_progress_are_those_a_carrier_has_and_nobody_answered(
    new_uow: NewUow,
) -> None:
    """Texts do not count, and neither do calls whose outcome is known."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3, 4, channel=Channel.VOICE)
        queue_up(uow, 1)
        one, two, three, _ = claim(uow, channel=Channel.VOICE)
        (text,) = claim(uow)
        uow.queue.apply(
            [
                a_report(one, AttemptState.ACCEPTED, carrier="a", carrier_ref="CA1"),
                a_report(two, AttemptState.ACCEPTED, carrier="b", carrier_ref="CA2"),
                a_report(three, AttemptState.ACCEPTED, carrier="a", carrier_ref="CA3"),
                a_report(three, AttemptState.HEARD),
                a_report(text, AttemptState.ACCEPTED, carrier="a", carrier_ref="SM1"),
            ]
        )
        assert uow.queue.calls_in_progress(deadline_after=NOW) == {
            ("a", 0): 1,
            ("b", 0): 1,
        }
        assert uow.queue.calls_in_progress(deadline_after=after(hours=2)) == {}


def test_calls_are_counted_by_the_worker_that_placed_them(new_uow: NewUow) -> None:
    """Each worker has a share of the lines and must know what it uses of it."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3, channel=Channel.VOICE)
        mine = claim(uow, channel=Channel.VOICE, limit=2, worker=7)
        (other,) = claim(uow, channel=Channel.VOICE, worker=8)
        uow.queue.apply(
            [
                a_report(one, AttemptState.ACCEPTED, carrier="a", carrier_ref=f"CA{n}")
                for n, one in enumerate([*mine, other])
            ]
        )
        calls = uow.queue.calls_in_progress(deadline_after=NOW)
        assert calls == {("a", 7): 2, ("a", 8): 1}


def test_a_call_knows_its_text_in_every_language(new_uow: NewUow) -> None:
    """Who answers may choose another language than the one in the list."""
    with new_uow() as uow:
        khmer = uow.outbox.add_content(a_content(language="km"))
        uow.outbox.add_content(a_content(language="en", sms_text="Flood"))
        uow.outbox.add_content(a_content(language="en", variant="all_clear"))
        uow.outbox.add_content(a_content(language="vi", owner_ref="case:9"))
        uow.outbox.enqueue([a_delivery(1, khmer, channel=Channel.VOICE)])
        (one,) = claim(uow, channel=Channel.VOICE)
        context = uow.queue.call_context(one.attempt_id)
        assert context is not None
        assert (context.attempt_id, context.content_id) == (one.attempt_id, khmer)
        assert context.content == a_content(language="km")
        assert set(context.translations) == {"km", "en"}
        assert context.translations["en"].sms_text == "Flood"
        assert uow.queue.call_context(AttemptId(4711)) is None
        assert uow.queue.content_of(AttemptId(4711)) is None


def test_known_refs_are_those_of_a_number_at_this_carrier(new_uow: NewUow) -> None:
    """An id means something only together with the carrier that gave it."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3)
        one, two, unknown = claim(uow)
        uow.queue.apply(
            [
                a_report(one, AttemptState.ACCEPTED, carrier="a", carrier_ref="SM1"),
                a_report(two, AttemptState.ACCEPTED, carrier="b", carrier_ref="SM2"),
            ]
        )
        assert uow.queue.known_refs("a", one.phone) == {"SM1"}
        assert uow.queue.known_refs("b", one.phone) == frozenset()
        assert uow.queue.known_refs("a", two.phone) == frozenset()
        assert uow.queue.known_refs("a", unknown.phone) == frozenset()


def test_a_reply_answers_the_newest_attempt_to_its_number(new_uow: NewUow) -> None:
    """The last thing we said to somebody is what they answer, within the window."""
    with new_uow() as uow:
        queue_up(uow, 1)
        claim(uow)
        queue_up(uow, 1, owner_ref="case:9")
        (newer,) = claim(uow, now=after(minutes=1))
        ask = uow.queue.latest_attempt_to
        assert ask("+85512000001", since=NOW) == newer.attempt_id
        assert ask("+85512000001", since=after(minutes=2)) is None
        assert ask("+85512000002", since=NOW) is None


def test_a_reply_answers_nothing_that_never_left(new_uow: NewUow) -> None:
    """What the carrier never had cannot be answered; what was said before can."""
    with new_uow() as uow:
        queue_up(uow, 1)
        (said,) = claim(uow)
        queue_up(uow, 1, owner_ref="case:9")
        (unsaid,) = claim(uow, now=after(minutes=1))
        uow.queue.apply([a_report(unsaid, AttemptState.NOT_SENT)])
        ask = uow.queue.latest_attempt_to
        assert ask("+85512000001", since=NOW) == said.attempt_id
        uow.queue.apply([a_report(said, AttemptState.NOT_SENT)])
        assert ask("+85512000001", since=NOW) is None


def test_abandoned_and_lost_attempts_take_turns(new_uow: NewUow) -> None:
    """Whatever is abandoned without end, what was lost before it is settled first."""
    with new_uow() as uow:
        queue_up(uow, 1, 2, 3)
        ask = uow.queue.unresolved
        for n in range(3):
            (one,) = claim(uow, limit=1, now=after(seconds=n))
            if n == 1:
                uow.queue.apply([a_report(one, AttemptState.UNKNOWN, at=NOW)])
        late = after(days=1)
        found = ask(now=late, unknown_before=late, limit=9)
        assert [a.recipient_id for a in found] == [1, 2, 3]
        assert len(ask(now=late, unknown_before=late, limit=2)) == 2


def test_calls_are_asked_about_before_texts(new_uow: NewUow) -> None:
    """A line that a carrier forgot to close is worth more than a receipt."""
    with new_uow() as uow:
        queue_up(uow, 1, 2)
        queue_up(uow, 3, 4, channel=Channel.VOICE)
        for n, one in enumerate([*claim(uow), *claim(uow, channel=Channel.VOICE)]):
            at = after(seconds=20 - n)
            uow.queue.apply([a_report(one, AttemptState.ACCEPTED, at=at)])
        late = after(days=1)

        def asked(limit: int) -> list[int]:
            found = uow.queue.silent(
                accepted_before=late, deadline_after=NOW, limit=limit
            )
            return [attempt.recipient_id for attempt in found]

        assert asked(9) == [4, 3, 2, 1]
        assert (asked(3), asked(1)) == ([4, 3, 2], [4])


def test_what_is_long_past_is_not_asked_about(new_uow: NewUow) -> None:
    """Some carriers never report: without an end, all that was ever sent is polled."""
    with new_uow() as uow:
        queue_up(uow, 1, deadline=after(minutes=5))
        queue_up(uow, 2, deadline=after(minutes=9))
        queue_up(uow, 3, deadline=after(minutes=7))
        uow.queue.apply([a_report(one, AttemptState.ACCEPTED) for one in claim(uow)])

        def asked(minutes: int) -> list[int]:
            found = uow.queue.silent(
                accepted_before=after(days=1),
                deadline_after=after(minutes=minutes),
                limit=9,
            )
            return [attempt.recipient_id for attempt in found]

        assert asked(4) == [1, 3, 2]
        assert asked(5) == [3, 2]
        assert asked(9) == []
