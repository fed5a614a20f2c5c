"""A list of subscribers: what becomes a row, what is refused, and in which words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warning.subscriber_batches import Batch, Note, Rejected
from warning.subscriber_csv import ImportRules, read_subscribers
from warning.subscriber_header import SubscriberFileError

CAMBODIA = (102.3, 10.3, 107.7, 14.7)
HEADER = "phone,language,lon,lat,area,name,channels,groups,vulnerable,consent_at"
NOW = datetime(2025, 6, 1, tzinfo=UTC)


def parse_phone(text: str) -> str:
    if not text.startswith("+"):
        raise ValueError("The phone number has no country code; write it with +.")
    digits = text[1:].replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15):
        raise ValueError("The phone number is not one that can be dialled.")
    return f"+{digits}"


RULES = ImportRules(
    parse_phone=parse_phone, country=CAMBODIA, areas={"KH-12", "KH-8"}, now=NOW
)


def read(
    text: str | bytes, rules: ImportRules = RULES, *, batch_lines: int = 5_000
) -> list[Batch]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_subscribers(io.BytesIO(data), rules, batch_lines=batch_lines))


def read_lines(*lines: str, header: str = HEADER) -> Batch:
    """Read lines under a header as one batch."""
    batches = read("\n".join([header, *lines]) + "\n")
    assert len(batches) == 1
    return batches[0]


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


GOOD = {
    "phone": "+85512345678",
    "language": "km",
    "lon": "104.9",
    "lat": "11.5",
    "area": "",
    "name": "",
    "channels": "",
    "groups": "",
    "vulnerable": "",
    "consent_at": "",
}


def line_with(**cells: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow({**GOOD, **cells}.values())
    return out.getvalue()


BAD_CELLS: list[tuple[dict[str, str], str, str, str]] = [
    ({"phone": ""}, "phone", "phone", "The phone number is missing."),
    (
        {"phone": "012345678"},
        "phone",
        "phone",
        "The phone number has no country code; write it with +.",
    ),
    (
        {"language": ""},
        "language",
        "language",
        "The language is missing; write a code such as km.",
    ),
    (
        {"language": "Khmer"},
        "language",
        "language",
        "The language 'Khmer' is not a language tag such as km, en or zh-Hant.",
    ),
    (
        {"language": "kh"},
        "language",
        "language",
        "The language 'kh' is not the code of a language (Khmer is km).",
    ),
    (
        {"lon": ""},
        "lon",
        "position",
        "lon is missing; give both lon and lat, or an area.",
    ),
    (
        {"lon": "", "lat": ""},
        "lon",
        "position",
        "lon is missing; give both lon and lat, or an area.",
    ),
    (
        {"lat": "", "area": "KH-12"},
        "lat",
        "position",
        "lat is missing; give both lon and lat, or an area.",
    ),
    (
        {"lat": "north"},
        "lat",
        "position",
        "lat is 'north', not a number of degrees such as 104.9282.",
    ),
    (
        {"lat": "NaN"},
        "lat",
        "position",
        "lat is 'NaN', not a number of degrees such as 104.9282.",
    ),
    (
        {"lon": "-inf"},
        "lon",
        "position",
        "lon is '-inf', not a number of degrees such as 104.9282.",
    ),
    (
        {"lon": "1_04.9"},
        "lon",
        "position",
        "lon is '1_04.9', not a number of degrees such as 104.9282.",
    ),
    (
        {"lon": "104,9"},
        "lon",
        "position",
        "lon is '104,9'; write it with a point: 104.9.",
    ),
    (
        {"lon": "0", "lat": "0.0"},
        "lon",
        "position",
        "Both lon and lat are 0; give the true position.",
    ),
    (
        {"lon": "11.5", "lat": "104.9"},
        "lon",
        "position-swapped",
        "lon 11.5 and lat 104.9 look exchanged; lon is east-west, lat is north-south.",
    ),
    (
        {"lon": "104.9", "lat": "-104.9"},
        "lat",
        "position-range",
        "lat is -104.9, beyond 90 degrees; write decimal degrees of WGS 84.",
    ),
    (
        {"lon": "104.9", "lat": "1104.9"},
        "lat",
        "position-range",
        "lat is 1104.9, beyond 90 degrees; write decimal degrees of WGS 84.",
    ),
    (
        {"lon": "492735", "lat": "11.5"},
        "lon",
        "position-range",
        "lon is 492735, beyond 180 degrees; write decimal degrees of WGS 84.",
    ),
    (
        {"area": "KH-21"},
        "area",
        "area",
        "The area 'KH-21' is not known (did you mean 'KH-12'?).",
    ),
    ({"area": "Bavaria"}, "area", "area", "The area 'Bavaria' is not known."),
    (
        {"area": "x" * 65},
        "area",
        "area",
        f"The area '{'x' * 39}…' is not a code of at most 64 characters.",
    ),
    (
        {"name": "n" * 201},
        "name",
        "name",
        "The name is longer than 200 characters.",
    ),
    (
        {"name": "So\x07k"},
        "name",
        "name",
        "The name holds control characters; type it again.",
    ),
    (
        {"channels": "sms;fax"},
        "channels",
        "channels",
        "The channel 'fax' is unknown; write sms, voice or both.",
    ),
    (
        {"groups": f"drill;{'g' * 65}"},
        "groups",
        "groups",
        (
            f"The group '{'g' * 39}…' is longer than 64 characters or not plain text; "
            f"separate groups with ';'."
        ),
    ),
    (
        {"vulnerable": "maybe"},
        "vulnerable",
        "vulnerable",
        "Vulnerable is 'maybe'; write 0 or 1.",
    ),
    (
        {"consent_at": "31/03/2025"},
        "consent_at",
        "consent",
        (
            "The date of consent is '31/03/2025'; write it as 2025-03-31 or "
            "2025-03-31T08:00:00+07:00."
        ),
    ),
    (
        {"consent_at": "2025-03-31T08:00:00"},
        "consent_at",
        "consent",
        (
            "The time of consent '2025-03-31T08:00:00' has no time zone; add Z or one "
            "such as +07:00."
        ),
    ),
    (
        {"consent_at": "2025-07-01"},
        "consent_at",
        "consent",
        "The date of consent '2025-07-01' is to come.",
    ),
    (
        {"consent_at": "0001-01-01T00:00+07:00"},
        "consent_at",
        "consent",
        "There is no such time as '0001-01-01T00:00+07:00'.",
    ),
]


@pytest.mark.parametrize(("cells", "column", "code", "reason"), BAD_CELLS)
def test_a_bad_cell_is_reported_in_a_sentence(
    cells: dict[str, str], column: str, code: str, reason: str
) -> None:
    """A line with one bad cell is refused with its number, column, code and reason."""
    batch = read_lines(line_with(), line_with(**cells), line_with())

    assert batch.rejected == [Rejected(3, column, reason, code)]
    assert batch.n_accepted == 2


QUOTES = (
    "A quotation mark is not closed on its line, or stands inside a value; write it "
    "twice there, and keep every value on one line."
)
WIDE = (
    "The line has {} values, the header 4 columns; put a value that holds a comma in "
    "double quotes."
)


@pytest.mark.parametrize(
    ("line", "code", "reason"),
    [
        ('+85512345678,"km,104.9,11.5', "quotes", QUOTES),
        ('+85512345678,"k"m,104.9,11.5', "quotes", QUOTES),
        ("+85512345678,km,104.9", "columns", WIDE.format(3)),
        ("+85512345678,km,104,9,11,5", "columns", WIDE.format(6)),
        ("+85512345678", "columns", WIDE.format(1)),
        (
            "x" * 200_000,
            "line-too-long",
            (
                "The line is longer than 65,536 characters; is the file a list with "
                "one person a line?"
            ),
        ),
    ],
)
def test_a_bad_line_costs_itself_and_no_other(
    line: str, code: str, reason: str
) -> None:
    """A stray quote or comma spoils one line; the next is read as if nothing was."""
    good = "+85512345678,km,104.9,11.5"

    batch = read_lines(line, good, line, good, header="phone,language,lon,lat")

    assert batch.rejected == [
        Rejected(2, "", reason, code),
        Rejected(4, "", reason, code),
    ]
    assert batch.n_accepted == 2


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


BAD_HEADERS = [
    (
        "",
        (
            "The file is empty; its first line must name the columns: phone, language, "
            "lon, lat, area, name, channels, groups, vulnerable, consent_at."
        ),
    ),
    (
        "phone,langauge,lon,lat",
        (
            "Line 1 must name the columns: 'langauge' is unknown (did you mean "
            "'language'?); 'language' is missing. There are: phone, language, lon, "
            "lat, area, name, channels, groups, vulnerable, consent_at."
        ),
    ),
    (
        "phone,language",
        (
            "Line 1 must name the columns: 'lon' and 'lat', or 'area', are missing. "
            "There are: phone, language, lon, lat, area, name, channels, groups, "
            "vulnerable, consent_at."
        ),
    ),
    (
        "phone,phone,language,,lon",
        (
            "Line 1 must name the columns: column 4 has no name; 'phone' is there 2 "
            "times; 'lat' is missing. There are: phone, language, lon, lat, area, "
            "name, channels, groups, vulnerable, consent_at."
        ),
    ),
    (
        "phone,language,lat,q",
        (
            "Line 1 must name the columns: 'q' is unknown; 'lon' is missing. There "
            "are: phone, language, lon, lat, area, name, channels, groups, vulnerable, "
            "consent_at."
        ),
    ),
    (
        "phone;language;lon;lat",
        (
            "Line 1: the columns are separated by semicolons; save the file with "
            "commas between them."
        ),
    ),
    (
        "phone\tlanguage\tlon\tlat",
        (
            "Line 1: the columns are separated by tabs; save the file with commas "
            "between them."
        ),
    ),
    ('phone,"language,lon,lat', f"Line 1: {QUOTES}"),
]


@pytest.mark.parametrize(("header", "sentence"), BAD_HEADERS)
def test_a_header_that_does_not_fit_says_what_is_wrong(
    header: str, sentence: str
) -> None:
    """Missing, unknown and repeated columns are named, with the nearest known one."""
    with pytest.raises(SubscriberFileError) as refused:
        read(f"{header}\n{line_with()}\n" if header else "")

    assert str(refused.value) == sentence


def data_lines(text: str) -> int:
    """Count the lines below the header that hold anything, as a person would."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return sum(
        bool(line.strip(" \t\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0")) for line in lines
    )


