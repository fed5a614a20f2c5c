"""The record in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from accounts.audit import GENESIS, AuditEntry


@dataclass
class FakeAuditList:
    """The chain without its hashes, which thousands of histories need not compute."""

    chain: list[AuditEntry] = field(default_factory=list)

    def append(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        details: Mapping[str, object],
    ) -> AuditEntry:
        entry = AuditEntry(
            seq=len(self.chain) + 1,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            details=dict(details),
            previous_hash=self.newest_hash(),
        )
        self.chain.append(entry)
        return entry

    def newest_hash(self) -> str:
        return GENESIS

    def entries(self, *, subject: str | None = None) -> Iterator[AuditEntry]:
        return (e for e in self.chain if subject in {None, e.subject})
