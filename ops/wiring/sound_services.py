"""Sound for calls, put together once for a process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivr_scripts.catalogue import Wording, load_catalogue
from telephony.sound.book import SoundBook, SoundUrls
from telephony.sound.espeak import EspeakRenderer
from telephony.sound.service import RecordingService
from telephony.sound.shelf import Shelf
from telephony.twiml import Dialect, speakable
from warning.hearing import AskFirst, FallBack
from warning.texts.messages import Manner

if TYPE_CHECKING:
    from ops.clock import Clock
    from ops.config.settings import Settings
    from ops.ports import Database
    from warning.hearing import Hearing

#: Below the data folder.
FOLDER = "recordings"


@dataclass(frozen=True, kw_only=True, slots=True)
class SoundParts:
    """What is recorded, and how calls find it."""

    recordings: RecordingService
    book: SoundBook


def build_sounds(settings: Settings, database: Database, clock: Clock) -> SoundParts:
    """Put them together; opens nothing yet."""
    shelf = Shelf(settings.data_dir / FOLDER)
    return SoundParts(
        recordings=RecordingService(
            new_uow=database.unit_of_work,
            read_uow=database.read_only,
            shelf=shelf,
            catalogue=load_catalogue,
            now=clock.now,
        ),
        book=SoundBook(
            read_uow=database.read_only,
            shelf=shelf,
            urls=SoundUrls(settings.callback_url),
            renderer=EspeakRenderer(shelf),
            now=clock.now,
        ),
    )


def hearing_of(settings: Settings, book: SoundBook) -> Hearing:
    """Judges alerts as the settings say; where nobody is called nothing is missing."""
    dialects = {
        Dialect(one.dialect) for one in settings.carriers.values() if one.voice_from
    }
    if settings.unrecorded_languages == "fall_back" or not dialects:
        return FallBack()

    def is_hearable(language: str, words: str) -> bool:
        if all(speakable(language, dialect) for dialect in dialects):
            return True
        return book.is_hearable(Wording(words, language))

    return AskFirst(is_hearable, Manner(zone=settings.zone))
