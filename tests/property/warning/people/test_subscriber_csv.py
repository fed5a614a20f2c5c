"""Whatever a subscriber file holds: nothing crashes and no line is lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.warning.subscriber_lines import (
    GOOD,
    HEADER,
    read,
)
from warning.people.subscriber_batches import Batch
from warning.people.subscriber_header import SubscriberFileError


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
