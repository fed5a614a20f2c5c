"""What changing texts needs from a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from accounts.ports import AuditLog
from telephony.ports import Transaction
from warning.texts.text_changes import TextChange


class MessageTextRepository(Protocol):
    """Every change of our texts; nothing is ever written over."""

    def revision(self) -> int:
        """Number of the newest change; 0 without any."""
        ...

    def take_revision(self) -> int:
        """The next number; whoever else changes texts waits until this is over."""
        ...

    def add(self, changes: Sequence[TextChange]) -> None:
        """Keep changes of a revision that was taken; one a text."""
        ...

    def all(self) -> Sequence[TextChange]:
        """Every change, ascending by revision, then by language and path."""
        ...


class TextTransaction(Protocol):
    """A transaction in which texts can be read."""

    @property
    def message_texts(self) -> MessageTextRepository:
        """Changes of our texts."""
        ...


class UnitOfWork(TextTransaction, Transaction, Protocol):
    """One transaction over texts."""

    @property
    def audit(self) -> AuditLog:
        """What was done."""
        ...
