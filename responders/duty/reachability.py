"""Whether volunteers can still be reached: a test a month, and every sign of life.

A test is a text, and a day later a call to whoever has not answered it. Whoever has
been heard of within the month, is asked to a patient, or wants to be left alone is not
tested.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from responders.case_texts import CaseTexts
from responders.ports import UnitOfWork
from responders.roster.hours import MINUTES_A_DAY, Hours
from responders.roster.reach import MISSED_AFTER, Reach
from responders.roster.volunteer import Responder, ResponderId, Standing
from telephony.delivery import Channel, Content, DeliveryEvent, Lane, NewDelivery

#: Begins the ``owner_ref`` of every delivery of a test.
OWNER_PREFIX = "reach:"
SCRIPT = "reachability"
#: A text that is not answered within this is followed by a call, and an answer within
#: this by text belongs to the test rather than to a warning.
CALL_AFTER = timedelta(hours=24)
#: Whoever cannot be tested now is looked at again after this.
_LATER = timedelta(hours=1)
_HOLDS = timedelta(minutes=30)
#: Tests are spread over the hours in portions of this.
_SPREAD = timedelta(minutes=10)
_BATCH = 50


def note_heard(uow: UnitOfWork, responder_id: ResponderId, *, at: datetime) -> bool:
    """Note a sign of life; whether it answers a test of the last day or so."""
    known = uow.reachability.get(responder_id) or Reach(responder_id=responder_id)
    after = known.heard(at)
    if after != known:
        uow.reachability.save(after)
    is_recent = known.asked_at is not None and at - known.asked_at < MISSED_AFTER
    return known.is_open and is_recent and not after.is_open


@dataclass(frozen=True, kw_only=True, slots=True)
class ReachPolicy:
    """How often volunteers are tested, and when."""

    #: Days from one test of a person to the next; 0 tests nobody.
    every_days: int = 30
    #: In which tests are sent, local time.
    hours: Hours = field(default_factory=lambda: Hours(9 * 60, 18 * 60))

    def portion(self, n_people: int) -> int:
        """How many to test in ten minutes so that all have their turn in time."""
        minutes = (self.hours.end - self.hours.start) % MINUTES_A_DAY or MINUTES_A_DAY
        portions = self.every_days * minutes / (_SPREAD.total_seconds() / 60)
        return math.ceil(n_people / portions)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReachabilityTests:
    """Tests volunteers, a few at a time.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    texts : CaseTexts
        The words.
    local : callable
        UTC → the clock on the wall, where the volunteers live.
    now : callable
        Aware UTC.
    policy : ReachPolicy
    """

    new_uow: Callable[[], UnitOfWork]
    read_uow: Callable[[], UnitOfWork]
    texts: CaseTexts
    local: Callable[[datetime], datetime]
    now: Callable[[], datetime]
    policy: ReachPolicy = field(default_factory=ReachPolicy)

    def run_once(self) -> int:
        """Test whose turn it is, and ring who has not answered; return how many."""
        now = self.now()
        if not self.policy.every_days or not self.policy.hours.holds(self.local(now)):
            return 0
        with self.read_uow() as uow:
            silent = uow.reachability.to_call(
                asked_before=now - CALL_AFTER, now=now, limit=_BATCH
            )
            n_people = uow.responders.count()
            n_recent = uow.reachability.n_asked_since(now - _SPREAD)
            room = min(self.policy.portion(n_people) - n_recent, _BATCH)
            before = now - timedelta(days=self.policy.every_days)
            due = (
                uow.reachability.due(quiet_since=before, now=now, limit=room)
                if room > 0
                else []
            )
        if not silent and not due:
            return 0
        with self.new_uow() as uow:
            for number in [*silent, *due]:
                self._test(uow, number, now)
            uow.commit()
        return len(silent) + len(due)

    def test(self, responder_id: ResponderId, *, by: str) -> None:
        """Test one person now, whatever the hour; an operator wants to know.

        Raises
        ------
        ResponderNotFoundError
            If there is none of this id.
        """
        now = self.now()
        with self.new_uow() as uow:
            person = uow.responders.get(responder_id)
            known = uow.reachability.get(responder_id)
            self._ask(uow, person, known or Reach(responder_id=responder_id), now)
            uow.audit.append(
                at=now,
                actor=by,
                action="responder.test",
                subject=f"responder:{responder_id}",
                details={},
            )
            uow.commit()

    def unreachable(self, *, limit: int) -> list[tuple[Reach, Responder]]:
        """Who has missed the last test, those who missed most of them first."""
        with self.read_uow() as uow:
            missed = uow.reachability.missed(
                asked_before=self.now() - MISSED_AFTER, limit=limit
            )
            people = uow.responders.get_many([one.responder_id for one in missed])
        return [(one, people[one.responder_id]) for one in missed]

    def of(self, ids: Sequence[ResponderId]) -> dict[ResponderId, Reach]:
        """What is known of some people; those of whom nothing is are absent."""
        with self.read_uow() as uow:
            return dict(uow.reachability.get_many(ids))

    def on_delivery_events(
        self, uow: UnitOfWork, events: Sequence[DeliveryEvent]
    ) -> None:
        """Take note of keys pressed in calls of a test."""
        for event in events:
            if event.answer is not None:
                note_heard(uow, ResponderId(event.recipient_id), at=event.at)

    def _test(self, uow: UnitOfWork, number: ResponderId, now: datetime) -> None:
        person = uow.responders.get(number)
        known = uow.reachability.get(number) or Reach(responder_id=number)
        if not self._may_be_tested(uow, person, now):
            uow.reachability.save(replace(known, not_before=now + _LATER))
        elif known.is_open and known.asked_at and now - known.asked_at < MISSED_AFTER:
            self._send(uow, person, Channel.VOICE, now)
            uow.reachability.save(replace(known, called_at=now))
        else:
            self._ask(uow, person, known, now)

    def _may_be_tested(self, uow: UnitOfWork, person: Responder, now: datetime) -> bool:
        """Whether nothing keeps a person from being bothered at this moment."""
        number, availability = person.responder_id, person.availability
        return (
            person.standing is Standing.ACTIVE
            and not availability.is_paused(now)
            and not availability.is_quiet(self.local(now))
            and not uow.cases.live_offers([number]).get(number)
        )

    def _ask(
        self, uow: UnitOfWork, person: Responder, known: Reach, now: datetime
    ) -> None:
        """Begin a test: by text, by call to those who have no texts."""
        is_text = Channel.SMS in person.channels
        self._send(uow, person, Channel.SMS if is_text else Channel.VOICE, now)
        uow.reachability.save(
            replace(
                known,
                asked_at=now,
                called_at=None if is_text and Channel.VOICE in person.channels else now,
                n_missed=known.n_missed + 1,
                not_before=None,
            )
        )

    def _send(
        self, uow: UnitOfWork, person: Responder, channel: Channel, now: datetime
    ) -> None:
        tag = self.texts.catalogue.nearest(person.language)
        number = person.responder_id
        owner = f"{OWNER_PREFIX}{number}/{now:%Y%m%dT%H%M}.{channel.word}"
        content = Content(
            owner_ref=owner,
            variant="test",
            language=tag,
            sms_text=self.texts.words(tag, "duty_test"),
            script=SCRIPT,
            variables={"message": self.texts.words(tag, "duty_test_call")},
        )
        uow.outbox.enqueue(
            [
                NewDelivery(
                    owner_ref=owner,
                    recipient_id=int(number),
                    phone=person.phone,
                    channel=channel,
                    content_id=uow.outbox.add_content(content),
                    lane=Lane.DRILL,
                    position=0,
                    not_before=now,
                    deadline=now + _HOLDS,
                )
            ]
        )
