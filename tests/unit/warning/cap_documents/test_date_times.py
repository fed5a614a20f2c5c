"""Date-times: one form out, whatever is unmistakable in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.warning.cap_samples import line_of, spoil
from warning.cap_documents.cap_check import check
from warning.cap_documents.datatypes import is_cap_time
from warning.cap_documents.date_times import read_time, write_time

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
TIMES = st.datetimes(
    datetime(1991, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    datetime(2199, 12, 31),  # noqa: DTZ001 - as above
    timezones=OFFSETS,
)


@given(TIMES)
def test_what_is_written_is_cap_and_reads_back(at: datetime) -> None:
    """Any instant to the second, with its offset."""
    text = write_time(at)
    reading = read_time(text)
    assert is_cap_time(text)
    assert reading.faults == ()
    assert reading.at == at.replace(microsecond=0)
    assert reading.at.utcoffset() == at.utcoffset()


@pytest.mark.parametrize(
    ("text", "utc", "faults"),
    [
        ("2026-10-01T06:00:00+07:00", "2026-09-30T23:00:00", []),
        ("2026-10-01T06:00:00-00:00", "2026-10-01T06:00:00", []),
        ("2026-10-01T06:00:00+00:00", "2026-10-01T06:00:00", []),
        ("2026-10-01T24:00:00+00:00", "2026-10-02T00:00:00", []),
        (" 2026-10-01T06:00:00-00:00\n", "2026-10-01T06:00:00", []),
        ("2026-10-01T06:00:00Z", "2026-10-01T06:00:00", ["date_letter"]),
        ("2026-10-01T06:00:00z", "2026-10-01T06:00:00", ["date_letter"]),
        ("2026-10-01T06:00:00.5-00:00", "2026-10-01T06:00:00", ["date_fraction"]),
        (
            "2026-10-01T06:00:00.123456789Z",
            "2026-10-01T06:00:00",
            ["date_letter", "date_fraction"],
        ),
        ("2026-10-01 06:00:00+07:00", "2026-09-30T23:00:00", ["date_format"]),
        ("2026-10-01T06:00:00+0700", "2026-09-30T23:00:00", ["date_format"]),
        ("2026-10-01T06:00+07:00", "2026-09-30T23:00:00", ["date_format"]),
        ("2569-10-01T06:00:00+07:00", "2569-09-30T23:00:00", ["date_buddhist_year"]),
        ("1026-10-01T06:00:00+00:00", "1026-10-01T06:00:00", ["date_implausible_year"]),
        ("2026-10-01T06:00:00", None, ["date_no_offset"]),
        ("2026-10-01", None, ["date_unreadable"]),
        ("2026-02-29T06:00:00+07:00", None, ["date_unreadable"]),
        ("2026-10-01T25:00:00+07:00", None, ["date_unreadable"]),
        ("2026-10-01T24:00:01+07:00", None, ["date_unreadable"]),
        ("2026-10-01T06:00:00+07:60", None, ["date_unreadable"]),
        ("2026-10-01T06:00:00+15:00", None, ["date_unreadable"]),
        ("9999-12-31T24:00:00+00:00", None, ["date_unreadable"]),
        ("01/10/2026 06:00", None, ["date_unreadable"]),
        ("", None, ["date_unreadable"]),
    ],
)
def test_times_are_read_as_leniently_as_their_meaning_allows(
    text: str, utc: str | None, faults: list[str]
) -> None:
    """The instant where there is one, and every fault of form."""
    reading = read_time(text)
    found = reading.at.astimezone(UTC).replace(tzinfo=None) if reading.at else None
    assert (found.isoformat() if found else None) == utc
    assert [fault.value for fault in reading.faults] == faults


@pytest.mark.parametrize(
    ("name", "text", "code", "severity"),
    [
        ("sent", "2026-10-01T06:00:00Z", "date_letter", "warns"),
        ("expires", "2026-10-09T06:00:00.0-00:00", "date_fraction", "warns"),
        ("sent", "2026-10-01T06:00:00", "date_no_offset", "blocks"),
        ("sent", "tomorrow", "date_unreadable", "blocks"),
        ("expires", "tomorrow", "date_unreadable", "blocks"),
        ("onset", "tomorrow", "date_unreadable", "warns"),
        ("effective", "2569-10-01T06:00:00+07:00", "date_buddhist_year", "blocks"),
        ("sent", "2569-10-01T06:00:00+07:00", "date_buddhist_year", "blocks"),
        ("sent", "0126-10-01T06:00:00+07:00", "date_implausible_year", "blocks"),
        ("onset", "2026-10-01 09:00:00+07:00", "date_format", "warns"),
    ],
)
def test_a_bad_time_is_told_once_with_its_line(
    name: str, text: str, code: str, severity: str
) -> None:
    """What leaves the instant or the validity in doubt blocks; the rest warns."""
    old = {
        "sent": "2026-10-01T06:00:00+07:00</sent>",
        "effective": "2026-10-01T06:00:00+07:00</effective>",
        "onset": "2026-10-01T09:00:00+07:00</onset>",
        "expires": "2026-10-02T06:00:00+07:00</expires>",
    }[name]
    document = spoil((old, f"{text}</{name}>"))
    found = [
        one for one in check(document, filename="a").defects if one.element == name
    ]
    (defect,) = (one for one in found if one.code.startswith("date_"))
    assert (defect.code, defect.severity.value) == (code, severity)
    assert defect.line == line_of(document, f"</{name}>")
    assert "bad_value" not in {one.code for one in found}
