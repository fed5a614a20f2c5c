"""Recordings of what calls say, in every database."""

from __future__ import annotations

from dataclasses import replace

from store.database import Database
from telephony.sound.recordings import Origin, Recording
from tests.store.rows import NOW, after

FIRST = Recording(
    language="km",
    words="ទឹកជំនន់",
    key="",
    sound="a" * 64,
    duration_ms=1_500,
    origin=Origin.PHONE,
    made_by="anna",
    made_at=NOW,
)


def test_a_recording_comes_back_as_it_was_kept(database: Database) -> None:
    """All of it, ordered by language, then key."""
    other = replace(FIRST, language="en", key="common.goodbye", words="Goodbye.")
    with database.unit_of_work() as uow:
        uow.prompt_recordings.put(FIRST)
        uow.prompt_recordings.put(other)
        uow.commit()
    with database.read_only() as uow:
        assert list(uow.prompt_recordings.all()) == [other, FIRST]


def test_the_newest_recording_of_the_same_words_counts(database: Database) -> None:
    """There is one a text and language."""
    newer = replace(FIRST, sound="b" * 64, made_by="ben", made_at=after(seconds=9))
    with database.unit_of_work() as uow:
        uow.prompt_recordings.put(FIRST)
        uow.prompt_recordings.put(newer)
        assert list(uow.prompt_recordings.all()) == [newer]
