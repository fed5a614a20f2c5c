"""``accounts.ports``: operators, tokens, the audit chain; and signs of life."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from accounts.audit import GENESIS, first_break
from accounts.errors import OperatorExistsError
from accounts.operators import Operator, Role
from store.database import Database
from store.unit_of_work import SqlUnitOfWork
from tests.store.rows import NOW, after

DARA = Operator(
    name="dara", role=Role.ADMIN, created_at=NOW, password_hash="$argon2id$x"
)


def note(uow: SqlUnitOfWork, subject: str, **details: object) -> None:
    uow.audit.append(
        at=NOW, actor="dara", action="alert.approve", subject=subject, details=details
    )


def test_an_operator_comes_back_as_stored(database: Database) -> None:
    """Name, role and hash survive; nobody else has the name."""
    machine = replace(DARA, name="feed", role=Role.OPERATOR, password_hash=None)
    with database.unit_of_work() as uow:
        uow.operators.add(machine)
        uow.operators.add(DARA)
        uow.commit()
    with database.read_only() as uow:
        assert uow.operators.find("dara") == DARA
        assert uow.operators.find("nobody") is None
        assert list(uow.operators.all()) == [DARA, machine]


def test_a_name_is_taken_once(database: Database) -> None:
    """The second operator of a name is refused and the first is untouched."""
    with database.unit_of_work() as uow:
        uow.operators.add(DARA)
        with pytest.raises(OperatorExistsError, match="dara"):
            uow.operators.add(replace(DARA, role=Role.VIEWER))
        assert uow.operators.find("dara") == DARA


def test_a_token_carries_its_own_role(database: Database) -> None:
    """A token of an admin may be a viewer's; an unknown one is nobody's."""
    with database.unit_of_work() as uow:
        uow.operators.add(DARA)
        uow.operators.add_token("d1", operator="dara", role=Role.VIEWER, at=NOW)
        assert uow.operators.find_by_token("d1", at=NOW) == replace(
            DARA, role=Role.VIEWER
        )
        assert uow.operators.find_by_token("d2", at=NOW) is None


def test_a_token_of_somebody_inactive_opens_nothing(database: Database) -> None:
    """Who may no longer work here cannot call either."""
    with database.unit_of_work() as uow:
        uow.operators.add(replace(DARA, is_active=False))
        uow.operators.add_token("d1", operator="dara", role=Role.ADMIN, at=NOW)
        assert uow.operators.find_by_token("d1", at=NOW) is None


def test_the_audit_chain_is_whole_after_a_restart(database: Database) -> None:
    """Every entry carries the hash of the one before, computed from what is kept."""
    with database.unit_of_work() as uow:
        first = uow.audit.append(
            at=NOW.astimezone(timezone(timedelta(hours=7))),
            actor="dara",
            action="alert.create",
            subject="alert:1",
            details={"ច": 1.0, "b": [1e3, None, True], "a": {"z": 1, "y": "ទឹក"}},
        )
        note(uow, "alert:1")
        uow.commit()
    with database.unit_of_work() as uow:
        note(uow, "alert:2", reason="drill")
        uow.commit()
    with database.read_only() as uow:
        entries = list(uow.audit.entries())
    assert first.previous_hash == GENESIS
    assert entries[0] == first
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert first_break(entries) is None
    assert first_break([entries[0], replace(entries[1], actor="x"), entries[2]]) == 3


def test_an_entry_that_is_not_committed_leaves_no_gap(database: Database) -> None:
    """What was undone was not done."""
    with database.unit_of_work() as uow:
        note(uow, "alert:1")
    with database.unit_of_work() as uow:
        note(uow, "alert:2")
        uow.commit()
    with database.read_only() as uow:
        assert [(e.seq, e.subject) for e in uow.audit.entries()] == [(1, "alert:2")]


def test_entries_can_be_read_by_subject(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, also when there are more than one page of them."""
    monkeypatch.setattr("store.accounts.audit._PAGE", 10)
    with database.unit_of_work() as uow:
        for n in range(25):
            note(uow, f"alert:{n % 2}")
        assert len(list(uow.audit.entries())) == 25
        ones = [entry.seq for entry in uow.audit.entries(subject="alert:1")]
    assert ones == list(range(2, 26, 2))


def test_the_last_sign_of_life_counts(database: Database) -> None:
    """One row a process, written over."""
    with database.unit_of_work() as uow:
        assert uow.heartbeats.last("worker") is None
        uow.heartbeats.beat("worker", now=NOW, facts={"carrier": "up"})
        uow.heartbeats.beat("worker", now=after(seconds=2), facts={"carrier": "down"})
        found = uow.heartbeats.last("worker")
        assert found == (after(seconds=2), {"carrier": "down"})
