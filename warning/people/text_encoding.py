"""Which encoding a text file is in, and the first byte that says otherwise.

A file is checked to its end before the first line of it is used: a wrong encoding is
found before anything is stored, and the message can name line and byte.
"""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO

_CHUNK_BYTES = 1024 * 1024
#: Longest first: the mark of UTF-32-LE begins with that of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class EncodingError(ValueError):
    """The bytes of a file are not text in the encoding it should be in."""


def detect_encoding(stream: BinaryIO, declared: str | None = None) -> str:
    """Return the encoding of a file, which is then known to fit to the end.

    Parameters
    ----------
    stream : binary file
        Seekable; read to its end and left where it was.
    declared : str, optional
        An encoding's name, for files that are neither UTF-8 nor start with a byte
        order mark.

    Returns
    -------
    str
        Name for ``open``; a byte order mark, if any, is not part of the text.

    Raises
    ------
    EncodingError
        If a byte does not fit, or the declared name is not known.
    """
    start = stream.tell()
    try:
        head = stream.read(4)
        encoding = declared or next(
            (name for mark, name in _MARKS if head.startswith(mark)), "utf-8"
        )
        if encoding.lower().replace("_", "-") in {"utf-8", "utf8"}:
            encoding = "utf-8-sig"
        stream.seek(start)
        _decode_all(stream, encoding)
    finally:
        stream.seek(start)
    return encoding


def _decode_all(stream: BinaryIO, encoding: str) -> None:
    """Decode a file and forget the text.

    Raises
    ------
    EncodingError
        At the first byte that does not fit, or if there is no such encoding.
    """
    try:
        # Refuses what is not an encoding of text, such as rot13.
        io.TextIOWrapper(io.BytesIO(), encoding=encoding).read()
        decoder = codecs.getincrementaldecoder(encoding)()
    except (LookupError, UnicodeError) as error:
        raise EncodingError(
            f"There is no text encoding '{encoding}'; name one such as utf-8, utf-16, "
            f"cp1252 or cp1258."
        ) from error
    n_bytes, n_lines, at_end = 0, 0, False
    while not at_end:
        chunk = stream.read(_CHUNK_BYTES)
        at_end = not chunk
        state = decoder.getstate()
        try:
            text = decoder.decode(chunk, final=at_end)
        except UnicodeDecodeError as error:
            at = error.start - len(state[0])
            decoder.setstate(state)
            before = decoder.decode(chunk[: max(at, 0)])
            line = n_lines + before.count("\n") + 1
            raise EncodingError(_misfit(error, encoding, line, n_bytes + at)) from error
        if "\0" in text:
            line = n_lines + text.count("\n", 0, text.index("\0")) + 1
            raise EncodingError(
                f"Line {line} holds zero bytes, as in UTF-16 without a byte order "
                f"mark. Save the file as 'CSV UTF-8', or name its encoding, such as "
                f"utf-16-le."
            )
        n_bytes += len(chunk)
        n_lines += text.count("\n")


def _misfit(error: UnicodeDecodeError, encoding: str, line: int, at: int) -> str:
    shown = encoding.removesuffix("-sig").upper()
    found = f"the byte 0x{error.object[error.start]:02X}"
    if error.reason in {"unexpected end of data", "truncated data"}:
        found = "the text ends in the middle of a character"
    return (
        f"The file is not {shown}: {found} on line {line} (byte {at + 1:,} of the "
        f"file). Save it as 'CSV UTF-8', or name the encoding it is in, such as cp1252."
    )
