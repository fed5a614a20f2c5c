"""What there is to see of cases: lists, one case with its offers, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from responders.case import CardiacCase, CaseId
from responders.cases.unreached import TELEPHONE_DOWN, is_unreached
from responders.deciding.travel import great_circle_m
from responders.offer import Offer
from responders.ports import Decision, UnitOfWork
from responders.roster.aeds import Aed
from responders.roster.eligibility import skills_of
from responders.roster.skills import skill_words
from responders.roster.volunteer import Responder, ResponderId


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferLine:
    """One person asked, as dispatchers see them: id and tier until the yes."""

    offer: Offer
    tier: str
    #: Name and phone; empty until the person has said yes.
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseView:
    """One case with everything a dispatcher is shown."""

    case: CardiacCase
    offers: Sequence[OfferLine]
    decisions: Sequence[Decision]
    #: Whom to ring by hand while the telephone is down, the nearest first.
    by_hand: Sequence[Responder] = ()

    @property
    def n_engaged(self) -> int:
        """How many are counted on."""
        return sum(line.offer.state.is_engaged for line in self.offers)


@dataclass(frozen=True, kw_only=True, slots=True)
class NearAed:
    """A defibrillator and how it is to be had."""

    aed: Aed
    #: Straight to the point that was asked about.
    away_m: float
    #: Whether it can be taken now.
    is_open: bool


class CaseBoard:
    """Reads cases.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    """

    def __init__(self, read_uow: Callable[[], UnitOfWork]) -> None:
        self._read_uow = read_uow

    def list(self, *, before: str = "", limit: int = 100) -> Sequence[CardiacCase]:
        """Cases, newest first, older than the one with id ``before``."""
        with self._read_uow() as uow:
            return uow.cases.newest(before=before, limit=limit)

    def open(self) -> Sequence[CardiacCase]:
        """Open cases, oldest first."""
        with self._read_uow() as uow:
            return uow.cases.open()

    def get(self, case_id: CaseId) -> CaseView:
        """Return one case.

        Raises
        ------
        CaseNotFoundError
            If there is none of this id.
        """
        with self._read_uow() as uow:
            case = uow.cases.get(case_id)
            offers = uow.cases.offers(case_id)
            people = uow.responders.get_many([one.responder_id for one in offers])
            decisions = uow.cases.decisions(case_id)
        lines = [_line(offer, people.get(offer.responder_id)) for offer in offers]
        return CaseView(
            case=case,
            offers=lines,
            decisions=decisions,
            by_hand=_by_hand(case, offers, people),
        )

    def aeds_near(
        self, lon: float, lat: float, *, within_m: float, local: datetime
    ) -> Sequence[NearAed]:
        """AEDs around a point, the nearest first.

        Parameters
        ----------
        lon, lat : float
            Degrees, WGS 84.
        within_m : float
            Metres, > 0.
        local : datetime
            The clock on the wall there: opening hours are judged by it.
        """
        with self._read_uow() as uow:
            found = uow.aeds.near(lon, lat, within_m=within_m)
        near = [
            NearAed(
                aed=aed,
                away_m=float(great_circle_m(lon, lat, aed.lon, aed.lat)),
                is_open=(span := aed.opening(local)) is not None and span[0] <= 0,
            )
            for aed in found
        ]
        return sorted(near, key=lambda one: (one.away_m, one.aed.aed_id))


def _by_hand(
    case: CardiacCase,
    offers: Sequence[Offer],
    people: Mapping[ResponderId, Responder],
) -> Sequence[Responder]:
    """Those whom nothing has reached, once the dispatcher was told to ring them."""
    is_told = any(notice.kind == TELEPHONE_DOWN for notice in case.notices)
    if not is_told or not case.state.is_open:
        return ()
    unreached = sorted(filter(is_unreached, offers), key=lambda one: one.travel_s)
    found = [people[one.responder_id] for one in unreached]
    return [person for person in found if person.phone]


def _line(offer: Offer, person: Responder | None) -> OfferLine:
    if person is None:
        return OfferLine(offer=offer, tier="")
    words = skill_words(skills_of(person, offer.offered_at))
    tier = words[0] if words else ""
    if offer.role is None:
        return OfferLine(offer=offer, tier=tier)
    return OfferLine(offer=offer, tier=tier, name=person.name, phone=person.phone)
