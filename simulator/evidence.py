"""What was accepted, for tests that must know: who, how often, under which mark.

A customer puts its attempt's own id into the StatusCallback address. The mark of a
record is one query parameter of that address, or the whole address.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from simulator.errors import ControlError
from simulator.forms import Form, parse_pairs
from simulator.records import Call, Ledger, Message

_MAX_ROWS = 100_000


def accepted(ledger: Ledger, form: Form) -> dict[str, Any]:
    """Rows of what customers created, oldest first.

    Parameters
    ----------
    ledger : Ledger
        Where to look.
    form : dict
        ``kind`` (message or call), ``after`` (position, excluded), ``limit`` and
        ``mark`` (name of a query parameter) of the query.

    Returns
    -------
    dict
        ``rows``, and ``last``: what to give as ``after`` for more.
    """
    after = _integer(form, "after", -1)
    limit = min(_integer(form, "limit", _MAX_ROWS), _MAX_ROWS)
    records = islice(_created(ledger, form.get("kind", "message"), after + 1), limit)
    rows = [
        {
            "number": record.number,
            "sid": record.sid,
            "to": record.to,
            "from": record.from_,
            "status": record.status,
            "at": record.created_s,
            "status_callback": record.status_callback,
            "mark": mark_of(record, form.get("mark")),
        }
        for record in records
    ]
    return {"rows": rows, "last": rows[-1]["number"] if rows else after}


def exactly_once(ledger: Ledger, form: Form) -> dict[str, Any]:
    """Count acceptances per mark.

    Returns
    -------
    dict
        ``accepted``, ``recipients``, ``marks`` (different ones), ``repeated`` (mark →
        count, for those accepted more than once) and ``unmarked``.
    """
    kind, name = form.get("kind", "message"), form.get("mark")
    marks: Counter[str] = Counter()
    recipients: set[str] = set()
    n_accepted = n_unmarked = 0
    for record in _created(ledger, kind, 0):
        n_accepted += 1
        recipients.add(record.to)
        mark = mark_of(record, name)
        if mark is None:
            n_unmarked += 1
        else:
            marks[mark] += 1
    return {
        "accepted": n_accepted,
        "recipients": len(recipients),
        "marks": len(marks),
        "repeated": {mark: count for mark, count in marks.items() if count > 1},
        "unmarked": n_unmarked,
    }


def mark_of(record: Message | Call, name: str | None) -> str | None:
    """Mark in the record's StatusCallback, or None if there is none."""
    url = record.status_callback
    if not url or name is None:
        return url or None
    return dict(parse_pairs(urlsplit(url).query)).get(name)


def _created(ledger: Ledger, kind: str, start: int) -> Iterator[Message | Call]:
    if kind == "message":
        records: Iterator[Message | Call] = ledger.messages.oldest_first(start)
    elif kind == "call":
        records = ledger.calls.oldest_first(start)
    else:
        raise ControlError(f"kind is {kind!r}: must be message or call")
    return (record for record in records if record.direction == "outbound-api")


def _integer(form: Form, name: str, default: int) -> int:
    text = form.get(name)
    if text is None:
        return default
    if not text.removeprefix("-").isdecimal():
        raise ControlError(f"{name} is {text!r}: must be a whole number")
    return int(text)
