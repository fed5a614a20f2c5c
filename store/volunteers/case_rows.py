"""Cases and offers: rows to values and back.

What is asked for in queries stands in columns; the rest of a value is one document.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from responders.case import (
    CardiacCase,
    CaseId,
    CaseState,
    Notice,
    PlaceType,
    Scene,
    Stamps,
)
from responders.deciding.facts import Role
from responders.offer import Feeling, Offer, OfferState
from responders.roster.aeds import AedId
from responders.roster.volunteer import ResponderId
from telephony.delivery import Channel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Row

_CASE_COLUMNS = frozenset(
    {"case_id", "code", "external_ref", "state", "is_exercise", "next_due_at"}
)
_OFFER_COLUMNS = frozenset(
    {"case_id", "responder_id", "state", "offered_at", "lon", "lat"}
)


def case_row(case: CardiacCase) -> dict[str, object]:
    """Every column of a case."""
    document = {
        field.name: getattr(case, field.name)
        for field in fields(case)
        if field.name not in _CASE_COLUMNS
    }
    document |= {
        "scene": asdict(case.scene),
        "stamps": _plain(asdict(case.stamps)),
        "notices": [_plain(asdict(notice)) for notice in case.notices],
        "excluded": sorted(case.excluded),
    }
    return {
        "case_id": case.case_id,
        "code": case.code,
        "external_ref": case.external_ref or None,
        "state": case.state.value,
        "is_open": case.state.is_open,
        "is_exercise": case.is_exercise,
        "opened_at": case.stamps.opened_at,
        "next_due_at": case.next_due_at,
        "document": _plain(document),
    }


def case_of(row: Row[*tuple[Any, ...]]) -> CardiacCase:
    """The case of a row of ``cases``."""
    document = dict(row.document)
    scene = document.pop("scene")
    scene["place_type"] = PlaceType(scene["place_type"])
    notices = document.pop("notices")
    return CardiacCase(
        case_id=CaseId(row.case_id),
        code=row.code,
        state=CaseState(row.state),
        external_ref=row.external_ref or "",
        is_exercise=row.is_exercise,
        next_due_at=row.next_due_at,
        scene=Scene(**scene),
        stamps=Stamps(**_instants(document.pop("stamps"))),
        notices=tuple(Notice(**_instants(notice)) for notice in notices),
        excluded=frozenset(document.pop("excluded")),
        **_instants(document),
    )


def offer_row(offer: Offer) -> dict[str, object]:
    """Every column of an offer but the number of its case."""
    document = {
        field.name: getattr(offer, field.name)
        for field in fields(offer)
        if field.name not in _OFFER_COLUMNS
    }
    return {
        "responder_id": offer.responder_id,
        "state": int(offer.state),
        "is_live": offer.state.is_live,
        "is_engaged": offer.state.is_engaged,
        "needs_call": _needs_call(offer),
        "offered_at": offer.offered_at,
        "lon": offer.lon,
        "lat": offer.lat,
        "document": _plain(document),
    }


def offer_of(row: Row[*tuple[Any, ...]]) -> Offer:
    """The offer of a row of ``offers`` joined with the id of its case."""
    document = _instants(row.document)
    role, aed = document.pop("role"), document.pop("aed_id")
    feeling, by = document.pop("feeling"), document.pop("answered_by")
    return Offer(
        case_id=CaseId(row.case_id),
        responder_id=ResponderId(row.responder_id),
        state=OfferState(row.state),
        offered_at=row.offered_at,
        lon=row.lon,
        lat=row.lat,
        role=Role(role) if role else None,
        aed_id=AedId(aed) if aed is not None else None,
        feeling=Feeling(feeling) if feeling else None,
        answered_by=Channel(by) if by else None,
        hopes=Channel(document.pop("hopes")),
        **document,
    )


def _needs_call(offer: Offer) -> bool:
    feeling = offer.feeling
    return feeling is not None and feeling.needs_a_call and not offer.is_followed_up


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Instants as text; enumerations are texts and numbers already."""
    return {
        name: {"at": value.isoformat()} if isinstance(value, datetime) else value
        for name, value in facts.items()
    }


def _instants(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What ``_plain`` made text, as instants again."""
    return {
        name: datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
        for name, value in facts.items()
    }
