"""What somebody has just spoken after the tone, made ready while they wait for it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from telephony.calls.carrier_recordings import Recordings
from telephony.errors import (
    CarrierUnavailableError,
    RecordingLateError,
    RecordingLostError,
    SoundError,
)
from telephony.sound.prompt_sound import made_ready
from telephony.sound.shelf import Shelf

log = logging.getLogger(__name__)

#: Carriers wait 15 seconds for the next document; some of it is the way to us.
PATIENCE_S = 9.0
#: Twilio has a recording a moment after it tells of it.
_PAUSES_S = (0.3, 0.6, 1.2, 2.4)


class PhoneTakes:
    """Brings recordings here, and says under which name they are played.

    Parameters
    ----------
    recordings : Recordings
    shelf : Shelf
        Where the sounds of calls are kept.
    monotonic : callable
        Seconds that only grow.
    wait : callable
        Waits so many seconds.
    """

    def __init__(
        self,
        *,
        recordings: Recordings,
        shelf: Shelf,
        monotonic: Callable[[], float],
        wait: Callable[[float], object],
    ) -> None:
        self._recordings = recordings
        self._shelf = shelf
        self._monotonic = monotonic
        self._wait = wait

    def __call__(self, ref: str) -> str | None:
        """Name of the sound; None if nothing was said, or it cannot be had in time.

        The same recording always has the same name, so a repeated request does no
        harm.
        """
        stop_at = self._monotonic() + PATIENCE_S
        for pause_s in (*_PAUSES_S, None):
            left_s = stop_at - self._monotonic()
            try:
                sound = made_ready(self._recordings.fetch(ref, timeout_s=left_s))
            except (RecordingLateError, CarrierUnavailableError) as error:
                log.info("a recording is not there yet: %s", error)
            except (RecordingLostError, SoundError) as error:
                log.info("a recording cannot be played: %s", error)
                return None
            else:
                self._shelf.put(sound.digest, sound.wav)
                return sound.digest
            if pause_s is None or self._monotonic() + pause_s >= stop_at:
                break
            self._wait(pause_s)
        log.warning("a recording did not come while its speaker waited")
        return None
