"""Our texts of every moment, as every process reads them.

A change holds from its commit on, in every process: whoever composes asks for the
number of the newest change, a row, and reads the rest only when that has grown. That is
once an alert, not once a message.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import tzinfo
from threading import Lock
from typing import TYPE_CHECKING

from warning.alert import AlertCase, AlertState
from warning.texts.manner import Manner
from warning.texts.message_templates import MessageTemplates
from warning.texts.own_sounds import NO_OWN_SOUNDS, OwnSounds
from warning.texts.text_changes import History
from warning.texts.text_files import brought_templates

if TYPE_CHECKING:
    from warning.texts.text_ports import TextTransaction

#: Moments whose texts are kept ready: alerts that wait, and now.
_READY = 8


class TemplateBook:
    """Our texts by moment, read again only when something has changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._history = History(())
        self._ready: OrderedDict[int, MessageTemplates] = OrderedDict()

    def at(self, uow: TextTransaction, revision: int | None) -> MessageTemplates:
        """The texts after a revision; those in force if None."""
        newest = uow.message_texts.revision()
        wanted = newest if revision is None else revision
        with self._lock:
            if newest < self._history.revision:
                # This transaction began before a change that another one has read.
                return _read(uow).templates(brought_templates(), at=wanted)
            if newest > self._history.revision:
                self._history = _read(uow)
                self._ready.clear()
            if wanted not in self._ready:
                self._ready[wanted] = self._history.templates(
                    brought_templates(), at=wanted
                )
            self._ready.move_to_end(wanted)
            if len(self._ready) > _READY:
                self._ready.popitem(last=False)
            return self._ready[wanted]


class InstallationManners:
    """``warning.texts.manner.Manners`` of an installation.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    book : TemplateBook
    zone : tzinfo, optional
        Whose clock times are told by.
    sounds : OwnSounds, optional
        Finds the sounds that alerts brought.
    """

    def __init__(
        self,
        *,
        read_uow: Callable[[], AbstractContextManager[TextTransaction]],
        book: TemplateBook,
        zone: tzinfo | None = None,
        sounds: OwnSounds = NO_OWN_SOUNDS,
    ) -> None:
        self._read_uow = read_uow
        self._book = book
        self._zone = zone
        self.sounds = sounds

    def of(self, case: AlertCase) -> Manner:
        """With the texts that an alert was submitted with; those of now for a draft."""
        is_draft = case.state is AlertState.DRAFT
        return self._at(None if is_draft else case.texts_revision)

    def now(self) -> Manner:
        """With the texts that are in force."""
        return self._at(None)

    def texts_in(self, uow: TextTransaction) -> MessageTemplates:
        """Our texts that are in force, as a transaction sees them."""
        return self._book.at(uow, None)

    def _at(self, revision: int | None) -> Manner:
        with self._read_uow() as uow:
            texts = self._book.at(uow, revision)
        return Manner(zone=self._zone, sounds=self.sounds, own_texts=texts)


def _read(uow: TextTransaction) -> History:
    return History(uow.message_texts.all())
