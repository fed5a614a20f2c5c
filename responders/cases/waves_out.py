"""Asking the next people: the decision is pure, the last word has the database.

The index that found them may be seconds behind. So everybody chosen is read again,
under a lock that no other case holds, and judged by the rule itself before they are
rung; whoever fails is barred and the decision is made anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from responders.case import CaseState
from responders.cases.caller import OFFER_HOLDS, Caller
from responders.cases.case_book import CaseBook
from responders.cases.decider import Decider
from responders.deciding.facts import Bar, Candidates
from responders.deciding.ranking import Choice
from responders.deciding.waves import Notice, WaveDecision
from responders.offer import Offer, OfferState
from responders.roster.eligibility import Load, bars_to
from responders.roster.volunteer import Responder, ResponderId

#: Alerts of this long ago count as recent.
RECENT = timedelta(days=30)
#: Whose load is looked up before the decision: many more than any wave asks.
_NEAREST = 400
_SENTENCES = {
    Notice.NOBODY_ELIGIBLE: "Nobody near may be asked: guide the caller by phone.",
    Notice.NO_YES: "Nobody has said yes so far: guide the caller by phone.",
}


@dataclass(frozen=True, slots=True)
class WaveSender:
    """Asks people.

    Parameters
    ----------
    decider : Decider
        Chooses.
    caller : Caller
        Rings and writes.
    """

    decider: Decider
    caller: Caller

    def send(self, book: CaseBook) -> int:
        """Ask whoever is to be asked now; return how many."""
        candidates = self._with_loads(book, self.decider.candidates(book))
        while True:
            decision = self.decider.wave(book, candidates=candidates)
            people = self._locked(book, decision.choices)
            barred = self._barred(book, people, decision.choices)
            if not barred:
                break
            # One candidate less each time: this ends.
            candidates = _with_bars(candidates, barred)
        self._tell_dispatcher(book, decision, candidates)
        if decision.choices:
            self._ask(book, people, candidates, decision)
        if decision.check_again_s is not None:
            book.look_again(book.now + timedelta(seconds=decision.check_again_s))
        return len(decision.choices)

    def _with_loads(self, book: CaseBook, candidates: Candidates) -> Candidates:
        """Add what other cases ask of the nearest people, and how tired they are."""
        free = np.flatnonzero(candidates.bars == 0)
        nearest = free[np.argsort(candidates.travel_s[free])][:_NEAREST]
        ids = [ResponderId(int(n)) for n in candidates.ids[nearest]]
        loads = _loads(book, ids)
        alerts, bars = candidates.alerts_30d.copy(), candidates.bars.copy()
        for row, number in zip(nearest.tolist(), ids, strict=True):
            alerts[row] = loads[number].alerts_30d
            if loads[number].is_busy:
                bars[row] |= int(Bar.BUSY)
        return replace(candidates, alerts_30d=alerts, bars=bars)

    def _locked(
        self, book: CaseBook, choices: Sequence[Choice]
    ) -> dict[ResponderId, Responder]:
        ids = sorted(ResponderId(choice.responder_id) for choice in choices)
        return dict(book.uow.responders.get_many(ids, lock=True))

    def _barred(
        self,
        book: CaseBook,
        people: dict[ResponderId, Responder],
        choices: Sequence[Choice],
    ) -> dict[ResponderId, Bar]:
        """Those of the chosen who may not be asked, as the rows have it."""
        loads = _loads(book, sorted(people))
        local = self.decider.local(book.now)
        found: dict[ResponderId, Bar] = {}
        for choice in choices:
            number = ResponderId(choice.responder_id)
            person = people.get(number)
            if person is None:
                found[number] = Bar.NOT_OPTED_IN
                continue
            bars = bars_to(
                person, loads[number], book.case.wanted, now=book.now, local=local
            )
            if bars:
                found[number] = bars
        return found

    def _ask(
        self,
        book: CaseBook,
        people: dict[ResponderId, Responder],
        candidates: Candidates,
        decision: WaveDecision,
    ) -> None:
        choices = decision.choices
        book.change(n_waves=book.case.n_waves + 1, radius_m=decision.radius_m)
        rows = {int(n): at for at, n in enumerate(candidates.ids)}
        offers = [
            _offer(book, choice, candidates, rows[choice.responder_id])
            for choice in choices
        ]
        book.add(offers)
        book.record(
            "case.wave",
            wave=book.case.n_waves,
            asked=[choice.responder_id for choice in choices],
            radius_m=decision.radius_m,
        )
        for turn, (choice, offer) in enumerate(zip(choices, offers, strict=True)):
            at = book.now + timedelta(seconds=choice.start_s)
            person = people[offer.responder_id]
            self.caller.ask(book, offer, person, turn=turn, at=at)

    def _tell_dispatcher(
        self, book: CaseBook, decision: WaveDecision, candidates: Candidates
    ) -> None:
        notice = decision.notice
        if notice is None or book.case.state is not CaseState.ALERTING:
            return
        counts = reason_counts(
            candidates if decision.ranking is None else decision.ranking.bars
        )
        reasons = ", ".join(f"{word} {n}" for word, n in counts.items())
        text = _SENTENCES[notice]
        book.notice(notice.value, f"{text} Not asked: {reasons}." if reasons else text)


def reason_counts(bars: Candidates | NDArray[np.int64]) -> dict[str, int]:
    """How many people are kept away by each reason, the commonest first."""
    held = bars.bars if isinstance(bars, Candidates) else bars
    counts = {
        (bar.name or "").lower(): int(np.count_nonzero(held & int(bar))) for bar in Bar
    }
    found = [(word, n) for word, n in counts.items() if n]
    return dict(sorted(found, key=lambda item: -item[1]))


def _with_bars(candidates: Candidates, barred: dict[ResponderId, Bar]) -> Candidates:
    bars = candidates.bars.copy()
    for number, bar in barred.items():
        bars[candidates.ids == int(number)] |= int(bar)
    return replace(candidates, bars=bars)


def _loads(book: CaseBook, ids: Sequence[ResponderId]) -> dict[ResponderId, Load]:
    """What people are asked to do elsewhere, and were in the last days."""
    live = book.uow.cases.live_offers(ids)
    alerts = book.uow.cases.alerts_since(book.now - RECENT, ids)
    return {
        number: Load(
            is_busy=any(_keeps_busy(book, other) for other in live.get(number, ())),
            is_asked=number in book.offers,
            alerts_30d=alerts.get(number, 0),
        )
        for number in ids
    }


def _keeps_busy(book: CaseBook, other: Offer) -> bool:
    """Whether an offer of another case keeps somebody from being asked.

    One who was asked there and has not answered may be asked here once that case has
    enough people without them.
    """
    if other.case_id == book.case.case_id:
        return False
    if other.state.is_engaged:
        return True
    state = book.uow.cases.get(other.case_id).state
    return state in {CaseState.ALERTING, CaseState.TRIAGED}


def _offer(book: CaseBook, choice: Choice, candidates: Candidates, row: int) -> Offer:
    return Offer(
        case_id=book.case.case_id,
        responder_id=ResponderId(choice.responder_id),
        state=OfferState.QUEUED,
        wave=book.case.n_waves,
        offered_at=book.now,
        expires_at=book.now + OFFER_HOLDS + timedelta(seconds=choice.start_s),
        distance_m=float(candidates.distance_m[row]),
        travel_s=choice.travel_s,
        p_accept=choice.p_accept,
        gain=choice.gain,
        channel=int(candidates.channel[row]),
        lon=float(candidates.lon[row]),
        lat=float(candidates.lat[row]),
        mode=int(candidates.mode[row]),
    )