CELL = st.one_of(
    st.sampled_from([*GOOD.values(), "", '"', "104.9", "11.5", "+85599999999"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
)


@given(
    st.lists(
        st.one_of(
            st.lists(CELL, min_size=4, max_size=4).map(",".join),
            st.text(alphabet="ab\"', \t;+0123456789.\x07ក", max_size=40),
        ),
        max_size=20,
    ).map("\n".join),
    st.integers(1, 7),
)
def test_no_text_crashes_and_no_line_is_lost(text: str, batch_lines: int) -> None:
    """Whatever a line holds, it is accepted or rejected, once."""
    document = f"phone,language,lon,lat\n{text}"
    batches = read(document, batch_lines=batch_lines)

    places = sum(len(b.places) + len(b.added_places) for b in batches)
    rejected = sum(len(b.rejected) for b in batches)
    assert places == sum(b.n_accepted for b in batches)
    assert places + rejected == sum(b.n_lines for b in batches)
    if all(ch.isprintable() or ch in "\r\n\t" for ch in text):
        assert places + rejected == data_lines(text)


@given(st.binary(max_size=300))
def test_no_bytes_crash(data: bytes) -> None:
    """Whatever a file holds, it is read or refused with a sentence."""
    for document in (data, HEADER.encode() + b"\n" + data):
        with suppress(SubscriberFileError):
            read(document)


@given(
    st.lists(
        st.tuples(
            st.integers(10_000_000, 99_999_999),
            st.sampled_from(["km", "en", "vi", "cjm"]),
            st.floats(102.4, 107.6),
            st.floats(10.4, 14.6),
            st.text(
                st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")),
                max_size=20,
            ),
        ),
        max_size=30,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be-bom", "utf-32"]),
)
def test_what_a_csv_writer_writes_is_read_back(
    people: Sequence[tuple[int, str, float, float, str]], encoding: str
) -> None:
    """A list written by any careful program arrives whole, in any Unicode encoding."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["phone", "language", "lon", "lat", "name"])
    writer.writerows((f"+855{n}", *rest) for n, *rest in people)
    text = out.getvalue()
    data = (
        ("\ufeff" + text).encode("utf-16-be")
        if encoding == "utf-16-be-bom"
        else text.encode(encoding)
    )

    batches = read(data)

    assert sum(b.n_accepted for b in batches) == len(people)
    assert {p["phone"] for b in batches for p in b.people} == {
        f"+855{n}" for n, *_ in people
    }
    assert sorted(_lons(batches)) == sorted(lon for _, _, lon, _, _ in people)


def _lons(batches: Iterable[Batch]) -> list[float]:
    return [p["lon"] for b in batches for p in b.places if p["lon"] is not None]
