"""CSV in which a value never spans lines, so that one bad line is one bad line.

In CSV at large a quote that is never closed swallows the rest of the file. In lists of
people no value holds a line break, and a line is therefore taken as a record's end
whatever stands in it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

#: A line of a list of people has a hundred characters; this bounds memory.
MAX_LINE = 64 * 1024


class CsvLineError(ValueError):
    """A line is not CSV.

    Parameters
    ----------
    code : str
        A stable word for machines.
    reason : str
        A sentence for people.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def csv_lines(text: TextIO) -> Iterator[tuple[int, list[str] | CsvLineError]]:
    """Split a text into lines and cells.

    Parameters
    ----------
    text : text file
        Opened with universal newlines.

    Yields
    ------
    line_no : int
        From 1.
    cells : list of str or CsvLineError
        The line's cells, or why it has none. Empty for a blank line.
    """
    source = _Lines(text)
    reader = csv.reader(source, strict=True, skipinitialspace=True)
    while True:
        source.is_taken = False
        try:
            cells = next(reader)
        except StopIteration:
            return
        except CsvLineError as error:
            yield source.number, error
        except csv.Error:
            yield source.number, _bad_quotes()
        else:
            yield source.number, cells


class _Lines:
    """Hands the CSV reader one line at a time, and refuses it a second for one record.

    The reader starts afresh after an error, and the refused line is still to come.
    """

    def __init__(self, text: TextIO) -> None:
        self._readline = text.readline
        self.number = 0
        self.is_taken = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.is_taken:
            raise _bad_quotes()
        line = self._readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.is_taken = True
        self.number += 1
        if len(line) == MAX_LINE and not line.endswith("\n"):
            self._skip_rest()
            raise CsvLineError(
                "line-too-long",
                f"The line is longer than {MAX_LINE:,} characters; is the file a list "
                f"with one person a line?",
            )
        return line

    def _skip_rest(self) -> None:
        while True:
            rest = self._readline(MAX_LINE)
            if not rest or rest.endswith("\n"):
                return


def _bad_quotes() -> CsvLineError:
    return CsvLineError(
        "quotes",
        "A quotation mark is not closed on its line, or stands inside a value; write "
        "it twice there, and keep every value on one line.",
    )
