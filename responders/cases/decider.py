"""From rows to the facts of a decision: what the pure part is told, at this moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import numpy as np

from responders.case import CardiacCase
from responders.cases.case_book import CaseBook
from responders.cases.explain import role_record, wave_record
from responders.deciding.facts import Bar, Candidates, CaseFacts, Promise, Role, Silent
from responders.deciding.outlook import Hoped
from responders.deciding.roles import (
    Acceptor,
    AedSites,
    RoleChoice,
    RolePolicy,
    assign_role,
)
from responders.deciding.waves import Progress, WaveDecision, WavePolicy, decide_wave
from responders.offer import Offer, OfferState
from responders.roster.aeds import AED_REACH_M, Aed


class People(Protocol):
    """Finds volunteers near a place; `directory.Directory` fits."""

    def rehearse(self) -> None:
        """Load what the first question would otherwise have to load."""
        ...

    def refresh(self, *, wait: bool = True) -> int:
        """Follow the database; return how many people changed.

        Without ``wait``, what was shown before is good enough while another thread
        follows it.
        """
        ...

    def near(
        self, lon: float, lat: float, *, within_m: float, now: datetime
    ) -> Candidates:
        """Everybody who may be within reach."""
        ...


class ChooseWave(Protocol):
    """Decides whom to ask now."""

    def __call__(
        self,
        case: CaseFacts,
        candidates: Candidates,
        progress: Progress,
        *,
        policy: WavePolicy,
        seed: int,
    ) -> WaveDecision:
        """Choose people, or say why nobody is asked."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Policies:
    """What the organisation may tune."""

    waves: WavePolicy = field(default_factory=WavePolicy)
    roles: RolePolicy = field(default_factory=RolePolicy)
    #: The address of a home is told only to who shows a PIN.
    home_pin: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Decider:
    """Asks the pure part, with the facts of a case under its lock.

    Parameters
    ----------
    people : People
        The index of volunteers.
    policies : Policies
    local : callable
        UTC → the clock on the wall, where the AEDs hang.
    choose : callable
        Decides a wave; `waves.decide_wave`.
    """

    people: People
    policies: Policies
    local: Callable[[datetime], datetime]
    choose: ChooseWave = decide_wave

    def wave(self, book: CaseBook, *, candidates: Candidates) -> WaveDecision:
        """Whom to ask now; noted with all that was known."""
        case, now = book.case, book.now
        facts, progress = facts_of(case, now), self.progress(book)
        policy = self.policies.waves
        # The same case at the same wave draws the same: a repeat decides the same.
        seed = book.case.n_waves + (int(case.stamps.opened_at.timestamp()) << 8)
        decision = self.choose(facts, candidates, progress, policy=policy, seed=seed)
        if decision.choices or decision.notice is not None:
            record = wave_record(facts, progress, decision, policy=policy, seed=seed)
            book.note("wave", record)
        return decision

    def candidates(self, book: CaseBook) -> Candidates:
        """Everybody around a case, with the bars that other rows set."""
        case = book.case
        scene, now = case.scene, book.now
        found = self.people.near(
            scene.lon, scene.lat, within_m=self.policies.waves.radii_m[-1], now=now
        )
        asked = np.array([int(n) for n in book.offers], dtype=np.int64)
        bars = found.bars.copy()
        bars[np.isin(found.ids, asked)] |= int(Bar.ALREADY_ASKED)
        return replace(found, bars=bars)

    def progress(self, book: CaseBook) -> Progress:
        """How far a case has come."""
        now = book.now
        since = book.case.stamps.dispatched_at or now
        return Progress(
            since_trigger_s=max(0.0, (now - since).total_seconds()),
            n_asked=len(book.offers),
            silent=tuple(silent_of(offer, now) for offer in book.asked),
            promises=promises_of(book),
            aed_possible=len(self.aeds(book)) > 0,
        )

    def role(self, book: CaseBook, offer: Offer) -> RoleChoice:
        """What somebody who says yes now is to do; noted."""
        facts, sites = facts_of(book.case, book.now), self.aeds(book)
        acceptor, promises = _acceptor(book.case, offer), promises_of(book)
        hoped, policy = hoped_of(book, offer), self.policies.roles
        is_alone = not any(one.state is OfferState.ON_SCENE for one in book.engaged)
        choice = assign_role(
            facts,
            acceptor,
            sites,
            promises,
            hoped=hoped,
            nobody_on_scene=is_alone,
            policy=policy,
        )
        record = role_record(
            facts,
            acceptor,
            sites,
            promises,
            choice,
            hoped=hoped,
            nobody_on_scene=is_alone,
            policy=policy,
        )
        book.note("role", record)
        return choice

    def aeds(self, book: CaseBook) -> AedSites:
        """AEDs that can be had near a case."""
        scene = book.case.scene
        local = self.local(book.now)
        found = book.uow.aeds.near(scene.lon, scene.lat, within_m=AED_REACH_M)
        return sites_of(found, local)


