"""One feed, read again and again: what is new in it comes in, once.

All that is known lies in rows, so a kill at any line costs a second look and nothing
else. No transaction is open while the network is asked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus

from warning.errors import FeedError
from warning.sources.feed_reader import FeedEntry, read_feed
from warning.sources.feed_state import EntryRecord, FeedState, Outcome
from warning.sources.fetching import Fetcher, FetchLimits
from warning.sources.source_desk import Receipt, SourceDesk, SourcePolicy
from warning.sources.source_ports import UnitOfWork

log = logging.getLogger(__name__)

#: The longest pause between two looks at a feed that cannot be read.
MAX_PAUSE = timedelta(hours=1)
#: Alerts asked for in one look; the rest at once afterwards.
MAX_NEW = 25
#: After so many tries an alert that cannot be had is given up.
MAX_TRIES = 8
#: An entry that left its feed is forgotten after this.
MEMORY = timedelta(days=30)
#: A look that found more than it took goes on after this.
_SOON = timedelta(seconds=1)
#: Letters of a header that is sent back.
_MAX_TAG = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A feed as it is configured."""

    name: str
    url: str = field(repr=False)
    hosts: frozenset[str]
    kind: str = "auto"
    every: timedelta = timedelta(minutes=2)
    limits: FetchLimits = field(default_factory=FetchLimits)
    max_entries: int = 200
    policy: SourcePolicy = field(default_factory=SourcePolicy)

    @property
    def source(self) -> str:
        """How its alerts say where they came from."""
        return f"feed:{self.name}"


