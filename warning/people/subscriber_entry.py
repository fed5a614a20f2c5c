"""One person as filled in: checked by the rules that lines of a file are checked by."""

from __future__ import annotations

from warning.people.registration import NewPlace, NewSubscriber
from warning.people.subscriber_batches import PersonLine, PlaceLine
from warning.people.subscriber_csv import ImportRules
from warning.people.subscriber_fields import (
    FieldError,
    parse_area_code,
    parse_channels,
    parse_consent,
    parse_groups,
    parse_language,
    parse_name,
)
from warning.people.subscriber_position import parse_position
from warning.people.subscribers import PlaceSource


def read_entry(
    person: NewSubscriber, rules: ImportRules
) -> tuple[PersonLine, list[PlaceLine]]:
    """Check one person and bring them into the form of the store.

    Raises
    ------
    FieldError
        At the first field that cannot be used; names it and says why.
    """
    if not person.places:
        raise FieldError("places", "places", "Give at least one place or area.")
    try:
        phone = rules.parse_phone(person.phone)
    except ValueError as error:
        raise FieldError("phone", "phone", str(error)) from error
    entry: PersonLine = {
        "phone": phone,
        "language": parse_language(person.language),
        "name": parse_name((person.name or "").strip()),
        "channels": parse_channels(",".join(person.channels)),
        "groups": parse_groups(";".join(person.groups)),
        "vulnerable": person.vulnerable,
        "consent_at": parse_consent(
            (person.consent_at or "").strip(), latest=rules.now
        ),
    }
    return entry, [_place(phone, place, rules) for place in person.places]


def _place(phone: str, place: NewPlace, rules: ImportRules) -> PlaceLine:
    area = (place.area or "").strip()
    area_code = parse_area_code(area) if area else None
    if area_code is not None and area_code not in (rules.areas or {area_code}):
        raise FieldError(
            "area", "area", "The area is not known; see GET /api/v1/areas."
        )
    lon = lat = None
    if place.lon is not None or place.lat is not None or area_code is None:
        lon, lat = parse_position(_text(place.lon), _text(place.lat), box=rules.country)
    return {
        "phone": phone,
        "lon": lon,
        "lat": lat,
        "area_code": area_code,
        "source": PlaceSource.CONSOLE,
    }


def _text(degrees: float | None) -> str:
    return "" if degrees is None else repr(degrees)
