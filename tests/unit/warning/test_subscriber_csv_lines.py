"""What is wrong with a line costs that line alone, and is told in a sentence."""

from __future__ import annotations

import pytest

from tests.unit.warning.subscriber_lines import (
    QUOTES,
    line_with,
    read_lines,
)
from warning.people.subscriber_batches import Rejected

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
