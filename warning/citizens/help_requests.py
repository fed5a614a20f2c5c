"""Somebody needs help: a case on the operator's list, the most pressing first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from warning.errors import HelpRequestError
from warning.people.whereabout import NOWHERE, Whereabout

MAX_WORDS = 1_600
MAX_OUTCOME = 200
#: Of a call back that is under way.
CALLING = "calling"
#: Of one that the operator did not take, or left before anybody had answered.
NOT_TAKEN = "not_taken"
#: No call back lasts so long: its end was never reported.
_OVER_AFTER = timedelta(hours=2)


class HelpState(StrEnum):
    """How far a request has come."""

    #: Nobody has looked at it.
    OPEN = "open"
    #: An operator cares for it.
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpRequest:
    """One request; a step gives a new value."""

    number: int | None = None
    #: E.164; kept out of ``repr`` because logs are read by many.
    phone: str = field(repr=False)
    subscriber_id: int | None
    #: The alert that was answered, if any.
    owner_ref: str | None = None
    is_urgent: bool
    vulnerable: bool
    language: str
    #: As registered when it is read; not kept with the request.
    name: str = field(default="", repr=False)
    words: str = field(default="", repr=False)
    where: Whereabout = NOWHERE
    opened_at: datetime
    #: When the person was last heard of.
    heard_at: datetime
    #: How often they asked.
    n_calls: int = 1
    state: HelpState = HelpState.OPEN
    taken_by: str | None = None
    taken_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    #: Who called back last, and when.
    called_by: str | None = None
    called_at: datetime | None = None
    #: How often somebody called back.
    n_call_backs: int = 0
    #: What came of the last time, as one word: ``calling``, ``completed``, ``busy``, …
    call_outcome: str | None = None

    def again(
        self,
        words: str,
        *,
        is_urgent: bool,
        at: datetime,
        owner_ref: str | None = None,
    ) -> HelpRequest:
        """The same person asks once more: nothing they said before is lost.

        The alert that they answer now is the one it belongs to.
        """
        is_new = bool(words) and words not in self.words
        both = [self.words, words] if is_new else [self.words]
        return replace(
            self,
            words=" / ".join(part for part in both if part)[:MAX_WORDS],
            is_urgent=self.is_urgent or is_urgent,
            owner_ref=owner_ref or self.owner_ref,
            heard_at=max(self.heard_at, at),
            n_calls=min(self.n_calls + 1, 30_000),
        )

    def take(self, by: str, at: datetime) -> HelpRequest:
        """An operator cares for it from now on, also in place of another.

        Raises
        ------
        HelpRequestError
            If it is closed.
        """
        self._require_open()
        return replace(self, state=HelpState.TAKEN, taken_by=by, taken_at=at)

    def close(self, by: str, outcome: str, at: datetime) -> HelpRequest:
        """It is dealt with.

        Raises
        ------
        HelpRequestError
            If it is closed already.
        """
        self._require_open()
        return replace(
            self,
            state=HelpState.CLOSED,
            closed_by=by,
            closed_at=at,
            outcome=outcome[:MAX_OUTCOME],
        )

    def call_back(self, by: str, at: datetime) -> HelpRequest:
        """An operator calls; whom nobody has taken is theirs from now on.

        Raises
        ------
        HelpRequestError
            If it is closed, or the person was erased.
        """
        self._require_open()
        if not self.phone:
            raise HelpRequestError("The person was erased; there is no number to call.")
        taken = self if self.state is HelpState.TAKEN else self.take(by, at)
        return replace(
            taken,
            called_by=by,
            called_at=at,
            n_call_backs=self.n_call_backs + 1,
            call_outcome=CALLING,
        )

    def call_ended(self, outcome: str) -> HelpRequest:
        """What came of calling back; also after it was closed in the same call."""
        return replace(self, call_outcome=outcome)

    def at(self, now: datetime) -> HelpRequest:
        """The request as it stands: a call of which nothing was heard is over."""
        since = self.called_at
        if self.call_outcome != CALLING or since is None or now - since <= _OVER_AFTER:
            return self
        return self.call_ended(NOT_TAKEN)

    def _require_open(self) -> None:
        if self.state is HelpState.CLOSED:
            raise HelpRequestError(
                "This request for help is closed; if the person asks again, a new "
                "one is opened."
            )


def ranked(requests: Sequence[HelpRequest]) -> list[HelpRequest]:
    """The most pressing first.

    Danger to life, then those who cannot help themselves, then those whom nobody has
    taken, then who asked again and again, then who has waited longest.
    """
    return sorted(
        requests,
        key=lambda one: (
            not one.is_urgent,
            not one.vulnerable,
            one.state is not HelpState.OPEN,
            -one.n_calls,
            one.opened_at,
        ),
    )
