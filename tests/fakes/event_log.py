"""``telephony.ports.EventLog`` in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from telephony.delivery import CarrierEvent
from tests.fakes.rows import Rows


class FakeEventLog:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def append(self, events: Sequence[CarrierEvent]) -> None:
        known = {_text(event) for event in self._rows.events.values()}
        for event in events:
            if event.text_ref is not None and _text(event) in known:
                continue
            known.add(_text(event))
            number = len(self._rows.events) + 1
            self._rows.events[number] = replace(event, event_id=number)

    def unfolded(self, *, limit: int) -> Sequence[CarrierEvent]:
        return self._waiting()[:limit]

    def n_unfolded(self) -> int:
        return len(self._waiting())

    def unfolded_since(self) -> datetime | None:
        return next((event.received_at for event in self._waiting()), None)

    def mark_folded(
        self, event_ids: Sequence[int], *, now: datetime, unknown: Sequence[int] = ()
    ) -> None:
        self._rows.folded.update(event_ids, unknown)
        self._rows.unknown.update(unknown)

    def _waiting(self) -> list[CarrierEvent]:
        return [
            event
            for number, event in self._rows.events.items()
            if number not in self._rows.folded
        ]


def _text(event: CarrierEvent) -> tuple[str, str | None]:
    return event.carrier, event.text_ref
