"""Whatever happens in whatever order, deliveries stay inside the rules.

A machine of random orders, claims, reports, withdrawals and passing time drives the
fake and a SQLite database side by side: they must agree after every step, and every
step must be one that the states allow.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from store.database import Database
from telephony.delivery import (
    AttemptId,
    AttemptReport,
    AttemptState,
    Channel,
    ClaimedDelivery,
    ContentId,
    DeliveryEvent,
    DeliveryId,
    DeliveryState,
    Lane,
)
from telephony.ports import UnitOfWork
from tests.fakes.store import FakeStore
from tests.sqlite_files import play
from tests.store.rows import NOW, a_content, a_delivery, a_report, claim, phone_of

PEOPLE = range(1, 6)
people = st.sampled_from(PEOPLE)
channels = st.sampled_from(list(Channel))
spans = st.integers(min_value=0, max_value=90).map(lambda s: timedelta(seconds=s))
reported = st.sampled_from([s for s in AttemptState if s is not AttemptState.INTENDED])
LOST = {AttemptState.FAILED, AttemptState.NOT_SENT}

#: Person and channel: every person is an owner's only one, so counts tell them apart.
Key = tuple[int, Channel]


def owner(person: int) -> str:
    return f"case:{person}"


class DeliveryMachine(RuleBasedStateMachine):
    """The fake and a database, driven by the same hand."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.now = NOW
        self.stores = [FakeStore().unit_of_work, database.unit_of_work]
        #: One list a store, in the same order.
        self.claimed: list[tuple[ClaimedDelivery, ...]] = []
        self.before: dict[Key, DeliveryState] = {}
        self.may_fall_back: set[Key] = set()
        #: Of whom a carrier said that it has what we had given up.
        self.may_revive: set[Key] = set()
        for new_uow in self.stores:
            with new_uow() as uow:
                for person in PEOPLE:
                    uow.outbox.add_content(a_content(owner_ref=owner(person)))
                uow.commit()

    def teardown(self) -> None:
        self.database.dispose()

    def both(self, act: Callable[[UnitOfWork], object]) -> list[object]:
        """Do the same to each store, committed."""
        results = []
        for new_uow in self.stores:
            with new_uow() as uow:
                results.append(act(uow))
                uow.commit()
        return results

    def agree(self, act: Callable[[UnitOfWork], object]) -> None:
        first, second = self.both(act)
        assert first == second

    @rule(person=people, channel=channels, delay=spans, life=spans)
    def order(
        self, person: int, channel: Channel, delay: timedelta, life: timedelta
    ) -> None:
        def act(uow: UnitOfWork) -> int:
            content_id = uow.outbox.add_content(a_content(owner_ref=owner(person)))
            delivery = a_delivery(
                person,
                content_id,
                owner_ref=owner(person),
                channel=channel,
                lane=list(Lane)[person % 4],
                not_before=self.now + delay,
                deadline=self.now + delay + life,
            )
            return uow.outbox.enqueue([delivery])

        self.agree(act)

    @rule(channel=channels, limit=st.integers(min_value=1, max_value=3))
    def claim(self, channel: Channel, limit: int) -> None:
        fake, real = self.both(
            lambda uow: claim(uow, channel=channel, limit=limit, now=self.now)
        )
        assert isinstance(fake, list)
        assert isinstance(real, list)
        assert list(map(without_ids, fake)) == list(map(without_ids, real))
        self.claimed += zip(fake, real, strict=True)

    @precondition(lambda self: self.claimed)
    @rule(data=st.data(), n=st.integers(min_value=1, max_value=4))
    def report(self, data: st.DataObject, n: int) -> None:
        batches: tuple[list[AttemptReport], ...] = ([], [])
        for _ in range(n):
            pair = data.draw(st.sampled_from(self.claimed))
            state, retry = data.draw(reported), data.draw(st.none() | spans)
            retry_at = self.now + retry if retry is not None and state in LOST else None
            key = (pair[0].recipient_id, pair[0].channel)
            if retry_at is not None:
                self.may_fall_back.add(key)
            if state is AttemptState.ACCEPTED:
                self.may_revive.add(key)
            for batch, claimed in zip(batches, pair, strict=True):
                batch.append(a_report(claimed, state, at=self.now, retry_at=retry_at))
        fake, real = (
            apply_and_commit(new_uow, batch)
            for new_uow, batch in zip(self.stores, batches, strict=True)
        )
        assert fake == real

    @rule(person=people)
    def cancel(self, person: int) -> None:
        self.agree(lambda uow: uow.outbox.cancel(owner(person), now=self.now))

    @rule(some=st.lists(people, max_size=3))
    def withdraw(self, some: list[int]) -> None:
        phones = [phone_of(person) for person in some]
        self.agree(lambda uow: uow.outbox.withdraw_everywhere(phones, now=self.now))

    @rule(person=people)
    def withdraw_from_one_owner(self, person: int) -> None:
        self.agree(
            lambda uow: uow.outbox.withdraw(owner(person), [person, 99], now=self.now)
        )

    @rule()
    def expire(self) -> None:
        self.agree(lambda uow: sorted(uow.outbox.expire(now=self.now), key=by_person))

    @rule(span=spans)
    def wait(self, span: timedelta) -> None:
        self.now += span

    @invariant()
    def the_stores_agree_and_every_step_is_allowed(self) -> None:
        fake, real = self.both(states_of_everybody)
        assert fake == real
        assert isinstance(fake, dict)
        for key, state in fake.items():
            was = self.before.get(key, DeliveryState.QUEUED)
            # Back to the queue: only by a retry, only while nothing was settled.
            is_retried = state is DeliveryState.QUEUED and was.is_open
            is_revived = (was, state) == (DeliveryState.FAILED, DeliveryState.SENT)
            assert (
                state >= was
                or (is_retried and key in self.may_fall_back)
                or (is_revived and key in self.may_revive)
            ), (key, was, state)
        self.before = fake
        self.may_fall_back.clear()
        self.may_revive.clear()

    @invariant()
    def whatever_is_being_sent_has_an_attempt_that_says_so(self) -> None:
        for new_uow, mine in zip(
            self.stores, zip(*self.claimed, strict=True), strict=False
        ):
            with new_uow() as uow:
                attempts = uow.queue.open_attempts([one.attempt_id for one in mine])
            last = {(a.recipient_id, a.channel): a for a in attempts.values()}
            for attempt in attempts.values():
                key = (attempt.recipient_id, attempt.channel)
                if attempt.attempt_no > last[key].attempt_no:
                    last[key] = attempt
            for key, state in self.before.items():
                if state is DeliveryState.SENDING:
                    assert last[key].state is AttemptState.INTENDED


