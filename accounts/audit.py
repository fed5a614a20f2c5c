"""The record of what was done: append-only, each entry carries the hash of the last.

Changing or removing an entry breaks the chain from there on, and ``first_break`` says
where. The chain proves order and completeness to whoever kept an earlier hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

#: What the first entry carries instead of a predecessor's hash.
GENESIS = "0" * 64


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    """One thing that somebody, or the system, did."""

    #: 1, 2, 3 … without gaps.
    seq: int
    at: datetime
    #: Operator's name, or ``system``.
    actor: str
    #: A verb of the trade, e.g. ``alert.approve``.
    action: str
    #: What it was done to, e.g. ``alert:01J…``.
    subject: str
    #: Facts before and after, plain JSON values, no phone numbers.
    details: Mapping[str, object]
    previous_hash: str

    @property
    def hash(self) -> str:
        """SHA-256 over every field in canonical JSON, hexadecimal."""
        body = json.dumps(
            [
                self.seq,
                self.at.isoformat(),
                self.actor,
                self.action,
                self.subject,
                self.details,
                self.previous_hash,
            ],
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )
        return hashlib.sha256(body.encode()).hexdigest()


def first_break(entries: Iterable[AuditEntry]) -> int | None:
    """Return the sequence number at which the chain is broken; None if it is whole.

    Parameters
    ----------
    entries : iterable of AuditEntry
        From the first on, in order.
    """
    expected, previous_hash = 1, GENESIS
    for entry in entries:
        if entry.seq != expected or entry.previous_hash != previous_hash:
            return expected
        expected, previous_hash = expected + 1, entry.hash
    return None
