"""People and places for the tests of stores."""

from __future__ import annotations

from store.unit_of_work import SqlUnitOfWork
from tests.store.rows import NOW


def number(n: int) -> str:
    return f"+8551200{n:04d}"


def a_person(n: int, **changes: object) -> dict[str, object]:
    return {
        "phone": number(n),
        "language": "km",
        "name": None,
        "channels": 3,
        "groups": (),
        "vulnerable": False,
        "consent_at": NOW,
    } | changes


def a_place(n: int, **changes: object) -> dict[str, object]:
    return {
        "phone": number(n),
        "lon": 104.9,
        "lat": 11.5,
        "area_code": None,
        "source": "import",
    } | changes


def register(
    uow: SqlUnitOfWork, *numbers: int, places: bool = True, **changes: object
) -> list[int]:
    """Register people with one place each; return their ids."""
    uow.subscribers.upsert(
        [a_person(n, **changes) for n in numbers],
        [a_place(n) for n in numbers if places],
        now=NOW,
    )
    people = [uow.subscribers.find_by_phone(number(n)) for n in numbers]
    return [person.subscriber_id for person in people if person is not None]
