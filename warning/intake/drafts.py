"""Warnings that are being written: kept while they are, shared by all who write.

A draft is the fields of a form as they were typed, whether or not an alert could be
made of them. Every save names the version that its author has read. Whoever saves over
what somebody else has saved meanwhile is told so, and nothing is overwritten.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NewType, Protocol

from accounts.ports import AuditLog
from telephony.ports import Transaction
from warning.alert import AlertId
from warning.errors import AlertError, DraftNotFoundError, TooLongDraftError

DraftId = NewType("DraftId", str)

#: Characters over all fields: an outline of 50,000 corners and the texts beside it.
MAX_CHARS = 4_000_000
#: Drafts that are thrown away in one transaction.
_FORGOTTEN_AT_ONCE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A warning that is being written."""

    draft_id: DraftId
    #: From 1; one more with every save.
    version: int
    #: Name of a field → what was typed into it; empty fields are absent.
    fields: Mapping[str, str]
    #: The live alert that it is to update, if it is to.
    follows: AlertId | None = None
    begun_by: str
    begun_at: datetime
    saved_by: str
    saved_at: datetime


class StaleDraftError(AlertError):
    """Somebody else saved the draft meanwhile; carries what they saved."""

    def __init__(self, message: str, *, theirs: Draft) -> None:
        super().__init__(message)
        self.theirs = theirs


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One field in which two versions differ."""

    field: str
    theirs: str
    yours: str


class DraftRepository(Protocol):
    """Keeps drafts."""

    def add(self, draft: Draft) -> None:
        """Store a new one."""
        ...

    def find(self, draft_id: DraftId) -> Draft | None:
        """Return one; None if there is none."""
        ...

    def replace(self, draft: Draft) -> bool:
        """Write one over the version before it; False if that is not what is there."""
        ...

    def list(self, *, limit: int) -> Sequence[Draft]:
        """Drafts, the one saved last first."""
        ...

    def remove(self, draft_id: DraftId) -> bool:
        """Forget one; False if there is none."""
        ...

    def untouched_since(self, then: datetime, *, limit: int) -> Sequence[Draft]:
        """Drafts that nobody saved since a time, the oldest first."""
        ...


class UnitOfWork(Transaction, Protocol):
    """One transaction over drafts."""

    @property
    def drafts(self) -> DraftRepository:
        """Warnings that are being written."""
        ...

    @property
    def audit(self) -> AuditLog:
        """What was done."""
        ...


class DraftBook:
    """The use cases of drafts.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._now = now

    def begin(
        self, fields: Mapping[str, str], *, by: str, follows: AlertId | None = None
    ) -> Draft:
        """Keep a new draft.

        Raises
        ------
        TooLongDraftError
            If more was typed than can be kept.
        """
        at = self._now()
        draft = Draft(
            draft_id=DraftId(secrets.token_hex(8)),
            version=1,
            fields=kept(fields),
            follows=follows,
            begun_by=by,
            begun_at=at,
            saved_by=by,
            saved_at=at,
        )
        with self._new_uow() as uow:
            uow.drafts.add(draft)
            self._note(uow, "draft.begin", draft, by)
            uow.commit()
        return draft

    def save(
        self, draft_id: DraftId, fields: Mapping[str, str], *, version: int, by: str
    ) -> Draft:
        """Keep what was typed since ``version``; the same again changes nothing.

        Raises
        ------
        DraftNotFoundError
            If it was submitted or thrown away meanwhile.
        StaleDraftError
            If somebody saved it meanwhile; carries what they saved.
        TooLongDraftError
            If more was typed than can be kept.
        """
        wanted = kept(fields)
        with self._new_uow() as uow:
            there = _found(uow, draft_id)
            if there.fields == wanted:
                return there
            saved = replace(
                there,
                version=version + 1,
                fields=wanted,
                saved_by=by,
                saved_at=self._now(),
            )
            if there.version != version or not uow.drafts.replace(saved):
                raise StaleDraftError(
                    f"{there.saved_by} saved this draft meanwhile. Nothing was "
                    "overwritten: compare, and choose what is to stand.",
                    theirs=there,
                )
            uow.commit()
        return saved

    def get(self, draft_id: DraftId) -> Draft:
        """Return one.

        Raises
        ------
        DraftNotFoundError
            If there is none of this id.
        """
        with self._read_uow() as uow:
            return _found(uow, draft_id)

    def list(self, *, limit: int = 50) -> Sequence[Draft]:
        """Drafts, the one saved last first."""
        with self._read_uow() as uow:
            return uow.drafts.list(limit=limit)

    def remove(self, draft_id: DraftId, *, by: str) -> None:
        """Forget one: it became an alert, or is not wanted. Twice is not an error."""
        with self._new_uow() as uow:
            draft = uow.drafts.find(draft_id)
            if draft is not None and uow.drafts.remove(draft_id):
                self._note(uow, "draft.remove", draft, by)
                uow.commit()

    def forget_old(self, *, before: datetime) -> int:
        """Throw away drafts that nobody saved since a time; return how many.

        What is written and never sent also names places and people's doings: it is not
        kept for ever. At most so many at a time; the job comes again.
        """
        with self._new_uow() as uow:
            old = uow.drafts.untouched_since(before, limit=_FORGOTTEN_AT_ONCE)
            for draft in old:
                uow.drafts.remove(draft.draft_id)
                self._note(uow, "draft.expire", draft, "system")
            if old:
                uow.commit()
        return len(old)

    def _note(self, uow: UnitOfWork, action: str, draft: Draft, by: str) -> None:
        uow.audit.append(
            at=self._now(),
            actor=by,
            action=action,
            subject=f"draft:{draft.draft_id}",
            details={
                "place": draft.fields.get("area_desc", "")[:200],
                "follows": draft.follows,
                "saved_by": draft.saved_by,
            },
        )


def kept(fields: Mapping[str, str]) -> dict[str, str]:
    """What is kept of a form: fields in which something stands.

    Raises
    ------
    TooLongDraftError
        If that is too much.
    """
    filled = {name: text for name, text in fields.items() if text}
    n = sum(len(name) + len(text) for name, text in filled.items())
    if n > MAX_CHARS:
        raise TooLongDraftError(
            f"The draft has {n:,} characters; {MAX_CHARS:,} can be kept. Simplify "
            "its outline."
        )
    return filled


def differences(
    theirs: Mapping[str, str], yours: Mapping[str, str]
) -> list[Difference]:
    """The fields in which two versions differ, by name."""
    return [
        Difference(field=name, theirs=theirs.get(name, ""), yours=yours.get(name, ""))
        for name in sorted(theirs.keys() | yours.keys())
        if theirs.get(name, "") != yours.get(name, "")
    ]


def _found(uow: UnitOfWork, draft_id: DraftId) -> Draft:
    """Return a draft within a transaction.

    Raises
    ------
    DraftNotFoundError
        If there is none of this id.
    """
    draft = uow.drafts.find(draft_id)
    if draft is None:
        raise DraftNotFoundError(
            f"There is no draft {draft_id[:40]!r} any more: it was submitted or thrown "
            "away. Look for it among the alerts."
        )
    return draft
