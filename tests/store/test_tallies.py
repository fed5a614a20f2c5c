"""Kept figures are those that would be counted, whatever happened in whatever order."""

from __future__ import annotations

import importlib.util
import itertools
import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text

from store.database import Database
from store.tables.tallies import delivery_steps, delivery_tallies, recipient_tallies
from store.tally_folder import WORTH_IT
from store.unit_of_work import SqlUnitOfWork
from telephony.delivery import AttemptState, Channel, ClaimedDelivery
from tests.store.alert_cases import a_recipient, go_live
from tests.store.people import number, register
from tests.store.rows import NOW, a_content, a_delivery, a_report, claim
from warning.alert import AlertId, owner_ref
from warning.figures.tallies import TallyCheck
from warning.recipients import Exclusion, Recipient, RecipientState

PEOPLE = range(1, 7)
AREAS = ("03", "08", None)
REPORTED = [s for s in AttemptState if s is not AttemptState.INTENDED]
_alert_numbers = itertools.count()


class History:
    """One alert to which things happen, each in a transaction of its own."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database = database
        self.chance = random.Random(seed)
        self.now: datetime = NOW
        self.alert_id = AlertId(f"T{next(_alert_numbers):025}")
        self.ref = owner_ref(self.alert_id)
        self.claimed: list[ClaimedDelivery] = []
        with database.unit_of_work() as uow:
            self.ids = register(uow, *PEOPLE)
            go_live(uow, self.ids, self.alert_id)
            uow.commit()

    def some(self) -> list[int]:
        return self.chance.sample(self.ids, self.chance.randint(1, len(self.ids)))

    def step(self) -> None:
        """Something happens; one time in eight its process dies before the commit."""
        act = self.chance.choice(ACTS)
        with self.database.unit_of_work() as uow:
            act(self, uow)
            if self.chance.random() > 0.125:
                uow.commit()
        self.now += timedelta(seconds=self.chance.randint(0, 40))

    def order(self, uow: SqlUnitOfWork) -> None:
        content_id = uow.outbox.add_content(a_content(owner_ref=self.ref))
        uow.outbox.enqueue(
            [
                a_delivery(
                    person,
                    content_id,
                    owner_ref=self.ref,
                    phone=number(person),
                    channel=self.chance.choice(list(Channel)),
                    round=self.chance.choice((0, 0, 0, 1, -1)),
                    not_before=self.now,
                    deadline=self.now + timedelta(seconds=90),
                )
                for person in self.some()
            ]
        )

    def claim(self, uow: SqlUnitOfWork) -> None:
        channel = self.chance.choice(list(Channel))
        self.claimed += claim(uow, channel=channel, limit=4, now=self.now)

    def report(self, uow: SqlUnitOfWork) -> None:
        if not self.claimed:
            return
        reports = []
        for _ in range(self.chance.randint(1, 5)):
            state = self.chance.choice(REPORTED)
            is_lost = state in {AttemptState.FAILED, AttemptState.NOT_SENT}
            retry_at = self.now if is_lost and self.chance.random() < 0.6 else None
            code = self.chance.choice(("30003", "30008")) if is_lost else None
            one = self.chance.choice(self.claimed)
            reports.append(
                a_report(one, state, at=self.now, retry_at=retry_at, code=code)
            )
        uow.queue.apply(reports)

    def cancel(self, uow: SqlUnitOfWork) -> None:
        uow.outbox.cancel(self.ref, now=self.now)

    def withdraw(self, uow: SqlUnitOfWork) -> None:
        uow.outbox.withdraw(self.ref, self.some(), now=self.now)

    def stop(self, uow: SqlUnitOfWork) -> None:
        people = self.some()[:2]
        uow.outbox.withdraw_everywhere([number(one) for one in people], now=self.now)
        uow.alerts.leave_out(people, Exclusion.OPTED_OUT)

    def expire(self, uow: SqlUnitOfWork) -> None:
        uow.outbox.expire(now=self.now)

    def plan(self, uow: SqlUnitOfWork) -> None:
        people = [self.recipient(person) for person in self.some()]
        uow.alerts.add_recipients(self.alert_id, people, n_planned=len(people))

    def recipient(self, person: int) -> Recipient:
        excluded = self.chance.choice((None, None, None, Exclusion.NO_CHANNEL))
        area = self.chance.choice(AREAS)
        return a_recipient(person, area_code=area, excluded=excluded)

    def advance(self, uow: SqlUnitOfWork) -> None:
        states = {one: self.chance.choice(list(RecipientState)) for one in self.some()}
        uow.alerts.advance_recipients(self.alert_id, states | {99: states.popitem()[1]})

    def fold(self, uow: SqlUnitOfWork) -> None:
        for key in uow.tallies.grown((0, 0)).n_rows:
            uow.tallies.fold(key)


ACTS: list[Callable[[History, SqlUnitOfWork], None]] = [
    *[History.order, History.claim, History.report] * 3,
    *[History.plan, History.advance] * 2,
    History.cancel,
    History.withdraw,
    History.stop,
    History.expire,
    History.fold,
]


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(min_value=0), n_steps=st.integers(min_value=1, max_value=40))
def test_what_is_kept_is_what_would_be_counted(
    database: Database, seed: int, n_steps: int
) -> None:
    """After any history, also one that was cut off, a recount changes nothing."""
    history = History(database, seed)
    known = None
    for _ in range(n_steps):
        history.step()
        with database.read_only() as uow:
            known = uow.tallies.kept(history.alert_id, known=known)
            assert known == uow.tallies.kept(history.alert_id)
    with database.read_only() as uow:
        kept = uow.tallies.kept(history.alert_id)
        assert kept == uow.tallies.recounted(history.alert_id)


def test_what_is_known_is_kept_until_something_moves(database: Database) -> None:
    """Nothing is added up again for a screen that looks at a warning that is over."""
    history = History(database, 6)
    with database.unit_of_work() as uow:
        history.order(uow)
        uow.commit()
    with database.read_only() as uow:
        known = uow.tallies.kept(history.alert_id)
        assert uow.tallies.kept(history.alert_id, known=known) is known
    with database.unit_of_work() as uow:
        uow.tallies.mend(history.alert_id)
        uow.commit()
    with database.read_only() as uow:
        mended = uow.tallies.kept(history.alert_id, known=known)
    assert mended == known
    assert mended is not known


def test_a_person_whom_two_workers_try_at_once_is_one(database: Database) -> None:
    """A text and a call to the same person, claimed in two transactions, count once."""
    history = History(database, 1)
    with database.unit_of_work() as uow:
        content_id = uow.outbox.add_content(a_content(owner_ref=history.ref))
        for channel in Channel:
            uow.outbox.enqueue(
                [
                    a_delivery(
                        person, content_id, owner_ref=history.ref, channel=channel
                    )
                    for person in history.ids
                ]
            )
        uow.commit()
    together = threading.Barrier(2)

    def work(channel: Channel) -> None:
        together.wait()
        with database.unit_of_work() as uow:
            claim(uow, channel=channel)
            uow.commit()

    threads = [threading.Thread(target=work, args=(channel,)) for channel in Channel]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read_only() as uow:
        kept = uow.tallies.kept(history.alert_id)
    assert kept.people_attempted == len(PEOPLE)
    assert sum(kept.attempted.values()) == 2 * len(PEOPLE)


def test_rows_are_put_together_once_enough_have_come(database: Database) -> None:
    """Reading stays cheap: many rows become few, and say the same."""
    history = History(database, 2)
    with database.unit_of_work() as uow:
        history.plan(uow)
        owner_id = uow.outbox._owners.ensure(history.ref)
        uow._connection.execute(
            delivery_tallies.insert(),
            [_row(owner_id, n=(1, -1)[n % 2]) for n in range(2 * WORTH_IT)],
        )
        uow.commit()
    before = n_rows(database)
    assert before > 2 * WORTH_IT

    assert database.fold_tallies() == 1

    assert n_rows(database) < 20
    with database.read_only() as uow:
        kept = uow.tallies.kept(history.alert_id)
        assert kept == uow.tallies.recounted(history.alert_id)
    assert database.fold_tallies() == 0, "what it wrote itself is not news"


def test_a_difference_is_found_and_mended(database: Database) -> None:
    """Whoever changes rows by hand is told which figures no longer hold."""
    history = History(database, 3)
    for _ in range(30):
        history.step()
    check = TallyCheck(new_uow=database.unit_of_work, read_uow=database.read_only)
    assert check.differences() == []
    with database.unit_of_work() as uow:
        history.plan(uow)
        uow._connection.execute(text("UPDATE recipients SET state = 70"))
        history.order(uow)
        uow._connection.execute(text("DELETE FROM delivery_tallies"))
        uow.commit()

    found = check.differences()
    assert [one.alert_id for one in found] == [history.alert_id]
    check.mend(found)

    assert check.differences() == []


def test_the_upgrade_counts_what_is_there(database: Database) -> None:
    """What the migration writes is what a recount would."""
    history = History(database, 4)
    for _ in range(40):
        history.step()
    migration = _migration()
    with database.unit_of_work() as uow:
        connection = uow._connection
        for table in (delivery_tallies, recipient_tallies, delivery_steps):
            connection.execute(delete(table))
        for statement in migration._COUNTED:
            connection.execute(text(statement.replace(":", "\\:")))
        uow.commit()

    with database.read_only() as uow:
        kept = uow.tallies.kept(history.alert_id)
        assert kept == uow.tallies.recounted(history.alert_id)


def test_a_forgotten_person_counts_on(database: Database) -> None:
    """Erasing withdraws what is queued, and the figures follow."""
    history = History(database, 5)
    with database.unit_of_work() as uow:
        history.order(uow)
        for person in history.ids:
            uow.subscribers.erase(person, now=NOW)
        uow.commit()

    with database.read_only() as uow:
        kept = uow.tallies.kept(history.alert_id)
        assert kept == uow.tallies.recounted(history.alert_id)


def n_rows(database: Database) -> int:
    with database.read_only() as uow:
        return sum(
            uow._connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (delivery_tallies, recipient_tallies)
        )


def _row(owner_id: int, **changes: object) -> dict[str, object]:
    return {
        "owner_id": owner_id,
        "channel": 1,
        "state": 0,
        "code": None,
        "n": 1,
        "n_tried": 0,
        "n_people": 0,
    } | changes


def _migration() -> Any:
    (path,) = Path("migrations/versions").glob("*_tallies.py")
    spec = importlib.util.spec_from_file_location("tallies_migration", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
