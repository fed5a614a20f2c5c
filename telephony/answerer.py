"""Who took a call, as far as its carrier can tell, and when that counts as heard."""

from __future__ import annotations

from enum import IntEnum


class Answerer(IntEnum):
    """What picked up. A higher number wins over a lower one, whichever came first."""

    #: The carrier listened and could not tell.
    UNKNOWN = 0
    #: Voicemail, or a fax.
    MACHINE = 1
    PERSON = 2


def answerer_of(word: str) -> Answerer | None:
    """Read a carrier's ``AnsweredBy``.

    Parameters
    ----------
    word : str
        Such as ``human``, ``machine_start``, ``machine_end_beep``, ``fax``.

    Returns
    -------
    Answerer or None
        None for an empty word: nobody was asked to tell.

    Examples
    --------
    >>> answerer_of("machine_end_silence").name
    'MACHINE'
    """
    word = word.strip().lower()
    if not word:
        return None
    if word == "human":
        return Answerer.PERSON
    is_machine = word.startswith(("machine", "fax"))
    return Answerer.MACHINE if is_machine else Answerer.UNKNOWN


def is_heard(
    answerer: Answerer | int | None, duration_s: int | None, *, after_s: int
) -> bool:
    """Whether somebody has listened to a call in which no key was pressed.

    Parameters
    ----------
    answerer : Answerer or int, optional
        None if the carrier never said.
    duration_s : int, optional
        From the answer to the end, seconds; None while it lasts.
    after_s : int
        Useful length, seconds.

    Notes
    -----
    Only if the carrier is sure of a person: voicemail listens as long as anybody, and
    whoever counts as having heard is not rung again.
    """
    if duration_s is None:
        return False
    return answerer == Answerer.PERSON and duration_s >= after_s
