"""Which encoding a file is in, and where it stops being that."""

from __future__ import annotations

import io

import pytest

from warning.people.text_encoding import EncodingError, detect_encoding


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "utf-8-sig"),
        ("ភ្នំពេញ".encode(), "utf-8-sig"),
        ("ភ្នំពេញ".encode("utf-8-sig"), "utf-8-sig"),
        ("ភ្នំពេញ".encode("utf-16"), "utf-16"),
        ("\ufeffភ្នំពេញ".encode("utf-16-be"), "utf-16"),
        ("ភ្នំពេញ".encode("utf-32"), "utf-32"),
    ],
)
def test_unicode_is_recognised(data: bytes, expected: str) -> None:
    """UTF-8 needs no mark; UTF-16 and UTF-32 are known by theirs."""
    stream = io.BytesIO(data)

    assert detect_encoding(stream) == expected
    assert stream.tell() == 0


def test_a_declared_encoding_is_taken() -> None:
    """What the caller names is used, whatever the bytes look like."""
    assert detect_encoding(io.BytesIO(b"Andr\xe9"), "cp1252") == "cp1252"


CURE = "Save it as 'CSV UTF-8', or name the encoding it is in, such as cp1252."


@pytest.mark.parametrize(
    ("data", "declared", "sentence"),
    [
        (
            b"phone\nSok\nAndr\xe9,x\n",
            None,
            "The file is not UTF-8: the byte 0xE9 on line 3 (byte 15 of the file). "
            + CURE,
        ),
        (
            b"a\nb\xe1\x9e",
            None,
            "The file is not UTF-8: the text ends in the middle of a character on line "
            "2 (byte 4 of the file). " + CURE,
        ),
        (
            "a\nb".encode("utf-16") + b"\x00",
            None,
            "The file is not UTF-16: the text ends in the middle of a character on "
            "line 2 (byte 9 of the file). " + CURE,
        ),
        (
            b"x\n\x81",
            "cp1252",
            "The file is not CP1252: the byte 0x81 on line 2 (byte 3 of the file). "
            + CURE,
        ),
        (
            "a\nb".encode("utf-16-le"),
            None,
            (
                "Line 1 holds zero bytes, as in UTF-16 without a byte order mark. Save "
                "the file as 'CSV UTF-8', or name its encoding, such as utf-16-le."
            ),
        ),
        (
            b"x",
            "rot13",
            (
                "There is no text encoding 'rot13'; name one such as utf-8, utf-16, "
                "cp1252 or cp1258."
            ),
        ),
        (
            b"x",
            "klingon",
            (
                "There is no text encoding 'klingon'; name one such as utf-8, utf-16, "
                "cp1252 or cp1258."
            ),
        ),
    ],
)
def test_a_wrong_encoding_is_refused_with_line_and_byte(
    data: bytes, declared: str | None, sentence: str
) -> None:
    """The message says which byte, where, and what to do."""
    stream = io.BytesIO(data)

    with pytest.raises(EncodingError) as refused:
        detect_encoding(stream, declared)

    assert str(refused.value) == sentence
    assert stream.tell() == 0


def test_a_bad_byte_far_into_a_large_file_is_found() -> None:
    """Line and byte are right across the blocks a file is read in."""
    line = "សុខ\n".encode()
    good = line * 300_000

    with pytest.raises(EncodingError, match=r"on line 300001 \(byte 3,000,001 of"):
        detect_encoding(io.BytesIO(good + b"\xff" + line))