class FeedPoll:
    """Reads one feed when it is due.

    Parameters
    ----------
    feed : Feed
    desk : SourceDesk
        Takes alerts in.
    fetcher : Fetcher
        Asks the network.
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        feed: Feed,
        *,
        desk: SourceDesk,
        fetcher: Fetcher,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
    ) -> None:
        self._feed = feed
        self._desk = desk
        self._fetcher = fetcher
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._now = now

    @property
    def _longest(self) -> timedelta:
        """How long one look may go on; what is left then waits for the next."""
        return timedelta(seconds=2 * self._feed.limits.timeout_s)

    def run_once(self) -> int:
        """Read the feed if it is due; return how many entries were looked into."""
        state = self._claim()
        if state is None:
            return 0
        try:
            found = self._ask(state)
        except FeedError as error:
            self._failed(state, str(error))
            return 0
        if found is None:
            self._read(state, note=None)
            return 0
        entries, fresh = found
        return self._work_through(entries, fresh)

    def _claim(self) -> FeedState | None:
        """Take the feed for this look; None if it is not due.

        The next look is put off first: another worker leaves the feed alone, and
        after a kill it is asked again soon.
        """
        now, name = self._now(), self._feed.name
        with self._read_uow() as uow:
            # Asked often and mostly in vain: writers are not made to wait for it.
            state = uow.feeds.state(name)
        if state is not None and state.next_at > now:
            return None
        with self._new_uow() as uow:
            state = uow.feeds.state(name) or FeedState(next_at=now)
            if state.next_at > now:
                return None
            busy_until = now + 2 * self._longest
            uow.feeds.save(name, replace(state, polled_at=now, next_at=busy_until))
            uow.commit()
        return replace(state, polled_at=now)

    def _ask(self, state: FeedState) -> tuple[Sequence[FeedEntry], FeedState] | None:
        """Ask for the feed; None if it says that it has not changed.

        Raises
        ------
        FeedError
            If it cannot be had or read.
        """
        feed = self._feed
        conditions = {"If-None-Match": state.etag}
        conditions["If-Modified-Since"] = state.last_modified
        answer = self._fetcher.get(
            feed.url,
            hosts=feed.hosts,
            headers={name: value for name, value in conditions.items() if value},
            limits=feed.limits,
        )
        if answer.status == HTTPStatus.NOT_MODIFIED and (
            state.etag or state.last_modified
        ):
            return None
        _require_ok(answer.status)
        entries = read_feed(
            answer.body,
            url=feed.url,
            hosts=feed.hosts,
            kind=feed.kind,
            max_bytes=feed.limits.max_bytes,
            max_entries=feed.max_entries,
        )
        fresh = replace(
            state,
            etag=_tag(answer.headers, "etag"),
            last_modified=_tag(answer.headers, "last-modified"),
            n_entries=len(entries),
        )
        return entries, fresh

    def _work_through(self, entries: Sequence[FeedEntry], state: FeedState) -> int:
        keys = [entry.key for entry in entries]
        with self._new_uow() as uow:
            known = uow.feeds.entries(self._feed.name, keys)
            uow.feeds.seen(self._feed.name, keys, now=self._now())
            uow.commit()
        # The oldest first, as they were said: feeds have the newest on top.
        todo = [e for e in reversed(entries) if not _is_final(known.get(e.key))]
        stop_at = self._now() + self._longest
        done: list[EntryRecord] = []
        for entry in todo[:MAX_NEW]:
            if self._now() >= stop_at:
                break
            done.append(self._look(entry, known.get(entry.key)))
        failures = [record.sentence for record in done if not record.is_final]
        note = None
        if failures:
            note = f"{len(failures)} of its alerts cannot be had now. {failures[0]}"
        has_more = len(todo) > len(done)
        if failures or has_more:
            # Unchanged or not, the feed must be seen again.
            state = replace(state, etag=None, last_modified=None)
        self._read(state, note=note, soon=has_more)
        return len(done)

    def _look(self, entry: FeedEntry, before: EntryRecord | None) -> EntryRecord:
        """Look into one entry and remember what came of it."""
        n_tries = 1 + (0 if before is None else before.n_tries)
        receipt = self._receive(entry)
        if receipt.outcome is Outcome.FAILED and n_tries >= MAX_TRIES:
            receipt = replace(receipt, outcome=Outcome.REFUSED)
        now = self._now()
        record = EntryRecord(
            outcome=receipt.outcome,
            alert_id=receipt.alert_id,
            sentence=receipt.sentence,
            n_tries=n_tries,
            first_seen_at=now if before is None else before.first_seen_at,
            last_seen_at=now,
        )
        with self._new_uow() as uow:
            uow.feeds.save_entry(self._feed.name, entry.key, record)
            uow.commit()
        return record

    def _receive(self, entry: FeedEntry) -> Receipt:
        feed = self._feed
        try:
            data = entry.document
            if data is None and entry.url is not None:
                answer = self._fetcher.get(
                    entry.url, hosts=feed.hosts, headers={}, limits=feed.limits
                )
                _require_ok(answer.status)
                data = answer.body
        except FeedError as error:
            return Receipt(outcome=Outcome.FAILED, alert_id=None, sentence=str(error))
        if data is None:
            sentence = entry.refusal or "The entry has no link to an alert."
            return Receipt(outcome=Outcome.REFUSED, alert_id=None, sentence=sentence)
        try:
            return self._desk.take(data, source=feed.source, policy=feed.policy)
        except OSError:
            raise  # the database: none of the others could be kept either
        except Exception:
            # A defect of ours on one alert must not hide the others from us.
            log.exception("alert not taken in", extra={"feed": feed.name})
            sentence = "It could not be worked on; the log has more."
            return Receipt(outcome=Outcome.FAILED, alert_id=None, sentence=sentence)

    def _read(self, state: FeedState, *, note: str | None, soon: bool = False) -> None:
        """Remember a look that worked."""
        now = self._now()
        self._save(
            replace(
                state,
                ok_at=now,
                next_at=now + (_SOON if soon else self._feed.every),
                n_failures=0,
                error=note,
            )
        )

    def _failed(self, state: FeedState, sentence: str) -> None:
        """Remember a look that did not; the pause doubles with each in a row."""
        n_failures = state.n_failures + 1
        pause = min(self._feed.every * 2 ** min(n_failures - 1, 12), MAX_PAUSE)
        log.warning("feed not read", extra={"feed": self._feed.name, "why": sentence})
        self._save(
            replace(
                state,
                next_at=self._now() + max(pause, self._feed.every),
                n_failures=n_failures,
                error=sentence,
            )
        )

    def _save(self, state: FeedState) -> None:
        with self._new_uow() as uow:
            uow.feeds.save(self._feed.name, state)
            uow.commit()


def _require_ok(status: int) -> None:
    """Let only a document pass.

    Raises
    ------
    FeedError
        If the answer is something else.
    """
    if status != HTTPStatus.OK:
        raise FeedError(f"It answers {status}; check the URL and the server.")


def _is_final(record: EntryRecord | None) -> bool:
    return record is not None and record.is_final


def _tag(headers: Mapping[str, str], name: str) -> str | None:
    """A header to be sent back; what is too long to be one is left out."""
    value = headers.get(name, "")
    return value if 0 < len(value) <= _MAX_TAG and value.isprintable() else None
