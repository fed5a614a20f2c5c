"""A list of subscribers as CSV, of any size, to batches ready for a database.

Every line ends in exactly one of two places: a row, or a rejection that says line,
column and reason. How a telephone number is read belongs to `telephony` and is passed
in.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from operator import itemgetter
from typing import BinaryIO

from warning.people.csv_lines import CsvLineError, csv_lines
from warning.people.subscriber_batches import Batch, BatchBuilder, PersonLine, PlaceLine
from warning.people.subscriber_fields import (
    FieldError,
    parse_area_code,
    parse_channels,
    parse_consent,
    parse_groups,
    parse_language,
    parse_name,
    parse_vulnerable,
    quoted,
)
from warning.people.subscriber_header import COLUMNS, SubscriberFileError, read_header
from warning.people.subscriber_position import Box, is_inside, parse_position
from warning.people.subscribers import PlaceSource
from warning.people.text_encoding import EncodingError, detect_encoding

BATCH_LINES = 5_000
_SOURCE = PlaceSource.IMPORT.value


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRules:
    """What a list is checked against."""

    #: Text → E.164; raises ValueError with a sentence that does not repeat the number.
    parse_phone: Callable[[str], str]
    #: The country. A place outside it is accepted with a note (people live across
    #: borders) unless lon and lat look exchanged; None tells that by range alone.
    country: Box | None = None
    #: Codes that exist; None accepts any.
    areas: Collection[str] | None = None
    #: Aware; nobody agrees in the future. None does not check.
    now: datetime | None = None


def read_subscribers(
    stream: BinaryIO,
    rules: ImportRules,
    *,
    encoding: str | None = None,
    batch_lines: int = BATCH_LINES,
) -> Iterator[Batch]:
    """Read a list of subscribers.

    Parameters
    ----------
    stream : binary file
        Seekable; read twice, the first time for its encoding. Stays open.
    rules : ImportRules
        What lines are checked against.
    encoding : str, optional
        For files that are neither UTF-8 nor start with a byte order mark.
    batch_lines : int, optional
        Lines a batch, >= 1.

    Returns
    -------
    iterator of Batch
        In file order; none for a file with nothing but a header. Encoding and header
        have been checked when this returns.

    Raises
    ------
    SubscriberFileError
        If the file cannot be used at all: wrong encoding, empty, wrong columns.

    Notes
    -----
    Numbers seen are remembered to the file's end, about 150 bytes each, so that a
    person's second place is told from a new person.
    """
    try:
        encoding = detect_encoding(stream, encoding)
    except EncodingError as error:
        raise SubscriberFileError(str(error)) from error
    text = io.TextIOWrapper(stream, encoding=encoding)
    try:
        lines = csv_lines(text)
        read_line = _LineReader(read_header(lines), rules)
    except SubscriberFileError:
        text.detach()
        raise
    return _batches(stream, text, lines, read_line, batch_lines)


def _batches(
    stream: BinaryIO,
    text: io.TextIOWrapper,
    lines: Iterator[tuple[int, list[str] | CsvLineError]],
    read_line: _LineReader,
    batch_lines: int,
) -> Iterator[Batch]:
    builder = BatchBuilder()
    try:
        for line_no, cells in lines:
            if isinstance(cells, CsvLineError):
                builder.reject(line_no, column="", code=cells.code, reason=cells.reason)
            elif len(cells) > 1 or (cells and cells[0].strip()):
                try:
                    person, place = read_line(cells)
                except FieldError as error:
                    builder.reject(
                        line_no,
                        column=error.column,
                        code=error.code,
                        reason=error.reason,
                    )
                else:
                    builder.accept(line_no, person, place)
                    if read_line.is_abroad(place):
                        builder.note(
                            line_no,
                            column="lon",
                            code="abroad",
                            reason="The place lies outside the country; check lon and "
                            "lat if that is not meant.",
                        )
            if builder.n_lines >= batch_lines:
                yield builder.finish(n_bytes=stream.tell())
        if builder.n_lines:
            yield builder.finish(n_bytes=stream.tell())
    finally:
        # Otherwise the caller's stream would be closed along with this wrapper.
        text.detach()


class _LineReader:
    """Turns the cells of a line into what it says of a person and a place."""

    def __init__(self, columns: Sequence[str], rules: ImportRules) -> None:
        self._n_columns = len(columns)
        self._rules = rules
        # A column the file does not have is read from the empty cell put at the end.
        self._pick = itemgetter(
            *(columns.index(name) if name in columns else -1 for name in COLUMNS)
        )

    def __call__(self, cells: list[str]) -> tuple[PersonLine, PlaceLine]:
        """Return both.

        Raises
        ------
        FieldError
            At the first cell that cannot be used.
        """
        if len(cells) != self._n_columns:
            self._fit(cells)
        cells.append("")
        (
            phone,
            language,
            lon_text,
            lat_text,
            area,
            name,
            channels,
            groups,
            vulnerable,
            consent_at,
        ) = map(str.strip, self._pick(cells))
        e164 = self._phone(phone)
        person: PersonLine = {
            "phone": e164,
            "language": parse_language(language),
            "name": parse_name(name),
            "channels": parse_channels(channels),
            "groups": parse_groups(groups),
            "vulnerable": parse_vulnerable(vulnerable),
            "consent_at": parse_consent(consent_at, latest=self._rules.now),
        }
        area_code = self._area(area)
        lon = lat = None
        if lon_text or lat_text or area_code is None:
            lon, lat = parse_position(lon_text, lat_text, box=self._rules.country)
        place: PlaceLine = {
            "phone": e164,
            "lon": lon,
            "lat": lat,
            "area_code": area_code,
            "source": _SOURCE,
        }
        return person, place

    def is_abroad(self, place: PlaceLine) -> bool:
        """Tell whether a position, if there is one, lies outside the country."""
        country, lon, lat = self._rules.country, place["lon"], place["lat"]
        if country is None or lon is None or lat is None:
            return False
        return not is_inside(lon, lat, country)

    def _fit(self, cells: list[str]) -> None:
        """Drop empty cells behind the last column.

        Raises
        ------
        FieldError
            If the line has fewer or more values than the header has columns.
        """
        n_values = len(cells)
        while len(cells) > self._n_columns and not cells[-1].strip():
            cells.pop()
        if len(cells) != self._n_columns:
            raise FieldError(
                "",
                "columns",
                f"The line has {n_values} values, the header {self._n_columns} "
                f"columns; put a value that holds a comma in double quotes.",
            )

    def _phone(self, text: str) -> str:
        if not text:
            raise FieldError("phone", "phone", "The phone number is missing.")
        try:
            return self._rules.parse_phone(text)
        except ValueError as error:
            raise FieldError("phone", "phone", str(error)) from error

    def _area(self, text: str) -> str | None:
        if not text:
            return None
        code = parse_area_code(text)
        areas = self._rules.areas
        if areas is None or code in areas:
            return code
        near = get_close_matches(code, areas, n=1)
        hint = f" (did you mean {quoted(near[0])}?)" if near else ""
        raise FieldError("area", "area", f"The area {quoted(code)} is not known{hint}.")
