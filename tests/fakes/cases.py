"""``responders.ports.CaseRepository`` in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from responders.case import CardiacCase, CaseId
from responders.errors import (
    CaseNotFoundError,
    CaseStateError,
)
from responders.offer import Offer
from responders.ports import Decision, Redacted
from responders.roster.volunteer import ResponderId
from tests.fakes.case_rows import CaseRows


class FakeCases:
    def __init__(self, rows: CaseRows) -> None:
        self._rows = rows

    def add(self, case: CardiacCase) -> None:
        for other in self._rows.cases.values():
            same_code = other.state.is_open and other.code == case.code
            same_ref = case.external_ref and other.external_ref == case.external_ref
            if same_code or same_ref:
                raise CaseStateError("The code or the number of the case is in use.")
        self._rows.cases[case.case_id] = case

    def get(self, case_id: CaseId) -> CardiacCase:
        if case_id not in self._rows.cases:
            raise CaseNotFoundError(f"There is no case {case_id}.")
        return self._rows.cases[case_id]

    def get_for_update(self, case_id: CaseId) -> CardiacCase:
        return self.get(case_id)

    def save(self, case: CardiacCase) -> None:
        self.get(case.case_id)
        self._rows.cases[case.case_id] = case

    def find_by_ref(self, external_ref: str) -> CardiacCase | None:
        known = self._rows.cases.values()
        return next((one for one in known if one.external_ref == external_ref), None)

    def count(self) -> int:
        return len(self._rows.cases)

    def open(self) -> Sequence[CardiacCase]:
        return [case for case in self._rows.cases.values() if case.state.is_open]

    def newest(self, *, before: str = "", limit: int) -> Sequence[CardiacCase]:
        found = list(self._rows.cases.values())
        if before:
            ids = [case.case_id for case in found]
            found = found[: ids.index(CaseId(before))]
        return found[::-1][:limit]

    def due(self, *, now: datetime, limit: int) -> Sequence[CaseId]:
        found = [
            (case.next_due_at, n, case.case_id)
            for n, case in enumerate(self._rows.cases.values())
            if case.next_due_at is not None and case.next_due_at <= now
        ]
        return [case_id for *_, case_id in sorted(found)[:limit]]

    def add_offers(self, offers: Sequence[Offer]) -> None:
        for offer in offers:
            if (offer.case_id, offer.responder_id) in self._rows.offers:
                raise CaseStateError("This responder was asked already.")
            self._put(offer)

    def offers(self, case_id: CaseId) -> Sequence[Offer]:
        self.get(case_id)
        return [one for one in self._rows.offers.values() if one.case_id == case_id]

    def offer(self, case_id: CaseId, responder_id: ResponderId) -> Offer | None:
        return self._rows.offers.get((case_id, responder_id))

    def save_offer(self, offer: Offer) -> None:
        if (offer.case_id, offer.responder_id) not in self._rows.offers:
            raise CaseStateError(f"Responder {offer.responder_id} was never asked.")
        self._put(offer)

    def live_offers(
        self, responder_ids: Sequence[ResponderId]
    ) -> Mapping[ResponderId, Sequence[Offer]]:
        found: dict[ResponderId, list[Offer]] = defaultdict(list)
        for offer in self._rows.offers.values():
            if offer.responder_id in responder_ids and offer.state.is_live:
                found[offer.responder_id].append(offer)
        return found

    def offers_of(
        self, responder_id: ResponderId, *, since: datetime
    ) -> Sequence[Offer]:
        found = [
            offer
            for offer in self._rows.offers.values()
            if offer.responder_id == responder_id and offer.offered_at >= since
        ]
        found.reverse()
        return sorted(found, key=lambda offer: offer.offered_at, reverse=True)

    def alerts_since(
        self, since: datetime, responder_ids: Sequence[ResponderId]
    ) -> Mapping[ResponderId, int]:
        counts: dict[ResponderId, int] = {}
        for offer in self._rows.offers.values():
            is_real = not self._rows.cases[offer.case_id].is_exercise
            is_meant = offer.responder_id in responder_ids
            if is_real and is_meant and offer.offered_at >= since:
                counts[offer.responder_id] = counts.get(offer.responder_id, 0) + 1
        return counts

    def to_follow_up(self) -> Sequence[Offer]:
        return [
            offer
            for offer in self._rows.offers.values()
            if offer.feeling is not None
            and offer.feeling.needs_a_call
            and not offer.is_followed_up
        ]

    def note(self, case_id: CaseId, decision: Decision) -> None:
        self.get(case_id)
        self._rows.decisions.append((case_id, decision))

    def decisions(self, case_id: CaseId) -> Sequence[Decision]:
        return [one for of, one in self._rows.decisions if of == case_id]

    def redact_decisions(self, case_id: CaseId, redacted: Redacted) -> int:
        before = list(self._rows.decisions)
        self._rows.decisions = [
            (of, replace(one, facts=redacted(one)) if of == case_id else one)
            for of, one in before
        ]
        pairs = zip(before, self._rows.decisions, strict=True)
        return sum(old != new for old, new in pairs)

    def _put(self, offer: Offer) -> None:
        if offer.state.is_engaged:
            for other in self._rows.offers.values():
                is_same = other.responder_id == offer.responder_id
                if (
                    is_same
                    and other.state.is_engaged
                    and other.case_id != offer.case_id
                ):
                    raise CaseStateError("On the way to another patient.")
        self._rows.offers[offer.case_id, offer.responder_id] = offer
