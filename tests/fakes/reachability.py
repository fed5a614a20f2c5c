"""``responders.reachability_ports`` and ``learning_ports`` in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from responders.learning_ports import Fit
from responders.offer import Offer
from responders.roster.reach import Reach
from responders.roster.volunteer import ResponderId, Standing

if TYPE_CHECKING:
    from tests.fakes.case_rows import CaseRows


class FakeReachability:
    def __init__(self, rows: CaseRows) -> None:
        self._rows = rows

    def get(self, responder_id: ResponderId) -> Reach | None:
        return self._rows.reach.get(responder_id)

    def get_many(self, ids: Sequence[ResponderId]) -> Mapping[ResponderId, Reach]:
        known = self._rows.reach
        return {number: known[number] for number in ids if number in known}

    def save(self, reach: Reach) -> None:
        self._rows.reach[reach.responder_id] = reach

    def forget(self, responder_id: ResponderId) -> None:
        self._rows.reach.pop(responder_id, None)

    def due(
        self, *, quiet_since: datetime, now: datetime, limit: int
    ) -> Sequence[ResponderId]:
        found = []
        for number, person in self._rows.people.items():
            reach = self._rows.reach.get(ResponderId(number))
            is_due = reach is None or (
                (reach.asked_at is None or reach.asked_at < quiet_since)
                and (reach.heard_at is None or reach.heard_at < quiet_since)
                and (reach.not_before is None or reach.not_before <= now)
            )
            on = person.availability
            if person.standing is Standing.ACTIVE and not on.is_paused(now) and is_due:
                asked_at = reach.asked_at if reach else None
                stamp = asked_at.timestamp() if asked_at else 0.0
                found.append((stamp, ResponderId(number)))
        return [number for _, number in sorted(found)][:limit]

    def to_call(
        self, *, asked_before: datetime, now: datetime, limit: int
    ) -> Sequence[ResponderId]:
        found = [
            (one.asked_at, one.responder_id)
            for one in self._rows.reach.values()
            if one.is_open
            and one.called_at is None
            and one.asked_at is not None
            and one.asked_at <= asked_before
            and (one.not_before is None or one.not_before <= now)
        ]
        return [number for _, number in sorted(found)][:limit]

    def n_asked_since(self, since: datetime) -> int:
        known = self._rows.reach.values()
        return sum(one.asked_at is not None and one.asked_at > since for one in known)

    def missed(self, *, asked_before: datetime, limit: int) -> Sequence[Reach]:
        found = [
            (-one.n_missed, one.asked_at, one.responder_id, one)
            for one in self._rows.reach.values()
            if one.is_open
            and one.asked_at is not None
            and one.asked_at <= asked_before
            and self._rows.people[one.responder_id].standing is Standing.ACTIVE
        ]
        return [one for *_, one in sorted(found, key=lambda row: row[:3])][:limit]


class FakeLearning:
    def __init__(self, rows: CaseRows) -> None:
        self._rows = rows

    def outcomes(self, *, since: datetime, limit: int) -> Sequence[Offer]:
        found = [
            offer
            for offer in self._rows.offers.values()
            if offer.offered_at >= since and self._counts(offer)
        ]
        return found[::-1][:limit]

    def _counts(self, offer: Offer) -> bool:
        case = self._rows.cases[offer.case_id]
        return not case.state.is_open and not case.is_exercise

    def add(self, fit: Fit) -> None:
        self._rows.fits.append(fit)

    def latest(self) -> Fit | None:
        return self._rows.fits[-1] if self._rows.fits else None
