"""Volunteers, AEDs, cases and offers for tests, with all that does not matter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from responders.case import CardiacCase, CaseId, CaseState, Scene, Stamps
from responders.deciding.facts import Skill
from responders.offer import Offer, OfferState
from responders.roster.aeds import Access, Aed
from responders.roster.hours import Hours
from responders.roster.places import Place, PlaceKind
from responders.roster.skills import Credential
from responders.roster.volunteer import (
    Availability,
    Consent,
    Responder,
    ResponderId,
    Standing,
)
from tests.store.rows import NOW, after, phone_of

CASE = CaseId("c0ffee")
HOME = Place(kind=PlaceKind.HOME, lon=104.92, lat=11.56)


def a_volunteer(n: int, **changes: Any) -> Responder:
    values: dict[str, Any] = {
        "phone": phone_of(n),
        "language": "en",
        "name": "Sok",
        "organisation": "Red Cross",
        "standing": Standing.ACTIVE,
        "credentials": (
            Credential(skill=Skill.CPR, valid_until=after(days=400), verified_at=NOW),
        ),
        "consent": Consent(version="1", given_at=NOW),
        "number_verified_at": NOW,
        "availability": Availability(quiet=Hours.parse("Mo-Fr 23:00-07:00")),
        "places": (HOME,),
    }
    return Responder(**(values | changes))


def an_aed(n: int, **changes: Any) -> Aed:
    values: dict[str, Any] = {
        "ref": f"osm:node/{n}",
        "lon": 104.92,
        "lat": 11.56,
        "location": "Town hall, left of entrance",
        "opening_hours": "24/7",
        "access": Access.YES,
        "cabinet_code": "1379",
    }
    return Aed(**(values | changes))


def a_scene(**changes: Any) -> Scene:
    values: dict[str, Any] = {
        "lon": 104.921,
        "lat": 11.561,
        "address": "Kerkstraat 12",
        "details": "door B, 2nd floor",
        "scene_safe": True,
    }
    return Scene(**(values | changes))


def a_cardiac_case(case_id: str = CASE, **changes: Any) -> CardiacCase:
    values: dict[str, Any] = {
        "case_id": CaseId(case_id),
        "code": "4K",
        "state": CaseState.ALERTING,
        "scene": a_scene(),
        "stamps": Stamps(call_received_at=NOW, opened_at=NOW),
        "opened_by": "dara",
        "callback_phone": phone_of(999),
        "ems_eta_at": after(minutes=12),
        "excluded": frozenset({phone_of(998)}),
        "next_due_at": NOW,
    }
    case = CardiacCase(**(values | changes))
    return case.noticed("nobody", NOW, "Nobody is near.")


def an_offer(n: int, case_id: str = CASE, **changes: Any) -> Offer:
    values: dict[str, Any] = {
        "case_id": CaseId(case_id),
        "responder_id": ResponderId(n),
        "state": OfferState.QUEUED,
        "wave": 1,
        "offered_at": NOW,
        "expires_at": NOW + timedelta(minutes=3),
        "distance_m": 350.0,
        "travel_s": 200.0,
        "p_accept": 0.35,
        "gain": 0.01,
        "channel": 0,
        "lon": 104.92,
        "lat": 11.56,
    }
    return Offer(**(values | changes))
