"""The sound that came with an alert, in the authority's own voice, as calls play it.

Only what is embedded: no address in an alert is ever fetched. A sound belongs to the
info that it came with, and so to one language. It is made ready once, at the first
asking, and found again by what came: whoever asks later, after a crash or in another
process, finds or makes the same (``docs/adr/0090``).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from hashlib import sha256
from itertools import islice
from typing import Protocol

from telephony.errors import SoundError
from telephony.sound.probing import probe
from telephony.sound.prompt_sound import made_ready
from telephony.sound.shelf import Shelf
from warning.cap import Alert, Info, Resource

log = logging.getLogger(__name__)

#: Infos of one alert whose sounds are played: more languages are spoken as words.
MAX_SOUNDS = 8
_AUDIO = "audio/"
#: Sounds made in another way get other names.
_MAKE = b"attached-1\0"


class OwnSounds(Protocol):
    """Finds the sound that an alert brought."""

    def of(self, cap: Alert, infos: Sequence[Info]) -> str | None:
        """Name of the sound that says these infos; None if words have to."""
        ...


class NoOwnSounds:
    """Nothing is played: everything is put into words."""

    def of(self, cap: Alert, infos: Sequence[Info]) -> None:
        """No alert brings a sound."""


#: There is nothing in it that could differ.
NO_OWN_SOUNDS = NoOwnSounds()


class AttachedSounds:
    """Sounds from alerts, on the shelf that calls are served from.

    Parameters
    ----------
    shelf : Shelf
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        #: What was tried in vain; asked again at every preview.
        self._unplayable: set[str] = set()

    def of(self, cap: Alert, infos: Sequence[Info]) -> str | None:
        """Name of the sound that says these infos; None if words have to.

        One sound speaks for one info. Where several are said to somebody, those that
        brought none would fall silent: then all are said in words.
        """
        if len(infos) != 1:
            return None
        bringing = islice((one for one in cap.infos if recording_of(one)), MAX_SOUNDS)
        resource = recording_of(infos[0])
        if resource is None or not any(one is infos[0] for one in bringing):
            return None
        return self._found_or_made(resource.content() or b"")

    def _found_or_made(self, data: bytes) -> str | None:
        name = sha256(_MAKE + data).hexdigest()
        if self._shelf.find(name) is not None:
            return name
        if name in self._unplayable:
            return None
        try:
            probe(data)
            self._shelf.put(name, made_ready(data).wav)
        except SoundError as error:
            log.warning("sound of an alert is not played: %s", error)
            self._unplayable.add(name)
            return None
        except OSError as error:
            log.warning("sound of an alert is not kept: %s", error.strerror)
            return None
        return name


def recording_of(info: Info) -> Resource | None:
    """The recording that came with an info, embedded; what lies elsewhere is not."""
    return next(
        (
            one
            for one in info.resources
            if one.mime_type.casefold().startswith(_AUDIO) and one.content()
        ),
        None,
    )
