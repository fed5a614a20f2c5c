"""Answers that took long hold for a while; quick ones are looked for again."""

from __future__ import annotations

from warning.rested import Rested


class Asked:
    """Counts how often was looked; each look takes some seconds."""

    def __init__(self, takes_s: float) -> None:
        self.at = 0.0
        self.n = 0
        self.takes_s = takes_s
        self.rested: Rested[str, int] = Rested(lambda: self.at)

    def look(self) -> int:
        self.at += self.takes_s
        self.n += 1
        return self.n

    def ask(self, question: str = "a") -> int:
        return self.rested.get(question, self.look)


def test_what_took_long_is_not_looked_for_again_at_once() -> None:
    """For twenty times as long, at most half a minute; other questions are others."""
    asked = Asked(takes_s=0.5)
    assert [asked.ask(), asked.ask(), asked.ask("b")] == [1, 1, 2]
    asked.at += 10.0
    assert asked.ask() == 3

    slow = Asked(takes_s=60.0)
    slow.ask()
    slow.at += 29.0
    assert slow.ask() == 1
    slow.at += 2.0
    assert slow.ask() == 2


def test_what_takes_no_time_is_always_new() -> None:
    """A clock that stands, as in tests, remembers nothing."""
    asked = Asked(takes_s=0.0)
    assert [asked.ask(), asked.ask()] == [1, 2]
