"""``accounts.second_factor.FactorRepository`` on every database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.operators import Operator, Role
from accounts.second_factor import Factor
from store.database import Database
from tests.store.rows import NOW

FACTOR = Factor(operator="dara", sealed_secret=b"\x00sealed", created_at=NOW)


@pytest.fixture
def manned(database: Database) -> Database:
    """A database with one operator."""
    with database.unit_of_work() as uow:
        uow.operators.add(Operator(name="dara", role=Role.VIEWER, created_at=NOW))
        uow.commit()
    return database


def test_a_factor_comes_back_and_is_replaced(manned: Database) -> None:
    """The last one counts."""
    confirmed = replace(FACTOR, confirmed_at=NOW)
    with manned.unit_of_work() as uow:
        assert uow.factors.find("dara") is None
        uow.factors.put(FACTOR)
        assert uow.factors.find("dara") == FACTOR
        uow.factors.put(confirmed)
        assert uow.factors.find("dara") == confirmed


def test_a_step_counts_once_and_only_forward(manned: Database) -> None:
    """Also after the factor was written again."""
    with manned.unit_of_work() as uow:
        uow.factors.put(FACTOR)
        used = [uow.factors.use_step("dara", step) for step in (100, 100, 99, 101)]
        uow.factors.put(replace(FACTOR, confirmed_at=NOW))
        again = uow.factors.use_step("dara", 101)

    assert used == [True, False, False, True]
    assert not again


def test_recovery_codes_are_used_up(manned: Database) -> None:
    """Each once; new ones replace those there were."""
    with manned.unit_of_work() as uow:
        uow.factors.put(FACTOR)
        uow.factors.put_recovery("dara", ["a", "b"])
        used = [uow.factors.use_recovery("dara", code, at=NOW) for code in "aacb"]
        uow.factors.put_recovery("dara", ["d"])
        later = [uow.factors.use_recovery("dara", code, at=NOW) for code in "bd"]

    assert used == [True, False, False, True]
    assert later == [False, True]


def test_removing_leaves_nothing(manned: Database) -> None:
    """Neither factor nor codes; a second time there is nothing to remove."""
    with manned.unit_of_work() as uow:
        uow.factors.put(FACTOR)
        uow.factors.put_recovery("dara", ["a"])

        assert uow.factors.remove("dara")
        assert not uow.factors.remove("dara")
        assert uow.factors.find("dara") is None
        assert not uow.factors.use_recovery("dara", "a", at=NOW)
