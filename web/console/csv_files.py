"""Tables to take away, as CSV that a spreadsheet opens and does not run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from flask import Response

#: A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> Response:
    """Answer with a file, written line by line as it is read.

    Parameters
    ----------
    name : str
        Of the file, without ending; letters, digits and hyphens.
    header : sequence of str
    rows : iterable of sequence
        Texts and numbers; a text that looks like a formula is made a text again.
    """
    answer = Response(_lines(header, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    room = io.StringIO()
    writer = csv.writer(room)
    # Spreadsheets read UTF-8 only after this mark.
    yield "\ufeff"
    for row in chain([header], rows):
        writer.writerow([_harmless(cell) for cell in row])
        yield room.getvalue()
        room.seek(0)
        room.truncate()


def _harmless(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell
