"""What was said last between a number and us, and whether to answer once more.

Two robots that answer each other would never end, and whoever forges senders would use
us to ring and write to others. So the same text is answered once, what nobody
understands once in some hours, and nobody gets more than some answers an hour. None of
this touches what a text *does*: the tenth STOP in a minute is a STOP.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

#: The same text again within this is a flood or a slip of the thumb.
SAME_AGAIN = timedelta(minutes=10)
#: One helpful answer to what nobody understands, then silence for this long.
UNCLEAR_AGAIN = timedelta(hours=6)
#: Answers to one number; and so many more to what must not go unheard, STOP and HELP.
MAX_ANSWERS = 10
MAX_VITAL_ANSWERS = 5
PER = timedelta(hours=1)
#: A question of ours waits this long for its answer.
QUESTION_HOLDS = timedelta(days=1)
#: Calls back to one number.
MAX_CALLS_BACK = 3
CALLS_BACK_PER = timedelta(days=1)
CALL_BACK_AGAIN = timedelta(minutes=10)
#: A number that was silent this long is forgotten.
FORGOTTEN_AFTER = timedelta(days=30)
_DIGEST_LENGTH = 16


class Asked(StrEnum):
    """What we asked a number last."""

    NOTHING = ""
    LANGUAGE = "language"
    PLACE = "place"
    REPORT = "report"


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """Where the talk with one number stands; a step gives a new value."""

    asked: Asked = Asked.NOTHING
    asked_at: datetime | None = None
    #: BCP 47, of somebody who is not registered; empty if unknown.
    language: str = ""
    #: Digest of the last text from the number, and of our last answer to it.
    heard: str = ""
    heard_at: datetime | None = None
    answered: str = ""
    unclear_at: datetime | None = None
    n_answers: int = 0
    answers_since: datetime | None = None
    called_at: datetime | None = None
    n_calls: int = 0
    calls_since: datetime | None = None

    def waits_for(self, at: datetime) -> Asked:
        """The question of ours that is still open."""
        if self.asked_at is None or at - self.asked_at > QUESTION_HOLDS:
            return Asked.NOTHING
        return self.asked

    def is_echo(self, body: str) -> bool:
        """Whether our own last words come back: a robot, that wants nothing of us."""
        return bool(self.answered) and digest(body) == self.answered

    def hears(
        self, body: str, at: datetime, *, is_vital: bool = False
    ) -> tuple[Conversation, bool]:
        """Take a text in; whether an answer to it is due at all."""
        said = digest(body)
        is_same = said == self.heard and _is_within(self.heard_at, at, SAME_AGAIN)
        now = replace(self, heard=said, heard_at=self.heard_at if is_same else at)
        return now, not is_same and self.has_room(at, is_vital=is_vital)

    def may_say_unclear(self, at: datetime) -> bool:
        """Whether the one helpful answer has not been given for some hours."""
        return not _is_within(self.unclear_at, at, UNCLEAR_AGAIN)

    def answers(
        self, text: str, at: datetime, *, is_unclear: bool = False
    ) -> Conversation:
        """Note what we answer."""
        in_window = _is_within(self.answers_since, at, PER)
        return replace(
            self,
            answered=digest(text),
            unclear_at=at if is_unclear else self.unclear_at,
            n_answers=self.n_answers + 1 if in_window else 1,
            answers_since=self.answers_since if in_window else at,
        )

    def asks(self, what: Asked, at: datetime) -> Conversation:
        """Note what we ask; ``NOTHING`` takes a question back."""
        return replace(self, asked=what, asked_at=at if what else None)

    def calls_back(self, at: datetime) -> Conversation | None:
        """Note that we call back; None if that number has been called enough."""
        in_window = _is_within(self.calls_since, at, CALLS_BACK_PER)
        is_soon = _is_within(self.called_at, at, CALL_BACK_AGAIN)
        if is_soon or (in_window and self.n_calls >= MAX_CALLS_BACK):
            return None
        return replace(
            self,
            called_at=at,
            n_calls=self.n_calls + 1 if in_window else 1,
            calls_since=self.calls_since if in_window else at,
        )

    def to_json(self) -> dict[str, object]:
        """As it is kept; what is empty is left out."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
            if value
        }

    @classmethod
    def from_json(cls, document: Mapping[str, object]) -> Conversation:
        """Read what ``to_json`` wrote; what a later release added is left out."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {
            name: _read(name, value)
            for name, value in document.items()
            if name in known
        }
        return cls(**values)

    def has_room(self, at: datetime, *, is_vital: bool = False) -> bool:
        """Whether a number may be answered once more in this hour."""
        in_window = _is_within(self.answers_since, at, PER)
        room = MAX_ANSWERS + (MAX_VITAL_ANSWERS if is_vital else 0)
        return not in_window or self.n_answers < room


def digest(text: str) -> str:
    """A short fingerprint of a text, blanks and capitals aside."""
    plain = " ".join(text.split()).casefold()
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:_DIGEST_LENGTH]


def _is_within(then: datetime | None, at: datetime, span: timedelta) -> bool:
    return then is not None and at - then < span


def _read(name: str, value: object) -> object:
    if name == "asked":
        return Asked(str(value))
    if name.endswith(("_at", "_since")):
        return datetime.fromisoformat(str(value))
    return value
