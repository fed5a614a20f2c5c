"""What reachability tests need from a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from responders.roster.reach import Reach
from responders.roster.volunteer import ResponderId


class ReachabilityRepository(Protocol):
    """How volunteers can be reached, one row a person."""

    def get(self, responder_id: ResponderId) -> Reach | None:
        """Return what is known of one; None if nothing is."""
        ...

    def get_many(self, ids: Sequence[ResponderId]) -> Mapping[ResponderId, Reach]:
        """The same of several; those of whom nothing is known are absent."""
        ...

    def save(self, reach: Reach) -> None:
        """Write what is known of one."""
        ...

    def forget(self, responder_id: ResponderId) -> None:
        """Delete what is known of one."""
        ...

    def due(
        self, *, quiet_since: datetime, now: datetime, limit: int
    ) -> Sequence[ResponderId]:
        """Active people, on duty, neither asked nor heard of since; longest first.

        Whoever is not to be tested before a time after ``now`` is left out.
        """
        ...

    def to_call(
        self, *, asked_before: datetime, now: datetime, limit: int
    ) -> Sequence[ResponderId]:
        """Whose open test began before a time and was not followed by a call."""
        ...

    def n_asked_since(self, since: datetime) -> int:
        """How many tests have begun since a time."""
        ...

    def missed(self, *, asked_before: datetime, limit: int) -> Sequence[Reach]:
        """Of active people, tests open since before a time; most missed first."""
        ...
