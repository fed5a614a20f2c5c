"""Volunteers: rows to values and back."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from responders.deciding.facts import Skill
from responders.deciding.travel import Mode
from responders.roster.hours import Hours
from responders.roster.pins import Pin
from responders.roster.places import Place, PlaceKind
from responders.roster.skills import Credential
from responders.roster.volunteer import (
    Availability,
    Consent,
    Record,
    Responder,
    ResponderId,
    Standing,
)
from telephony.delivery import Channel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Row


def row_of(person: Responder) -> dict[str, object]:
    """Every column that belongs to the value, but its id."""
    ends = [one.valid_until for one in person.credentials]
    consent, record = person.consent, person.record
    return {
        "phone": person.phone or None,
        "name": person.name,
        "organisation": person.organisation,
        "language": person.language,
        "channels": int(person.channels),
        "standing": person.standing.value,
        "credentials": [_credential_out(one) for one in person.credentials],
        "credentials_end": max(ends, default=None),
        "consent_version": consent.version if consent else None,
        "consent_at": consent.given_at if consent else None,
        "number_verified_at": person.number_verified_at,
        "is_on": person.availability.is_on,
        "paused_until": person.availability.paused_until,
        "quiet": _text(person.availability.quiet),
        "mode": int(person.mode),
        "max_alerts_30d": person.max_alerts_30d,
        "n_asked": record.n_asked,
        "n_accepted": record.n_accepted,
        "record_as_of": record.as_of,
        "n_undelivered": record.n_undelivered,
        "pin_seal": person.pin.seal or None,
        "pin_wrong": person.pin.n_wrong or None,
    }


def person_of(row: Row[*tuple[Any, ...]], places: tuple[Place, ...]) -> Responder:
    """The person of a row of ``responders``."""
    return Responder(
        responder_id=ResponderId(row.id),
        phone=row.phone or "",
        name=row.name,
        organisation=row.organisation,
        language=row.language,
        channels=Channel(row.channels),
        standing=Standing(row.standing),
        credentials=tuple(_credential(one) for one in row.credentials),
        consent=(
            Consent(version=row.consent_version, given_at=row.consent_at)
            if row.consent_at
            else None
        ),
        number_verified_at=row.number_verified_at,
        availability=Availability(
            is_on=row.is_on, paused_until=row.paused_until, quiet=_hours(row.quiet)
        ),
        places=places,
        mode=Mode(row.mode),
        max_alerts_30d=row.max_alerts_30d,
        record=Record(
            n_asked=row.n_asked,
            n_accepted=row.n_accepted,
            as_of=row.record_as_of,
            n_undelivered=row.n_undelivered,
        ),
        pin=Pin(row.pin_seal or "", row.pin_wrong or 0),
    )


def place_row(responder_id: int, place: Place) -> dict[str, object]:
    """Every column of a new row of ``responder_places``."""
    return {
        "responder_id": responder_id,
        "kind": place.kind.value,
        "lon": place.lon,
        "lat": place.lat,
        "hours": _text(place.hours),
        "reported_at": place.reported_at,
    }


def places_of(
    rows: Iterable[Row[*tuple[Any, ...]]],
) -> Mapping[int, tuple[Place, ...]]:
    """Places by person; nothing for people without one."""
    found: dict[int, tuple[Place, ...]] = defaultdict(tuple)
    for row in rows:
        place = Place(
            kind=PlaceKind(row.kind),
            lon=row.lon,
            lat=row.lat,
            hours=_hours(row.hours),
            reported_at=row.reported_at,
        )
        found[row.responder_id] += (place,)
    return found


def _credential_out(one: Credential) -> dict[str, object]:
    seen = one.verified_at
    return {
        "skill": int(one.skill),
        "valid_until": one.valid_until.isoformat(),
        "verified_at": seen.isoformat() if seen else None,
    }


def _credential(facts: Mapping[str, Any]) -> Credential:
    seen = facts["verified_at"]
    return Credential(
        skill=Skill(facts["skill"]),
        valid_until=datetime.fromisoformat(facts["valid_until"]),
        verified_at=datetime.fromisoformat(seen) if seen else None,
    )


def _text(hours: Hours | None) -> str | None:
    return None if hours is None else str(hours)


def _hours(text: str | None) -> Hours | None:
    return None if text is None else Hours.parse(text)
