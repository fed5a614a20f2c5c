"""What the telco remembers: messages and calls, compact, in order, per phone.

Records of one phone are chained from the newest to the oldest, so that a million
messages to a million people cost no list each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

FINAL_MESSAGE_STATUSES = frozenset({
    "delivered", "undelivered", "failed", "canceled", "received",
})  # fmt: skip
FINAL_CALL_STATUSES = frozenset({
    "completed", "busy", "no-answer", "failed", "canceled",
})  # fmt: skip


@dataclass(slots=True, eq=False)
class Message:
    """One text message, in either direction."""

    sid: str
    to: str
    from_: str
    body: str
    status: str
    #: ``outbound-api``, ``outbound-reply`` or ``inbound``.
    direction: str
    created_s: float
    updated_s: float
    status_callback: str | None = None
    sent_s: float | None = None
    error_code: str | None = None
    validity_s: int | None = None
    n_segments: int = 1
    #: Position in the order of acceptance.
    number: int = -1
    #: How many messages of the same phone came before.
    nth: int = 0
    #: The one before on the same phone.
    earlier: Message | None = field(default=None, repr=False)

    @property
    def phone(self) -> str:
        """The citizen's number."""
        return self.from_ if self.direction == "inbound" else self.to

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to it."""
        return self.status in FINAL_MESSAGE_STATUSES


@dataclass(slots=True, eq=False)
class Call:
    """One call, in either direction."""

    sid: str
    to: str
    from_: str
    status: str
    #: ``outbound-api``, ``outbound-dial`` or ``inbound``.
    direction: str
    created_s: float
    updated_s: float
    url: str | None = None
    method: str = "POST"
    twiml: str | None = None
    fallback_url: str | None = None
    status_callback: str | None = None
    status_callback_method: str = "POST"
    #: Twilio: which of initiated, ringing, answered, completed are reported.
    events: frozenset[str] = frozenset({"completed"})
    #: Virtual seconds it may ring.
    ring_limit_s: float = 60.0
    #: Virtual seconds it may last.
    time_limit_s: float = 14_400.0
    machine_detection: str | None = None
    #: Told who answered while the call goes on; None: nobody is spoken to before.
    detection_callback: str | None = None
    answered_by: str | None = None
    parent_sid: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    #: Virtual seconds from the answer to the end.
    duration_s: int | None = None
    sip_code: int | None = None
    error_code: str | None = None
    #: Callbacks reported so far.
    n_events: int = 0
    number: int = -1
    nth: int = 0
    earlier: Call | None = field(default=None, repr=False)
    #: What was heard and pressed, for the inbox of a phone and for tests.
    transcript: list[dict[str, str]] = field(default_factory=list, repr=False)

    @property
    def phone(self) -> str:
        """The citizen's number."""
        return self.from_ if self.direction == "inbound" else self.to

    @property
    def is_final(self) -> bool:
        """Whether it is over."""
        return self.status in FINAL_CALL_STATUSES


@dataclass(frozen=True, slots=True)
class Recording:
    """What a `<Record>` left behind: a tone of its length, or nothing to be heard."""

    sid: str
    call_sid: str
    created_s: float
    duration_s: int
    is_silent: bool = False


_RecordT = TypeVar("_RecordT", Message, Call)


class Shelf(Generic[_RecordT]):
    """Records of one kind: by SID, in the order of acceptance, and by phone."""

    def __init__(self) -> None:
        self._by_sid: dict[str, _RecordT] = {}
        self._in_order: list[_RecordT] = []
        self._newest: dict[str, _RecordT] = {}

    def __len__(self) -> int:
        return len(self._in_order)

    def add(self, record: _RecordT) -> None:
        """Take a new record in."""
        record.number = len(self._in_order)
        earlier = self._newest.get(record.phone)
        if earlier is not None:
            record.earlier = earlier
            record.nth = earlier.nth + 1
        self._by_sid[record.sid] = record
        self._in_order.append(record)
        self._newest[record.phone] = record

    def find(self, sid: str) -> _RecordT | None:
        """Look a record up by its SID."""
        return self._by_sid.get(sid)

    def oldest_first(self, start: int = 0) -> Iterator[_RecordT]:
        """Walk the records in the order of acceptance, from position `start`."""
        for number in range(start, len(self._in_order)):
            yield self._in_order[number]

    def newest_first(self, start: int | None = None) -> Iterator[_RecordT]:
        """Walk back from position `start` (excluded), or from the newest."""
        top = len(self._in_order) if start is None else start
        for number in range(top - 1, -1, -1):
            yield self._in_order[number]

    def of_phone(self, phone: str) -> Iterator[_RecordT]:
        """Records of one phone, newest first."""
        record = self._newest.get(phone)
        while record is not None:
            yield record
            record = record.earlier

    def newest_phones(self, limit: int) -> list[str]:
        """Name the phones of the newest records, each once, at most `limit`."""
        seen: dict[str, None] = {}
        for record in self.newest_first():
            seen.setdefault(record.phone)
            if len(seen) >= limit:
                break
        return list(seen)

    def clear(self) -> None:
        """Forget everything."""
        self._by_sid.clear()
        self._in_order.clear()
        self._newest.clear()


class Ledger:
    """All records of the telco and its counters."""

    def __init__(self) -> None:
        self.messages: Shelf[Message] = Shelf()
        self.calls: Shelf[Call] = Shelf()
        self.recordings: dict[str, Recording] = {}
        #: (person, sender) pairs that texted STOP.
        self.opt_outs: set[tuple[str, str]] = set()
        self.counters: Counter[str] = Counter()

    def clear(self) -> None:
        """Forget everything."""
        self.messages.clear()
        self.calls.clear()
        self.recordings.clear()
        self.opt_outs.clear()
        self.counters.clear()
