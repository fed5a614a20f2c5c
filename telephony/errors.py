"""Everything that can be wrong between us and a phone.

::

    TelephonyError
    ├── InvalidNumberError     not a telephone number
    ├── SignatureError         a callback is not signed by the carrier it names
    ├── UnknownAttemptError    a callback names an attempt we never made
    ├── CarrierConfigError     a carrier is not set up so that it can work
    ├── CarrierUnavailableError  a carrier cannot be asked now
    ├── RecordingLateError     a carrier does not have a recording (yet)
    ├── RecordingLostError     a recording will never be had
    ├── CallbackNotKeptError   a callback could not be made durable: not taken
    ├── SoundError             a sound cannot be used
    │   └── SoundNotFoundError    no sound of this name
    └── ContentError           a delivery has no text or script in its language
"""

from __future__ import annotations


class TelephonyError(Exception):
    """Something between us and a phone prevents the request."""


class InvalidNumberError(TelephonyError, ValueError):
    """Not a telephone number that can be dialled."""


class SignatureError(TelephonyError):
    """The callback is not signed with the carrier's token."""


class UnknownAttemptError(TelephonyError):
    """The callback names an attempt that was never made here."""


class CarrierConfigError(TelephonyError):
    """A carrier is not configured so that it can work."""


class CarrierUnavailableError(TelephonyError):
    """The carrier cannot be asked now; the question stays open."""


class RecordingLateError(TelephonyError):
    """The carrier does not have the recording: it may be working on it still."""


class RecordingLostError(TelephonyError):
    """The recording cannot be had, however often it is asked for."""


class CallbackNotKeptError(TelephonyError):
    """The callback could not be made durable; the carrier must send it again."""


class ContentError(TelephonyError):
    """A delivery has no text or script in any language of its chain."""


class SoundError(TelephonyError):
    """A sound cannot be used; the message says what to send instead."""


class SoundNotFoundError(SoundError):
    """There is no sound of this name, or no text of this key."""
