"""How the configured feeds are: for operators, and for those who watch the service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from warning.sources.feed_poll import Feed
from warning.sources.feed_state import FeedState
from warning.sources.source_ports import UnitOfWork

#: A feed that was not read for so many of its intervals is late.
_LATE_AFTER = 5
_LEAST = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedLine:
    """One feed as it stands."""

    feed: Feed
    #: None if it was never read.
    state: FeedState | None
    is_ok: bool
    #: What is so and, when it is not well, what to do.
    sentence: str


class FeedBoard:
    """Everything there is to see of feeds.

    Parameters
    ----------
    feeds : sequence of Feed
        As they are configured.
    read_uow : callable
        Opens a unit of work that only reads.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        *,
        read_uow: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
    ) -> None:
        self._feeds = feeds
        self._read_uow = read_uow
        self._now = now

    def lines(self) -> Sequence[FeedLine]:
        """Every configured feed, by name."""
        if not self._feeds:
            return []
        with self._read_uow() as uow:
            states = {feed.name: uow.feeds.state(feed.name) for feed in self._feeds}
        return [self._line(feed, states[feed.name]) for feed in self._feeds]

    def _line(self, feed: Feed, state: FeedState | None) -> FeedLine:
        is_ok, sentence = self._how(feed, state)
        return FeedLine(feed=feed, state=state, is_ok=is_ok, sentence=sentence)

    def _how(self, feed: Feed, state: FeedState | None) -> tuple[bool, str]:
        if state is None or state.polled_at is None:
            return True, "It was not read yet; the worker does so when it runs."
        if state.error is not None:
            return False, state.error
        late_after = max(feed.every * _LATE_AFTER, _LEAST)
        if state.ok_at is None or self._now() - state.ok_at > late_after:
            return False, "It was not read for long; see that the worker runs."
        return True, f"It was read, with {state.n_entries} entries."