def without_ids(claimed: ClaimedDelivery) -> ClaimedDelivery:
    """Stores number as they like; everything else must be the same."""
    return claimed._replace(
        delivery_id=DeliveryId(0), attempt_id=AttemptId(0), content_id=ContentId(0)
    )


def by_person(event: DeliveryEvent) -> tuple[int, int]:
    return event.recipient_id, int(event.channel)


def apply_and_commit(
    new_uow: Callable[[], UnitOfWork], reports: Sequence[AttemptReport]
) -> list[DeliveryEvent]:
    with new_uow() as uow:
        events = list(uow.queue.apply(reports))
        uow.commit()
    return events


def states_of_everybody(uow: UnitOfWork) -> dict[Key, DeliveryState]:
    return {
        (person, channel): DeliveryState(state)
        for person in PEOPLE
        for (channel, state, _), n in uow.outbox.counts(owner(person)).items()
        if n
    }


def test_no_step_leaves_the_rules(upgraded_file: Path, tmp_path: Path) -> None:
    """States only move forward, except back to the queue by a retry, and by proof."""
    play(DeliveryMachine, upgraded_file, tmp_path, n_examples=25, n_steps=30)


@pytest.mark.parametrize("kind", ["fake", "sqlite"])
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_repeats_and_disorder_change_nothing(
    kind: str, upgraded_file: Path, tmp_path: Path, data: st.DataObject
) -> None:
    """Reports shuffled, repeated and cut into batches end as once and in order."""
    plain = data.draw(
        st.lists(st.tuples(people, reported, spans), min_size=1, max_size=12)
    )
    extra = data.draw(st.lists(st.sampled_from(plain), max_size=12))
    shuffled = data.draw(st.permutations([*plain, *extra]))
    cut = data.draw(st.integers(min_value=0, max_value=len(shuffled)))
    in_order = [[one] for one in sorted(plain, key=lambda one: one[2])]

    ends = []
    for n, batches in enumerate((in_order, [shuffled[:cut], shuffled[cut:]])):
        if kind == "fake":
            ends.append(end_of(FakeStore().unit_of_work, batches))
            continue
        path = tmp_path / f"{n}.db"
        shutil.copy(upgraded_file, path)
        with Database(f"sqlite:///{path}") as database:
            ends.append(end_of(database.unit_of_work, batches))
    assert ends[0] == ends[1]


def end_of(
    new_uow: Callable[[], UnitOfWork],
    batches: Sequence[Sequence[tuple[int, AttemptState, timedelta]]],
) -> object:
    """Everything that can be asked after all reports were applied."""
    owner_ref = "case:1"
    with new_uow() as uow:
        content_id = uow.outbox.add_content(a_content(owner_ref=owner_ref))
        uow.outbox.enqueue(
            [a_delivery(n, content_id, owner_ref=owner_ref) for n in PEOPLE]
        )
        claimed = {one.recipient_id: one for one in claim(uow)}
        for batch in batches:
            uow.queue.apply(
                [
                    report_of(claimed[person], state, NOW + at)
                    for person, state, at in batch
                ]
            )
        attempts = uow.queue.open_attempts([c.attempt_id for c in claimed.values()])
        return (
            sorted((a.recipient_id, a.state, a.carrier_ref) for a in attempts.values()),
            uow.outbox.counts(owner_ref),
            uow.outbox.sending_span(owner_ref),
            uow.outbox.queued(),
        )


def report_of(
    claimed: ClaimedDelivery, state: AttemptState, at: datetime
) -> AttemptReport:
    code = f"code of {state.name}" if state in LOST else None
    ref = f"SM{claimed.recipient_id}"
    return a_report(claimed, state, at=at, code=code, carrier="a", carrier_ref=ref)
