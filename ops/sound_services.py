"""Sound for calls, put together once for a process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ivr_scripts.catalogue import load_catalogue
from telephony.sound.book import SoundBook, SoundUrls
from telephony.sound.espeak import EspeakRenderer
from telephony.sound.service import RecordingService
from telephony.sound.shelf import Shelf

if TYPE_CHECKING:
    from ops.clock import Clock
    from ops.ports import Database
    from ops.settings import Settings

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
            catalogue=cache(load_catalogue),
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
