"""The real service as a policy: intake, engine, offers, race and roles.

Runs the services that `ops` builds, on a store in memory, with telephones that are keys
pressed by the bench and a clock that the bench moves. What is measured is what would be
deployed, but for carriers and disk.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import timedelta

from bench.responders.ours import true_way_by_aed
from bench.responders.play import Policy
from bench.responders.rules import Maker
from bench.responders.world import LAT, LON, Event
from responders.deciding.facts import Role
from responders.offer import Offer
from responders.roster.aeds import AedId
from responders.roster.places import Place, PlaceKind
from responders.roster.volunteer import ResponderId
from tests.fakes.case_world import START, CaseWorld, a_person, an_aed

#: The worker looks at what is due this often.
TICK_S = 1.0


class Service:
    """One case in a service of its own.

    Parameters
    ----------
    event : Event
        The case and its people.
    """

    def __init__(self, event: Event) -> None:
        self._event = event
        self._world = CaseWorld()
        people = [
            a_person(
                row + 1,
                places=(Place(kind=PlaceKind.HOME, lon=float(lon), lat=float(lat)),),
                mode=int(event.known.mode[row]),
            )
            for row, (lon, lat) in enumerate(
                zip(event.known.lon, event.known.lat, strict=True)
            )
        ]
        self._ids = self._world.people(*people)
        self._rows = {int(number): row for row, number in enumerate(self._ids)}
        aeds = [
            an_aed(at + 1, 0.0, lon=float(lon), lat=float(lat), cabinet_code="")
            for at, (lon, lat) in enumerate(
                zip(event.aeds.lon, event.aeds.lat, strict=True)
            )
        ]
        self._world.aeds(*aeds)
        ems_s = event.case.ems_eta_s
        opened = self._world.open(
            lon=LON, lat=LAT, ems_eta_min=None if ems_s is None else ems_s / 60.0
        )
        self._case_id = opened.case.case_id
        self._asked: set[int] = set()

    def ask(self, now_s: float) -> Iterable[tuple[int, float]]:
        """Let the worker look, and see whom it asked."""
        self._move(now_s)
        self._world.tick()
        fresh = {self._rows[number] for number in self._offers()} - self._asked
        self._asked |= fresh
        return [(row, now_s) for row in sorted(fresh)]

    def answered(self, row: int, is_yes: bool, now_s: float) -> bool:
        """Press a key; the worker sees within a second whether to ask more."""
        self._move(now_s)
        key = "ACCEPTED" if is_yes else "DECLINED"
        self._world.press(self._case_id, int(self._ids[row]), key)
        return True

    def next_s(self, now_s: float) -> float | None:
        """When the case is due, at the worker's pace."""
        case = self._world.case(self._case_id)
        if case.next_due_at is None or not case.state.is_open:
            return None
        return max((case.next_due_at - START).total_seconds(), now_s + TICK_S)

    def way(self, row: int) -> tuple[float, float]:
        """The true way of the role that the service gave."""
        offer = self._offers()[int(self._ids[row])]
        if not offer.state.is_engaged or offer.role is None:
            return math.inf, math.inf
        if offer.role is Role.VIA_AED and offer.aed_id is not None:
            way_s = true_way_by_aed(self._event, row, self._aed_at(offer.aed_id))
            return way_s, way_s
        return float(self._event.travel_s[row]), math.inf

    def _move(self, now_s: float) -> None:
        self._world.time = START + timedelta(seconds=now_s)

    def _offers(self) -> dict[ResponderId | int, Offer]:
        return dict(self._world.offers(self._case_id))

    def _aed_at(self, aed_id: AedId) -> int:
        """The bench's number of an AED."""
        with self._world.new_uow() as uow:
            aed = uow.aeds.get(aed_id)
        assert aed is not None, "it was given to somebody"
        return int(aed.ref.rpartition("/")[2]) - 1


def service() -> Maker:
    """The whole service, anew for every case."""

    def make(event: Event) -> Policy:
        return Service(event)

    return make
