"""Brings recordings of citizens here from the carriers, and forgets them in time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from telephony.calls.carrier_recordings import Recordings
from telephony.errors import (
    CarrierUnavailableError,
    RecordingLateError,
    RecordingLostError,
    SoundError,
)
from telephony.sound.prompt_sound import as_spoken
from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.voice_notes import VoiceNote

log = logging.getLogger(__name__)

#: For one question to a carrier, seconds.
TIMEOUT_S = 15.0
#: The first pause after a failure; each is twice the one before.
_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(minutes=30)
#: About three days of a carrier that does not answer.
_MAX_TRIES = 150
#: About an hour and a half of one that does not have it.
_MAX_TRIES_LATE = 15
_BATCH = 20
_FORGOTTEN_AT_ONCE = 200


class NoteShelf(Protocol):
    """Where their sounds are kept; ``telephony.sound.shelf.Shelf``."""

    def put(self, digest: str, wav: bytes) -> None:
        """Keep a sound; durable when this returns."""
        ...

    def remove(self, digest: str) -> None:
        """Let go of a sound."""
        ...


class NoteFetcher:
    """Fetches what is due.

    Killed at any line it loses nothing: a recording stays due until its row says where
    it is, and one that is fetched twice is the same file.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    recordings : Recordings
    shelf : NoteShelf
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        recordings: Recordings,
        shelf: NoteShelf,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._recordings = recordings
        self._shelf = shelf
        self._now = now

    def run_once(self) -> int:
        """Fetch the longest due; return how many are here now that were not before."""
        with self._read_uow() as uow:
            due = uow.voice_notes.due(now=self._now(), limit=_BATCH)
        silent: set[str] = set()
        n = 0
        for note in due:
            carrier = note.ref.partition("/")[0]
            # One question a round to a carrier that does not answer is enough.
            if carrier in silent:
                continue
            try:
                n += self._fetch(note)
            except CarrierUnavailableError:
                silent.add(carrier)
                self._failed(note, "no_answer", _MAX_TRIES)
        return n

    def forget(self) -> int:
        """Remove what has been kept long enough; return how many."""
        with self._read_uow() as uow:
            found = uow.voice_notes.outdated(now=self._now(), limit=_FORGOTTEN_AT_ONCE)
        if not found:
            return 0
        # The files first: a row without its file is removed again, a file without its
        # row by nobody.
        for note in found:
            if note.file is not None:
                self._shelf.remove(note.file)
        with self._new_uow() as uow:
            uow.voice_notes.forget([note.number for note in found])
            uow.commit()
        return len(found)

    def _fetch(self, note: VoiceNote) -> int:
        """Fetch one; 1 if it is here.

        Raises
        ------
        CarrierUnavailableError
            If the carrier does not answer, or not now.
        """
        try:
            data = self._recordings.fetch(note.ref, timeout_s=TIMEOUT_S)
            sound = as_spoken(data)
        except RecordingLateError:
            self._failed(note, "not_there", _MAX_TRIES_LATE)
            return 0
        except RecordingLostError:
            self._failed(note, "not_to_be_had", 0)
            return 0
        except SoundError:
            self._failed(note, "no_sound", 0)
            return 0
        # With the name of the recording in it: what two people said alike are two
        # files, and forgetting one leaves the other.
        name = sha256(note.ref.encode() + sound.wav).hexdigest()
        self._shelf.put(name, sound.wav)
        with self._new_uow() as uow:
            is_wanted = uow.voice_notes.fetched(
                note.number, name, duration_ms=sound.duration_ms
            )
            uow.commit()
        if not is_wanted:
            self._shelf.remove(name)
        return int(is_wanted)

    def _failed(self, note: VoiceNote, why: str, max_tries: int) -> None:
        n_tries = note.n_tries + 1
        next_at = None
        if n_tries < max_tries:
            pause = min(_FIRST * 2 ** min(note.n_tries, 16), _LONGEST)
            next_at = self._now() + pause
        else:
            log.warning("a recording is lost", extra={"why": why, "n_tries": n_tries})
        with self._new_uow() as uow:
            uow.voice_notes.failed(note.number, why, next_at=next_at)
            uow.commit()
