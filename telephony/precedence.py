"""Who goes first when several threads wait to write to the database."""

from __future__ import annotations

from enum import IntEnum


class Precedence(IntEnum):
    """The lowest goes first; among equals, who has waited longest."""

    #: A volunteer is called: a life depends on it.
    URGENT = 0
    #: Messages leave, or their answers are written down: a carrier is kept waiting.
    #: One thread does this, so that between two of its turns another has one.
    SENDING = 1
    #: Everything else.
    ORDINARY = 2
