"""What carriers say that nobody knows, and what operators say about carriers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from store.database import Database
from store.dispatch import strange_words
from telephony.ports import UnitOfWork
from telephony.strange_words import StrangeWord
from tests.store.rows import NOW, after

NewUow = Callable[[], AbstractContextManager[UnitOfWork]]
WORD = StrangeWord("main", "status", "parked")
CODE = StrangeWord("main", "code", "4711")


def test_strange_words_are_counted(new_uow: NewUow) -> None:
    """Counts add up over transactions, by carrier, kind and word."""
    with new_uow() as uow:
        assert uow.strange_words.counts() == {}
        uow.strange_words.note({}, now=NOW)
        uow.strange_words.note({WORD: 2, CODE: 1}, now=NOW)
        uow.strange_words.note({WORD: 3}, now=after(seconds=1))
        assert uow.strange_words.counts() == {CODE: 1, WORD: 5}


def test_a_carrier_cannot_fill_the_table(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond so many different words, what is new counts as one."""
    monkeypatch.setattr(strange_words, "MAX_WORDS", 3)
    words = [StrangeWord("main", "code", f"4{n:03d}") for n in range(5)]
    with database.unit_of_work() as uow:
        uow.strange_words.note(dict.fromkeys(words, 1), now=NOW)
        uow.strange_words.note(dict.fromkeys(words, 1), now=NOW)
        counts = uow.strange_words.counts()
    other = StrangeWord("main", "code", "other")
    assert counts == {words[0]: 2, words[1]: 2, words[2]: 2, other: 4}


def test_the_last_word_of_an_operator_counts(database: Database) -> None:
    """Each worker asks what was said since it looked last."""
    with database.unit_of_work() as uow:
        uow.carrier_resumes.say("main", now=NOW)
        uow.carrier_resumes.say("other", now=after(seconds=5))
        uow.carrier_resumes.say("main", now=after(seconds=9))
        assert list(uow.carrier_resumes.since(NOW)) == ["main", "other"]
        assert list(uow.carrier_resumes.since(after(seconds=5))) == ["main"]
        assert list(uow.carrier_resumes.since(after(seconds=9))) == []


def test_processes_of_a_kind_are_seen_together(database: Database) -> None:
    """By the beginning of their names; the silent are forgotten, numbers are not."""
    with database.unit_of_work() as uow:
        beats = uow.heartbeats
        assert (beats.new_number(), beats.new_number()) == (1, 2)
        beats.beat("worker:1", now=NOW, facts={"main": ""})
        beats.beat("worker:2", now=after(seconds=9), facts={})
        beats.beat("web", now=after(seconds=9), facts={})
        alive = beats.since(NOW, prefix="worker:")
        assert alive == {
            "worker:1": (NOW, {"main": ""}),
            "worker:2": (after(seconds=9), {}),
        }
        assert list(beats.since(after(seconds=1), prefix="worker:")) == ["worker:2"]
        assert beats.last("worker") == (after(seconds=9), {})
        beats.forget(prefix="worker:", before=after(seconds=1))
        assert list(beats.since(NOW, prefix="worker:")) == ["worker:2"]
        beats.gone("worker:2")
        assert list(beats.since(NOW, prefix="")) == ["web"]
        assert beats.new_number() == 3
