"""The chain of what was done: nothing can be changed, left out or added unnoticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.audit import GENESIS, AuditEntry, first_break
from tests.unit.accounts.fake_accounts import FakeAudit

START = datetime(2026, 9, 1, tzinfo=UTC)


def make_chain(n: int) -> list[AuditEntry]:
    audit = FakeAudit()
    for number in range(n):
        audit.append(
            at=START + timedelta(minutes=number),
            actor="sokha",
            action="alert.approve",
            subject=f"alert:a{number}",
            details={"state": "live", "affected": number},
        )
    return audit.chain


def test_whole_chain() -> None:
    """A chain that nobody touched is whole, and so is an empty one."""
    assert first_break([]) is None
    assert first_break(make_chain(5)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "other"},
        {"action": "alert.cancel"},
        {"subject": "alert:b"},
        {"at": START + timedelta(days=1)},
        {"details": {"state": "live", "affected": 99}},
        {"details": {}},
        {"previous_hash": "f" * 64},
    ],
)
@given(data=st.data())
def test_any_change_breaks_the_chain(
    change: dict[str, Any], data: st.DataObject
) -> None:
    """Changing any field of any entry but the last is found at its successor."""
    chain = make_chain(6)
    place = data.draw(st.integers(0, 4))
    chain[place] = replace(chain[place], **change)

    broken = first_break(chain)

    assert broken in {place + 1, place + 2}


@given(data=st.data())
def test_leaving_out_breaks_the_chain(data: st.DataObject) -> None:
    """An entry that is missing in the middle is found where it was."""
    chain = make_chain(6)
    place = data.draw(st.integers(0, 4))
    del chain[place]

    assert first_break(chain) == place + 1


def test_exchange_breaks_the_chain() -> None:
    """Two entries in each other's place are found."""
    chain = make_chain(4)
    chain[1], chain[2] = chain[2], chain[1]

    assert first_break(chain) == 2


def test_rewritten_first_entry() -> None:
    """The first entry must start the chain."""
    chain = make_chain(2)
    chain[0] = replace(chain[0], previous_hash="1" * 64)

    assert first_break(chain) == 1
    assert make_chain(1)[0].previous_hash == GENESIS


def test_hash_does_not_depend_on_the_order_of_details() -> None:
    """A database may give the facts back in another order."""
    entry = make_chain(1)[0]
    turned = replace(entry, details=dict(reversed(list(entry.details.items()))))

    assert turned.hash == entry.hash


def test_fields_cannot_be_shifted_into_each_other() -> None:
    """``ab`` + ``c`` and ``a`` + ``bc`` are different entries."""
    entry = make_chain(1)[0]
    first = replace(entry, actor="ab", action="c")
    second = replace(entry, actor="a", action="bc")

    assert first.hash != second.hash
