"""How carriers are shown."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.carrier_board import MAX_PACE_TRIES, CarrierBoard, meaning
from ops.config.settings import CarrierSettings
from ops.health import Check, Readiness
from telephony.callbacks.tallies import AttemptTally
from telephony.delivery import AttemptState, Channel

NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)


def a_tally(n: int, **changes: Any) -> AttemptTally:
    values: dict[str, Any] = {
        "carrier": "main",
        "channel": Channel.SMS,
        "state": AttemptState.ACCEPTED,
        "code": None,
        "n": n,
        "oldest_at": NOW - timedelta(seconds=2),
    }
    return AttemptTally(**(values | changes))


@dataclass
class World:
    """Tries, and what workers say of carriers."""

    tallies: list[AttemptTally] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    @contextmanager
    def read_uow(self) -> Any:
        yield self

    @property
    def attempt_tallies(self) -> World:
        return self

    def newest(self, *, since: datetime, at_most: int) -> Sequence[AttemptTally]:
        del since, at_most
        return self.tallies

    def readiness(self) -> Readiness:
        return Readiness(checks=self.checks)

    def board(self) -> CarrierBoard:
        tables = {
            name: CarrierSettings(
                base_url=f"https://{name}.example.org/api",
                account_sid="AC1",
                auth_token="secret",
                sms_from="1234",
                priority=priority,
            )
            for name, priority in (("spare", 200), ("main", 100))
        }
        uow: Any = self.read_uow
        health: Any = self
        return CarrierBoard(tables, read_uow=uow, health=health, now=lambda: NOW)


def test_the_first_to_be_tried_stands_first() -> None:
    """By priority, each with its host and nothing secret."""
    main, spare = World().board().lines()
    assert (main.name, main.host, spare.name) == (
        "main",
        "main.example.org",
        "spare",
    )
    assert main.has_sms
    assert not main.has_voice
    assert "secret" not in repr(main)


def test_the_pace_is_that_of_ten_seconds() -> None:
    """Tries of each channel a second; another carrier's count for that one."""
    tallies = [
        a_tally(300),
        a_tally(100, state=AttemptState.REACHED),
        a_tally(20, channel=Channel.VOICE),
        a_tally(70, carrier="spare"),
    ]
    main, spare = World(tallies).board().lines()
    assert main.pace == {Channel.SMS: 40.0, Channel.VOICE: 2.0}
    assert (main.per_s, spare.per_s) == (42.0, 7.0)


def test_a_fast_pace_is_that_of_what_was_read() -> None:
    """When more tries were made than are read, the span is theirs."""
    (main, _) = World([a_tally(MAX_PACE_TRIES)]).board().lines()
    assert main.per_s == MAX_PACE_TRIES / 2


def test_trouble_is_told() -> None:
    """What a worker says of a carrier stands on its line."""
    checks = [
        Check(name="carrier:main", ok=False, sentence="It rests."),
        Check(name="carrier:spare", ok=True, sentence="Sends."),
        Check(name="worker", ok=False, sentence="No worker."),
    ]
    main, spare = World(checks=checks).board().lines()
    assert (main.trouble, spare.trouble) == ("It rests.", "")


def test_faults_are_added_up() -> None:
    """The most frequent first, with plain words; what did not fail is none."""
    failed = AttemptState.FAILED
    tallies = [
        a_tally(5, state=failed, code="30003"),
        a_tally(7, state=AttemptState.NOT_SENT, code="30003"),
        a_tally(1, state=failed, code=None),
        a_tally(99),
    ]
    first, last = World(tallies).board().faults()
    assert (first.code, first.n, first.meaning) == (
        "30003",
        12,
        "The handset is off or out of reach.",
    )
    assert (last.code, last.n) == ("", 1)


@pytest.mark.parametrize("code", ["4711", ""])
def test_an_unknown_code_says_so(code: str) -> None:
    """Nobody guesses."""
    assert "ask the carrier" in meaning(code)
