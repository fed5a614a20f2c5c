"""The parts of public warning that depend on when and how fast alerts go out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from telephony.sound.shelf import Shelf
from warning.approval.preview import SendingPace
from warning.schedule import NO_QUIET, QuietHours
from warning.texts.manner import Manner, OneManner
from warning.texts.own_sounds import AttachedSounds
from warning.texts.template_book import InstallationManners, TemplateBook

if TYPE_CHECKING:
    from ops.config.settings import Settings
    from ops.ports import Database

#: Sounds that calls play, below the data folder.
SOUND_FOLDER = "recordings"
#: What is spoken in calls and perhaps kept.
TAKE_FOLDER = "takes"


def shelf_of(settings: Settings) -> Shelf:
    """Where sounds are kept, and found while a call plays them; makes nothing yet."""
    return Shelf(settings.data_dir / SOUND_FOLDER, behind=takes_of(settings))


def takes_of(settings: Settings) -> Shelf:
    """Where what was just spoken lies until its speaker keeps it."""
    return Shelf(settings.data_dir / TAKE_FOLDER)


def manners_of(settings: Settings, database: Database) -> InstallationManners:
    """How this installation puts things into words and sounds; reads nothing yet."""
    return InstallationManners(
        read_uow=database.read_only,
        book=TemplateBook(),
        zone=settings.zone,
        sounds=AttachedSounds(shelf_of(settings)),
    )


def plain_manners(settings: Settings) -> OneManner:
    """The same where there is no database: in the texts that come with the release."""
    sounds = AttachedSounds(shelf_of(settings))
    return OneManner(Manner(zone=settings.zone, sounds=sounds))


def quiet_hours_of(settings: Settings) -> QuietHours:
    """When minor alerts wait; never if nobody said whose clock counts."""
    zone = settings.zone
    if zone is None:
        return NO_QUIET
    return QuietHours(settings.quiet_from, settings.quiet_until, zone)


def pace_of(settings: Settings) -> Callable[[], SendingPace]:
    """How fast the carriers take what we send, by what they allow."""
    carriers = settings.carriers.values()
    pace = SendingPace(
        sms_per_s=sum(one.sms_per_s for one in carriers if one.sms_from),
        calls_per_s=sum(one.calls_per_s for one in carriers if one.voice_from),
    )
    return lambda: pace
