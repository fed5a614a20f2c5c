"""The first line of a list of subscribers: which column is where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from warning.people.csv_lines import CsvLineError

COLUMNS = (
    "phone",
    "language",
    "lon",
    "lat",
    "area",
    "name",
    "channels",
    "groups",
    "vulnerable",
    "consent_at",
)
_ALWAYS = ("phone", "language")
_LISTING = ", ".join(COLUMNS)


class SubscriberFileError(ValueError):
    """The file as a whole cannot be used; the message says why and what to do."""


def read_header(
    lines: Iterator[tuple[int, list[str] | CsvLineError]],
) -> tuple[str, ...]:
    """Take the column names off the first line that is not blank.

    Parameters
    ----------
    lines : iterator of (int, cells)
        As from `csv_lines`; left behind the header.

    Returns
    -------
    tuple of str
        Names out of ``COLUMNS``, in the file's order; case and blanks do not matter.

    Raises
    ------
    SubscriberFileError
        If there is no such line, or a column is missing, unknown or there twice.
    """
    for line_no, cells in lines:
        if isinstance(cells, CsvLineError):
            raise SubscriberFileError(f"Line {line_no}: {cells.reason}")
        names = [cell.strip().lower() for cell in cells]
        # Spreadsheets leave empty columns behind the last.
        while names and not names[-1]:
            names.pop()
        if names:
            _check(line_no, names)
            return tuple(names)
    raise SubscriberFileError(
        f"The file is empty; its first line must name the columns: {_LISTING}."
    )


def _check(line_no: int, names: Sequence[str]) -> None:
    for separator, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(names) == 1 and separator in names[0]:
            raise SubscriberFileError(
                f"Line {line_no}: the columns are separated by {word}; save the file "
                f"with commas between them."
            )
    problems = [*_unknown(names), *_repeated(names), *_missing(names)]
    if problems:
        raise SubscriberFileError(
            f"Line {line_no} must name the columns: {'; '.join(problems)}. "
            f"There are: {_LISTING}."
        )


def _unknown(names: Sequence[str]) -> Iterator[str]:
    for position, name in enumerate(names, start=1):
        if not name:
            yield f"column {position} has no name"
        elif name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, n=1)
            hint = f" (did you mean '{near[0]}'?)" if near else ""
            yield f"'{name[:40]}' is unknown{hint}"


def _repeated(names: Sequence[str]) -> Iterator[str]:
    for name in COLUMNS:
        if names.count(name) > 1:
            yield f"'{name}' is there {names.count(name)} times"


def _missing(names: Sequence[str]) -> Iterator[str]:
    for name in _ALWAYS:
        if name not in names:
            yield f"'{name}' is missing"
    has_position = "lon" in names and "lat" in names
    if "lon" in names and "lat" not in names:
        yield "'lat' is missing"
    elif "lat" in names and "lon" not in names:
        yield "'lon' is missing"
    elif not has_position and "area" not in names:
        yield "'lon' and 'lat', or 'area', are missing"
