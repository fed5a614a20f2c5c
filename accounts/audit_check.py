"""Whether the record of what was done is whole, and where it first is not.

The chain alone finds what was changed, removed or put elsewhere in its middle. That its
end was cut off is told by the counter that numbers entries, and, if that was set back
as well, by a hash that somebody wrote down earlier: an anchor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.audit import GENESIS, AuditEntry
from accounts.errors import AnchorError

_ANCHOR = re.compile(r"(?:(\d{1,18})[:\s]+)?([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """The hash of an entry, written down outside."""

    hash: str
    #: Its number; None if only the hash was kept.
    seq: int | None = None

    def __str__(self) -> str:
        """Write it as it is read."""
        return self.hash if self.seq is None else f"{self.seq}:{self.hash}"


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditVerdict:
    """What a look at the whole chain found."""

    #: Entries that are as they were written, from the first on.
    n_whole: int
    #: The newest whole entry, to be written down; None of an empty chain.
    newest: Anchor | None
    #: For the person who asked.
    sentence: str
    #: The first entry that is not; None if all are.
    broken_seq: int | None = None
    #: ``changed``, ``missing``, ``reordered``, ``truncated``, ``replaced``.
    kind: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return self.broken_seq is None


def parse_anchor(text: str) -> Anchor:
    """Read ``HASH`` or ``SEQ:HASH``.

    Raises
    ------
    AnchorError
        If it is neither.
    """
    found = _ANCHOR.fullmatch(text.strip().lower())
    if found is None:
        raise AnchorError(
            f"{text.strip()[:80]!r} is no anchor; write the 64 hexadecimal digits that "
            "an earlier check printed, or NUMBER:DIGITS."
        )
    return Anchor(found[2], int(found[1]) if found[1] else None)


def verify(
    kept: Iterable[tuple[AuditEntry, str]],
    *,
    n_counted: int,
    anchors: Sequence[Anchor] = (),
) -> AuditVerdict:
    """Look at a whole chain.

    Parameters
    ----------
    kept : iterable of (AuditEntry, str)
        Every entry in order, with the hash kept of it.
    n_counted : int
        How many entries there should be.
    anchors : sequence of Anchor
        Hashes written down earlier: each must still be there.
    """
    expected, previous = 1, GENESIS
    by_seq = {a.seq: a for a in anchors if a.seq is not None}
    loose = {a.hash for a in anchors if a.seq is None}
    for entry, kept_hash in kept:
        kind = _fault(entry, kept_hash, expected, previous)
        known = by_seq.pop(entry.seq, None)
        if kind is None and known is not None and known.hash != entry.hash:
            kind = "replaced"
        if kind is not None:
            return _broken(expected, previous, kind)
        expected, previous = expected + 1, entry.hash
        loose.discard(previous)
    if expected <= n_counted or by_seq or loose:
        return _broken(expected, previous, "truncated")
    n = expected - 1
    return AuditVerdict(
        n_whole=n, newest=_newest(n, previous), sentence=f"All {n:,} entries are whole."
    )


def _fault(
    entry: AuditEntry, kept_hash: str, expected: int, previous: str
) -> str | None:
    """What is wrong with an entry in its place."""
    if entry.seq != expected:
        return "missing" if entry.seq > expected else "reordered"
    if entry.hash != kept_hash:
        return "changed"
    # Whole in itself, but made for another place or after another past.
    return None if entry.previous_hash == previous else "reordered"


_SENTENCES = {
    "missing": "Entry {seq} is missing: it was removed.",
    "reordered": "Entry {seq} does not follow the one before it: an entry was "
    "exchanged or put in.",
    "changed": "Entry {seq} is not as it was written: it was changed.",
    "replaced": "Entry {seq} has another hash than was written down: it and all that "
    "follow were written anew.",
    "truncated": "The end is missing from entry {seq} on: it was cut off, or written "
    "anew since a hash was written down.",
}


def _broken(seq: int, previous: str, kind: str) -> AuditVerdict:
    return AuditVerdict(
        n_whole=seq - 1,
        newest=_newest(seq - 1, previous),
        broken_seq=seq,
        kind=kind,
        sentence=_SENTENCES[kind].format(seq=seq),
    )


def _newest(n: int, last_hash: str) -> Anchor | None:
    return Anchor(last_hash, n) if n else None
