"""Sound for calls, put together once for a process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivr_scripts.catalogue import Wording, load_catalogue
from ops.wiring.alert_parts import shelf_of
from telephony.calls.twiml import Dialect, speakable
from telephony.sound.book import SoundBook, SoundUrls
from telephony.sound.espeak import EspeakRenderer
from telephony.sound.prompt_desk import PromptDesk
from telephony.sound.service import RecordingService
from warning.intake.hearing import AskFirst, FallBack

if TYPE_CHECKING:
    from ops.clock import Clock
    from ops.config.settings import Settings
    from ops.ports import Database
    from warning.intake.hearing import Hearing
    from warning.texts.manner import Manners


@dataclass(frozen=True, kw_only=True, slots=True)
class SoundParts:
    """What is recorded, and how calls find it."""

    recordings: RecordingService
    book: SoundBook
    desk: PromptDesk


def build_sounds(settings: Settings, database: Database, clock: Clock) -> SoundParts:
    """Put them together; opens nothing yet."""
    shelf = shelf_of(settings)
    renderer = EspeakRenderer(shelf)
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
            renderer=renderer,
            now=clock.now,
        ),
        desk=PromptDesk(
            read_uow=database.read_only,
            catalogue=load_catalogue,
            renderer=renderer,
            dialects=_calling_dialects(settings),
        ),
    )


def hearing_of(settings: Settings, book: SoundBook, manners: Manners) -> Hearing:
    """Judges alerts as the settings say; where nobody is called nothing is missing."""
    dialects = _calling_dialects(settings)
    if settings.unrecorded_languages == "fall_back" or not dialects:
        return FallBack()

    def is_hearable(language: str, words: str) -> bool:
        if all(speakable(language, dialect) for dialect in dialects):
            return True
        return book.is_hearable(Wording(words, language))

    return AskFirst(is_hearable, manners)


def _calling_dialects(settings: Settings) -> frozenset[Dialect]:
    """Dialects of the carriers that call."""
    return frozenset(
        Dialect(one.dialect) for one in settings.carriers.values() if one.voice_from
    )
