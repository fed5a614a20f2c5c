"""Everything about volunteers and cases in memory, as one transaction sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from accounts.audit import AuditEntry
from responders.case import CardiacCase, CaseId
from responders.learning_ports import Fit
from responders.offer import Offer
from responders.ports import Decision
from responders.roster.aeds import Aed
from responders.roster.reach import Reach
from responders.roster.volunteer import Responder, ResponderId


@dataclass
class CaseRows:
    """Everything about volunteers, as one transaction sees it."""

    people: dict[int, Responder] = field(default_factory=dict)
    stamps: dict[int, int] = field(default_factory=dict)
    codes: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    revision: int = 0
    aeds: dict[int, Aed] = field(default_factory=dict)
    cases: dict[CaseId, CardiacCase] = field(default_factory=dict)
    offers: dict[tuple[CaseId, ResponderId], Offer] = field(default_factory=dict)
    decisions: list[tuple[CaseId, Decision]] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)
    reach: dict[ResponderId, Reach] = field(default_factory=dict)
    fits: list[Fit] = field(default_factory=list)

    def copy(self) -> CaseRows:
        return CaseRows(
            people=dict(self.people),
            stamps=dict(self.stamps),
            codes=dict(self.codes),
            revision=self.revision,
            aeds=dict(self.aeds),
            cases=dict(self.cases),
            offers=dict(self.offers),
            decisions=list(self.decisions),
            audit=list(self.audit),
            reach=dict(self.reach),
            fits=list(self.fits),
        )
