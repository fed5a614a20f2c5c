"""One person as filled in is judged by the rules that lines of a file are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from telephony.numbers import parse_number
from warning.people.registration import NewPlace, NewSubscriber
from warning.people.subscriber_csv import ImportRules
from warning.people.subscriber_entry import read_entry
from warning.people.subscriber_fields import FieldError
from warning.people.subscribers import PlaceSource

NOW = datetime(2026, 9, 1, tzinfo=UTC)
HERE = NewPlace(lon=104.9, lat=11.5)


def rules(areas: frozenset[str] | None = None) -> ImportRules:
    return ImportRules(parse_phone=parse_number, country=None, areas=areas, now=NOW)


def somebody(**changes: Any) -> NewSubscriber:
    values: dict[str, Any] = {
        "phone": "+855 12 345 678",
        "language": "km_kh",
        "places": [HERE],
    }
    return NewSubscriber(**(values | changes))


def test_an_entry_is_brought_into_the_form_of_the_store() -> None:
    """One spelling for each number and language."""
    person = somebody(
        name=" Sok ",
        channels=["sms"],
        groups=["drill", "focal-point"],
        vulnerable=True,
        consent_at="2026-08-01T00:00:00Z",
        places=[HERE, NewPlace(area="12")],
    )
    entry, places = read_entry(person, rules(frozenset({"12"})))
    assert (entry["phone"], entry["language"]) == ("+85512345678", "km-KH")
    assert (entry["name"], entry["channels"], entry["vulnerable"]) == ("Sok", 1, True)
    assert set(entry["groups"]) == {"drill", "focal-point"}
    assert entry["consent_at"] == datetime(2026, 8, 1, tzinfo=UTC)
    assert [place["area_code"] for place in places] == [None, "12"]
    assert [place["lon"] for place in places] == [104.9, None]
    assert {place["source"] for place in places} == {PlaceSource.CONSOLE}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"places": []}, "places"),
        ({"phone": "12"}, "phone"),
        ({"language": "kh"}, "language"),
        ({"channels": ["fax"]}, "channels"),
        ({"consent_at": "yesterday"}, "consent_at"),
        ({"places": [NewPlace(area="99")]}, "area"),
        ({"places": [NewPlace(lon=104.9)]}, "lat"),
        ({"places": [NewPlace(lat=11.5, area="12")]}, "lon"),
        ({"places": [NewPlace()]}, "lon"),
        ({"places": [NewPlace(lon=float("nan"), lat=11.5)]}, "lon"),
        ({"places": [NewPlace(lon=181.0, lat=11.5)]}, "lon"),
    ],
)
def test_what_cannot_be_used_is_named(changes: dict[str, object], field: str) -> None:
    """The field, and a sentence without the number."""
    with pytest.raises(FieldError) as caught:
        read_entry(somebody(**changes), rules(frozenset({"12"})))
    assert field in caught.value.column
