"""Lists of volunteers and AEDs: every line becomes a value or a reason."""

from __future__ import annotations

import json

import pytest

from responders.deciding.facts import Skill
from responders.errors import ImportFileError
from responders.roster.aed_file import read_aeds
from responders.roster.aeds import Access
from responders.roster.entry_rules import EntryRules
from responders.roster.places import PlaceKind
from responders.roster.responder_file import read_responders
from responders.roster.volunteer import Standing
from telephony.delivery import Channel
from telephony.numbers import parse_number
from tests.fakes.case_world import SEALS, START, phone

RULES = EntryRules(parse_phone=parse_number, now=START, seal=SEALS.of)
HEADER = "phone,skills,home_lon,home_lat,home_hours,channels,quiet,consent_at\n"


def test_a_line_becomes_a_volunteer() -> None:
    """With credentials that the organisation has seen."""
    line = (
        f"{phone(1)},cpr;nurse:2027-05-01,104.9,11.5,18-07,sms,23:00-07:00,2026-01-01\n"
    )
    (read,) = read_responders((HEADER + line).encode(), RULES)
    person = read.value
    assert person is not None
    assert person.standing is Standing.ACTIVE
    assert [one.skill for one in person.credentials] == [Skill.CPR, Skill.NURSE]
    assert all(one.verified_at == START for one in person.credentials)
    assert person.channels is Channel.SMS
    (home,) = person.places
    assert (home.kind, str(home.hours)) == (PlaceKind.HOME, "18:00-07:00")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("12,cpr,,,,,,", "phone"),
        (f"{phone(1)},juggler,,,,,,", "skills"),
        (f"{phone(1)},cpr:soon,,,,,,", "skills"),
        (f"{phone(1)},cpr,0,0,,,,", "home_lon"),
        (f"{phone(1)},cpr,11.5,104.9,,,,", "home_lon"),
        (f"{phone(1)},cpr,east,11,,,,", "home_lon"),
        (f"{phone(1)},cpr,104.9,11.5,often,,,", "home_lon"),
        (f"{phone(1)},cpr,,,,pigeon,,", "channels"),
        (f"{phone(1)},cpr,,,,,late,", "quiet"),
        (f"{phone(1)},cpr,,,,,,2030-01-01", "consent_at"),
    ],
    ids=str,
)
def test_a_line_that_cannot_be_used_says_why(line: str, column: str) -> None:
    """Number, column, and a sentence without the telephone number."""
    (read,) = read_responders((HEADER + line).encode(), RULES)
    assert (read.value, read.line_no, read.column) == (None, 2, column)
    assert phone(1) not in read.reason


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"name\nSok\n", b"phone,skills,shoe\n"],
    ids=["empty", "not UTF-8", "no phone", "unknown column"],
)
def test_a_file_that_is_none(data: bytes) -> None:
    """Refused whole, before anything is written."""
    with pytest.raises(ImportFileError):
        read_responders(data, RULES)


def a_feature(**tags: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": "node/7",
        "geometry": {"type": "Point", "coordinates": [104.9, 11.5]},
        "properties": tags,
    }


def of_features(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_tags_of_openstreetmap() -> None:
    """Hours, access, place and code are understood."""
    tags = {
        "opening_hours": "Mo-Fr 08:00-18:00",
        "access": "permissive",
        "indoor": "yes",
        "defibrillator:location": "Lobby",
        "defibrillator:code": "1379",
    }
    (read,) = read_aeds(of_features(a_feature(**tags)))
    aed = read.value
    assert aed is not None
    assert (aed.ref, aed.location, aed.cabinet_code) == ("osm:node/7", "Lobby", "1379")
    assert (aed.access, aed.is_indoor) == (Access.PERMISSIVE, True)


def test_aeds_that_cannot_be_used() -> None:
    """Malformed hours, no place, no name: reported, the others are read."""
    odd = a_feature() | {"geometry": {"type": "Polygon", "coordinates": []}}
    nameless = a_feature() | {"id": None}
    lines = read_aeds(
        of_features(
            a_feature(opening_hours="when open"), odd, nameless, "x", a_feature()
        )
    )
    assert [line.column for line in lines] == ["opening_hours", "lon", "ref", "ref", ""]
    assert lines[-1].value is not None


def test_aeds_as_csv() -> None:
    """The same by columns."""
    (read,) = read_aeds(b"ref,lon,lat,access\n9,104.9,11.5,no\n")
    assert read.value is not None
    assert not read.value.access.is_open_to_us


@pytest.mark.parametrize("data", [b"{", b'{"type": "Feature"}', b"lon,lat\n"], ids=str)
def test_a_list_of_aeds_that_is_none(data: bytes) -> None:
    """Refused whole."""
    with pytest.raises(ImportFileError):
        read_aeds(data)


def test_what_is_there_twice_is_taken_once() -> None:
    """The first line counts, the second is told with its number."""
    people = read_responders(
        b"phone,skills\n+85512345678,cpr\n+85512345679,cpr\n+855 12 345 678,nurse\n",
        RULES,
    )
    assert [line.value is not None for line in people] == [True, True, False]
    assert people[2].reason == "The same as in line 2, which is taken."
    aeds = read_aeds(b"ref,lon,lat\na1,104.9,11.5\na1,104.8,11.5\n")
    assert [line.value is not None for line in aeds] == [True, False]
