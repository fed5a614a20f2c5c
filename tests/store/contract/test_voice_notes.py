"""``warning.citizens.voice_notes``: what people said after the tone, in a store."""

from __future__ import annotations

from datetime import timedelta

from store.database import Database
from tests.store.contract.test_citizens import PHONE, a_report, a_request
from tests.store.rows import NOW, after

KEPT = timedelta(days=90)
LATER = NOW + KEPT


def test_a_recording_is_fetched_once(database: Database) -> None:
    """It is due until it is here, or until nobody tries any more."""
    with database.unit_of_work() as uow:
        for ref in ("main/RE1", "main/RE1", "main/RE2"):
            uow.voice_notes.note("help:1", ref, now=NOW, forget_at=LATER)
        one, two = uow.voice_notes.due(now=NOW, limit=9)
        assert (one.ref, one.state) == ("main/RE1", "waiting")
        assert uow.voice_notes.fetched(one.number, "ab", duration_ms=900)
        retry_at = NOW + timedelta(minutes=1)
        uow.voice_notes.failed(two.number, "no_answer", next_at=retry_at)
        assert uow.voice_notes.due(now=NOW, limit=9) == []
        (again,) = uow.voice_notes.due(now=after(minutes=1), limit=9)
        assert (again.n_tries, again.file, again.trouble) == (1, None, "no_answer")
        uow.voice_notes.failed(two.number, "not_there", next_at=None)
        assert uow.voice_notes.due(now=after(days=9), limit=9) == []
        here, lost = uow.voice_notes.of("help:1", "help:2")
        assert (here.state, here.file, here.duration_ms) == ("here", "ab", 900)
        assert (lost.state, lost.trouble) == ("lost", "not_there")
        assert uow.voice_notes.get(here.number) == here
        assert uow.voice_notes.get(99) is None


def test_what_another_worker_has_fetched_is_not_lost_again(database: Database) -> None:
    """A failure that is told late takes nothing back."""
    with database.unit_of_work() as uow:
        uow.voice_notes.note("help:1", "main/RE1", now=NOW, forget_at=LATER)
        (note,) = uow.voice_notes.of("help:1")
        uow.voice_notes.fetched(note.number, "ab", duration_ms=1)
        uow.voice_notes.failed(note.number, "no_answer", next_at=NOW)
        (kept,) = uow.voice_notes.of("help:1")
        assert (kept.state, kept.trouble) == ("here", None)


def test_a_recording_is_forgotten_when_its_time_is_over(database: Database) -> None:
    """Then its row goes, and what comes back late finds none."""
    with database.unit_of_work() as uow:
        uow.voice_notes.note("help:1", "main/RE1", now=NOW, forget_at=LATER)
        assert uow.voice_notes.outdated(now=LATER - KEPT, limit=9) == []
        (note,) = uow.voice_notes.outdated(now=LATER, limit=9)
        uow.voice_notes.forget([note.number])
        assert uow.voice_notes.of("help:1") == []
        assert not uow.voice_notes.fetched(note.number, "ab", duration_ms=1)


def test_what_an_erased_person_said_is_forgotten_now(database: Database) -> None:
    """Their recordings only, and those that are not here yet are not fetched."""
    with database.unit_of_work() as uow:
        person = uow.citizens.join(PHONE, language="km", status="active", now=NOW)
        request = uow.help_requests.add(a_request(subscriber_id=person))
        report = uow.citizen_reports.add(a_report())
        for n, subject in enumerate((f"help:{request}", f"report:{report}", "help:99")):
            uow.voice_notes.note(subject, f"main/RE{n}", now=NOW, forget_at=LATER)
        uow.subscribers.erase(person, now=NOW)
        outdated = uow.voice_notes.outdated(now=NOW, limit=9)
        assert [one.ref for one in outdated] == ["main/RE0", "main/RE1"]
        assert [one.ref for one in uow.voice_notes.due(now=NOW, limit=9)] == [
            "main/RE2"
        ]
