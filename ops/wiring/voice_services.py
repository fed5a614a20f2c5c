"""What is recorded in calls, put together once for a process."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ivr_scripts.catalogue import load_catalogue
from ops.exchange.recording_download import download
from ops.scheduler import Job
from ops.side_threads import SideThreads
from ops.wiring.alert_parts import shelf_of, takes_of
from ops.wiring.carriers import account_of
from telephony.calls.carrier_recordings import CarrierRecordings, RecordingHost
from telephony.numbers import parse_number
from telephony.sound.phone_takes import PhoneTakes
from telephony.sound.recording_calls import RecordingCalls
from telephony.sound.shelf import Shelf
from warning.citizens.call_backs import CallBacks
from warning.citizens.note_desk import NoteDesk
from warning.citizens.note_fetching import NoteFetcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ops.clock import Clock
    from ops.config.settings import Settings
    from ops.ports import Database
    from telephony.sound.service import Spoken

#: Below the data folder; never served without asking who it is.
FOLDER = "voice_notes"
#: Longer than any call in which something is spoken, and heard, and kept.
TAKES_LAST = timedelta(hours=1)
_FETCH_S = 2.0
_FORGET_S = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class VoiceServices:
    """Recordings of operators and of citizens, and calls that connect the two."""

    recording_calls: RecordingCalls
    call_backs: CallBacks
    notes: NoteDesk
    #: Of the web alone.
    takes: PhoneTakes
    #: Of the worker alone.
    fetcher: NoteFetcher
    #: Removes what was spoken and not kept; of the worker alone.
    forget_takes: Callable[[], int]


def build_voice(
    settings: Settings,
    database: Database,
    clock: Clock,
    *,
    words_of: Callable[[Spoken], str],
) -> VoiceServices:
    """Put the services together; opens nothing yet."""
    doors = {"new_uow": database.unit_of_work, "read_uow": database.read_only}
    own, notes = shelf_of(settings), Shelf(settings.data_dir / FOLDER)
    recordings = CarrierRecordings(
        {
            name: RecordingHost(
                account=account_of(name, table), hosts=table.recording_hosts
            )
            for name, table in settings.carriers.items()
        },
        download,
    )
    return VoiceServices(
        recording_calls=RecordingCalls(
            **doors,
            words_of=words_of,
            nearest=load_catalogue().nearest,
            parse_phone=parse_number,
            shelf=own,
            now=clock.now,
        ),
        call_backs=CallBacks(
            **doors,
            parse_phone=parse_number,
            language=settings.default_language,
            now=clock.now,
        ),
        notes=NoteDesk(**doors, find=notes.find, now=clock.now),
        takes=PhoneTakes(
            recordings=recordings,
            shelf=takes_of(settings),
            monotonic=clock.monotonic,
            wait=threading.Event().wait,
        ),
        forget_takes=lambda: takes_of(settings).sweep(clock.now() - TAKES_LAST),
        fetcher=NoteFetcher(**doors, recordings=recordings, shelf=notes, now=clock.now),
    )


def voice_jobs(voice: VoiceServices) -> Sequence[Job]:
    """What the worker does for recordings; a thread apart waits for carriers."""
    return [
        Job(
            name="fetch voice notes",
            every_s=_FETCH_S,
            run=SideThreads(1).job(voice.fetcher.run_once),
        ),
        Job(name="forget voice notes", every_s=_FORGET_S, run=voice.fetcher.forget),
        Job(name="forget takes", every_s=_FORGET_S, run=voice.forget_takes),
    ]
