"""What a batch of texts looks up at once, and what is written with the commit."""

from __future__ import annotations

from store.database import Database
from telephony.delivery import AttemptState, Channel, ContentId
from tests.store.people import number, register
from tests.store.rows import (
    NOW,
    a_content,
    a_delivery,
    a_report,
    after,
    claim,
    queue_up,
)
from warning.citizens.conversation import Conversation
from warning.people.subscribers import Status

STRANGER = "+85512999999"


def test_expected_numbers_follow_what_is_written(database: Database) -> None:
    """Whoever changes in the same transaction is read anew."""
    with database.unit_of_work() as uow:
        one, two = register(uow, 1, 2)
        phones = [number(1), number(2), STRANGER]
        uow.subscribers.expect(phones)
        found = [uow.subscribers.find_by_phone(phone) for phone in phones]
        assert [row.subscriber_id if row else None for row in found] == [one, two, None]
        uow.subscribers.set_status([one], Status.OPTED_OUT, now=NOW)
        uow.citizens.set_language(two, "vi", now=NOW)
        joined = uow.citizens.join(STRANGER, language="en", status="active", now=NOW)
        first, second, third = (uow.subscribers.find_by_phone(p) for p in phones)
        assert first is not None
        assert second is not None
        assert third is not None
        assert first.status == Status.OPTED_OUT
        assert second.language == "vi"
        assert third.subscriber_id == joined
        uow.subscribers.expect(phones)
        uow.citizens.set_channels(two, Channel.SMS, now=NOW)
        changed = uow.subscribers.find_by_phone(phones[1])
        assert changed is not None
        assert changed.channels is Channel.SMS


def test_talks_are_written_with_the_commit(database: Database) -> None:
    """Read as kept before that, and undone without it."""
    phones = [number(1), number(2)]
    talk = Conversation().hears("hello", NOW)[0]
    for is_committed in (False, True):
        with database.unit_of_work() as uow:
            uow.citizens.expect(phones)
            assert uow.citizens.conversation(phones[0]) == Conversation()
            uow.citizens.keep(phones[0], talk, now=NOW)
            assert uow.citizens.conversation(phones[0]) == talk
            if is_committed:
                uow.commit()
    with database.read_only() as uow:
        assert uow.citizens.conversation(phones[0]) == talk
        assert uow.citizens.conversation(phones[1]) == Conversation()


def test_posted_texts_are_written_once_with_the_commit(database: Database) -> None:
    """Each with words of its own; the same again changes nothing."""
    for _ in range(2):
        with database.unit_of_work() as uow:
            for n in (1, 2):
                owner = f"answer:{n}"
                content = a_content(owner_ref=owner, sms_text=f"text {n}")
                order = a_delivery(n, ContentId(0), owner_ref=owner)
                uow.outbox.post(content, order)
            uow.commit()
    with database.unit_of_work() as uow:
        claimed = claim(uow)
        texts = [uow.outbox.content(one.content_id).sms_text for one in claimed]
        assert sorted(texts) == ["text 1", "text 2"]
        assert {one.recipient_id: one.owner_ref for one in claimed} == {
            1: "answer:1",
            2: "answer:2",
        }


def test_expected_replies_answer_the_newest_attempt(database: Database) -> None:
    """The same as asked one by one; a claim or a report makes them ask again."""
    phones = [number(1), number(2)]
    with database.unit_of_work() as uow:
        queue_up(uow, 1)
        (one,) = claim(uow)
        uow.queue.apply([a_report(one, AttemptState.ACCEPTED)])
        uow.queue.expect_replies(phones, since=NOW)
        asked = [uow.queue.latest_attempt_to(phone, since=NOW) for phone in phones]
        assert asked == [one.attempt_id, None]
        assert uow.queue.latest_attempt_to(phones[0], since=after(days=1)) is None
        (found,) = uow.queue.open_attempts([one.attempt_id]).values()
        assert found.state is AttemptState.ACCEPTED
        uow.queue.apply([a_report(one, AttemptState.CONFIRMED)])
        (found,) = uow.queue.open_attempts([one.attempt_id]).values()
        assert found.state is AttemptState.CONFIRMED
        queue_up(uow, 2)
        (two,) = claim(uow)
        assert uow.queue.latest_attempt_to(phones[1], since=NOW) == two.attempt_id


def test_expected_volunteers_are_still_found(database: Database) -> None:
    """Only numbers that nobody has are answered from memory."""
    with database.unit_of_work() as uow:
        uow.responders.expect([STRANGER])
        assert uow.responders.find_by_phone(STRANGER) is None