def facts_of(case: CardiacCase, now: datetime) -> CaseFacts:
    """The case at this moment."""
    wanted = case.wanted
    eta = case.ems_eta_at
    return CaseFacts(
        lon=case.scene.lon,
        lat=case.scene.lat,
        elapsed_s=max(0.0, (now - case.stamps.call_received_at).total_seconds()),
        ems_eta_s=None if eta is None else max(0.0, (eta - now).total_seconds()),
        cpr_in_progress=case.scene.cpr_in_progress,
        private_home=wanted.only_verified,
        any_skill=int(wanted.skills),
    )


def sites_of(aeds: Sequence[Aed], local: datetime) -> AedSites:
    """AEDs as columns; those that cannot be had are left out."""
    rows = [
        (aed.aed_id, aed.lon, aed.lat, aed.access_s, *opening)
        for aed in aeds
        if (opening := aed.opening(local)) is not None
    ]
    if not rows:
        return AedSites.none()
    return AedSites(*(np.array(column) for column in zip(*rows, strict=True)))


def silent_of(offer: Offer, now: datetime) -> Silent:
    """Somebody who has not answered yet."""
    return Silent(
        int(offer.responder_id),
        (now - offer.offered_at).total_seconds(),
        offer.travel_s,
        offer.p_accept,
        offer.channel,
    )


def _acceptor(case: CardiacCase, offer: Offer) -> Acceptor:
    """Somebody who says yes, where they were when asked."""
    scene = case.scene
    return Acceptor(
        int(offer.responder_id),
        scene.lon if offer.lon is None else offer.lon,
        scene.lat if offer.lat is None else offer.lat,
        offer.mode,
    )


def hoped_of(book: CaseBook, acceptor: Offer) -> tuple[Hoped, ...]:
    """Who else was asked and may still say yes, where their place is known."""
    return tuple(
        Hoped(
            int(offer.responder_id),
            offer.lon,
            offer.lat,
            offer.mode,
            (book.now - offer.offered_at).total_seconds(),
            offer.p_accept,
            offer.channel,
        )
        for offer in book.asked
        if offer.responder_id != acceptor.responder_id
        and offer.lon is not None
        and offer.lat is not None
    )


def promises_of(book: CaseBook) -> tuple[Promise, ...]:
    """What those who are counted on have promised."""
    return tuple(
        _promise(offer, book.now) for offer in book.engaged if offer.role is not None
    )


def _promise(offer: Offer, now: datetime) -> Promise:
    assert offer.role is not None, "chosen by its role"
    left_s = 0.0
    if offer.state is not OfferState.ON_SCENE and offer.eta_at is not None:
        left_s = max(0.0, (offer.eta_at - now).total_seconds())
    has_aed = offer.role is Role.VIA_AED
    return Promise(
        int(offer.responder_id),
        offer.role,
        left_s,
        left_s if has_aed else None,
        confirmed=offer.heard_at is not None,
        aed_id=offer.aed_id if has_aed else None,
    )
