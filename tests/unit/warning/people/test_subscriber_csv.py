"""A list of subscribers: what becomes a row, what is refused, and in which words."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from tests.unit.warning.subscriber_lines import (
    HEADER,
    RULES,
    line_with,
    parse_phone,
    read,
    read_lines,
)
from warning.people.subscriber_batches import Note
from warning.people.subscriber_csv import ImportRules, read_subscribers
from warning.people.subscriber_header import SubscriberFileError


def test_a_full_line_becomes_a_person_and_a_place() -> None:
    """Every column arrives, in the form the store writes."""
    batch = read_lines(
        "+855 12 345 678,KM,104.9160,11.5625,KH-12,សុខ ដារ៉ា,voice,"
        "Drill; focal-point,1,2025-03-31T08:00:00+07:00"
    )

    assert batch.rejected == []
    assert batch.people == [
        {
            "phone": "+85512345678",
            "language": "km",
            "name": "សុខ ដារ៉ា",
            "channels": 2,
            "groups": ("drill", "focal-point"),
            "vulnerable": True,
            "consent_at": datetime(2025, 3, 31, 1, tzinfo=UTC),
        }
    ]
    assert batch.places == [
        {
            "phone": "+85512345678",
            "lon": 104.916,
            "lat": 11.5625,
            "area_code": "KH-12",
            "source": "import",
        }
    ]


def test_optional_columns_may_be_missing() -> None:
    """Phone, language and a place are enough; the rest has a sensible meaning."""
    batch = read_lines("+85512345678,en,104.9,11.5", header="phone,language,lon,lat")

    assert batch.people == [
        {
            "phone": "+85512345678",
            "language": "en",
            "name": None,
            "channels": 3,
            "groups": (),
            "vulnerable": False,
            "consent_at": None,
        }
    ]


def test_an_area_alone_is_a_place() -> None:
    """Who is known only by an area has no coordinates and is not lost."""
    batch = read_lines("+85512345678,km,KH-8", header="phone,language,area")

    assert batch.places == [
        {
            "phone": "+85512345678",
            "lon": None,
            "lat": None,
            "area_code": "KH-8",
            "source": "import",
        }
    ]


def test_columns_may_stand_in_any_order_and_case() -> None:
    """The header says which column is where; trailing empty columns do not count."""
    batch = read_lines(
        "11.5,104.9,km,+85512345678,,", header=" LAT ,Lon,Language,Phone,,"
    )

    assert batch.rejected == []
    assert (batch.places[0]["lon"], batch.places[0]["lat"]) == (104.9, 11.5)


def test_blank_lines_are_not_lines_of_people() -> None:
    """Blank lines count for the numbering and for nothing else."""
    batch = read("\n\n" + HEADER + "\n\n   \n" + line_with(phone="") + "\n\n")[0]

    assert batch.n_lines == 1
    assert batch.rejected[0].line_no == 6


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(newline: str) -> None:
    """Lists come from every kind of machine."""
    batch = read(newline.join([HEADER, line_with(), line_with(lat="x"), ""]))[0]

    assert (batch.n_accepted, batch.rejected[0].line_no) == (1, 3)


def test_exchanged_coordinates_are_told_by_the_country() -> None:
    """Where both readings are possible on earth, the country's box decides."""
    rules = ImportRules(parse_phone=parse_phone, country=(35.0, -5.0, 42.0, 5.0))
    text = f"{HEADER}\n{line_with(lon='-1.3', lat='36.8')}\n"

    assert read(text, rules)[0].rejected[0].code == "position-swapped"


def test_a_place_abroad_is_accepted_with_a_note() -> None:
    """People live across borders, and a slipped digit looks the same."""
    batch = read_lines(line_with(), line_with(phone="+85599999999", lat="1.15"))

    assert batch.n_accepted == 2
    assert batch.notes == [
        Note(
            3,
            "lon",
            "The place lies outside the country; check lon and lat if that is not "
            "meant.",
            "abroad",
        )
    ]


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        ("", 3),
        ("both", 3),
        ("SMS", 1),
        ("voice", 2),
        ("sms;voice", 3),
        ("voice+sms", 3),
    ],
)
def test_channels_are_words(channels: str, expected: int) -> None:
    """Channels come out as the sum the store keeps."""
    assert read_lines(line_with(channels=channels)).people[0]["channels"] == expected


def test_several_lines_with_one_phone_are_places_of_one_person() -> None:
    """The last line's personal data win, each place stays, and conflicts are noted."""
    batch = read_lines(
        line_with(name="Sok"),
        line_with(phone="+85599999999"),
        line_with(lon="105.0", name="Sok", language="en", vulnerable="1"),
    )

    assert [person["phone"] for person in batch.people] == [
        "+85512345678",
        "+85599999999",
    ]
    assert batch.people[0]["language"] == "en"
    assert [place["lon"] for place in batch.places] == [104.9, 104.9, 105.0]
    assert batch.notes == [
        Note(
            4,
            column,
            f"Line 2 has the same phone and another {column}; this line counts.",
            "conflict",
        )
        for column in ("language", "vulnerable")
    ]


def test_a_person_seen_in_an_earlier_batch_is_not_new() -> None:
    """A later batch only adds the place, and the person if they changed."""
    again = line_with(lon="105.0")
    changed = line_with(lon="106.0", language="en")

    first, second, third = read(
        f"{HEADER}\n{line_with()}\n{again}\n{changed}\n", batch_lines=1
    )

    assert (len(first.people), len(first.places)) == (1, 1)
    assert (second.people, second.places, second.changed_people) == ([], [], [])
    assert [place["lon"] for place in second.added_places] == [105.0]
    assert [person["language"] for person in third.changed_people] == ["en"]
    assert [note.column for note in third.notes] == ["language"]


def test_batches_say_how_far_the_file_is_read() -> None:
    """Batches have the size asked for and end at the file's last byte."""
    text = f"{HEADER}\n" + f"{line_with()}\n" * 7

    batches = read(text, batch_lines=3)

    assert [batch.n_lines for batch in batches] == [3, 3, 1]
    assert batches[-1].n_bytes == len(text)


def test_the_stream_stays_open() -> None:
    """The file belongs to the caller, also when it is refused."""
    for text in (f"{HEADER}\n{line_with()}\n", "nonsense\n"):
        stream = io.BytesIO(text.encode())
        with suppress(SubscriberFileError):
            list(read_subscribers(stream, RULES))
        assert not stream.closed
