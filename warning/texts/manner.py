"""How an installation puts alerts into words: whose clock, whose texts, which sounds.

An alert keeps the texts that it was submitted with (``docs/adr/0098``): whoever
composes asks for the manner of that alert, and composes all of it in that manner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Protocol

from warning.texts.message_templates import MessageTemplates
from warning.texts.own_sounds import NO_OWN_SOUNDS, OwnSounds
from warning.texts.text_files import brought_templates

if TYPE_CHECKING:
    from warning.alert import AlertCase
    from warning.texts.text_ports import TextTransaction

#: The variant of the texts that an alert starts with.
WARNING = "warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Manner:
    """How an alert is put into words."""

    #: Which of the alert's texts these are.
    variant: str = WARNING
    #: Say first that this changes what people were told before.
    is_update: bool = False
    #: Whose clock times are told by; the sender's if not given.
    zone: tzinfo | None = None
    #: For the people of which of its places these are; empty for all.
    places: str = ""
    #: Finds the sound that an alert brought, to be played in its words' place.
    sounds: OwnSounds = NO_OWN_SOUNDS
    #: Our texts; those that come with the release if not given.
    own_texts: MessageTemplates | None = None

    @property
    def texts(self) -> MessageTemplates:
        """Our texts."""
        return self.own_texts or brought_templates()


#: As an alert is first told, in the words that come with the release.
PLAIN = Manner()


class Manners(Protocol):
    """Knows in which manner an alert is put into words."""

    def of(self, case: AlertCase) -> Manner:
        """That of one alert: with the texts that it was submitted with.

        A draft has those that are in force now.
        """
        ...

    def now(self) -> Manner:
        """That of what is being written."""
        ...

    def texts_in(self, uow: TextTransaction) -> MessageTemplates:
        """Our texts that are in force, as a transaction sees them."""
        ...


class OneManner:
    """The same for every alert, and the texts that come with the release.

    Parameters
    ----------
    manner : Manner
    """

    def __init__(self, manner: Manner = PLAIN) -> None:
        self._manner = manner

    def of(self, case: AlertCase) -> Manner:
        """The same for every alert."""
        del case
        return self._manner

    def now(self) -> Manner:
        """The same at any time."""
        return self._manner

    def texts_in(self, uow: TextTransaction) -> MessageTemplates:
        """The same in every transaction."""
        del uow
        return self._manner.texts


#: For whoever has no texts of their own.
PLAINLY = OneManner()
