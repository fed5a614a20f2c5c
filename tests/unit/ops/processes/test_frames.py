"""A message comes whole, late or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.processes.frames import Frame, read_frame, write_frame


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Where to read, and where to write."""
    reader, writer = os.pipe()
    yield reader, writer
    for end in (reader, writer):
        try:
            os.close(end)
        except OSError:
            continue


@settings(max_examples=25)
@given(
    words=st.dictionaries(st.text(), st.text(), max_size=3),
    body=st.binary(max_size=2_000),
)
def test_what_is_written_is_read(words: dict[str, str], body: bytes) -> None:
    """Words in any script, and any bytes."""
    reader, writer = os.pipe()
    write_frame(writer, Frame(words, body), timeout_s=1.0)
    assert read_frame(reader, timeout_s=1.0) == (words, body)
    os.close(reader)
    os.close(writer)


def test_an_end_within_a_message_is_told(pipe: tuple[int, int]) -> None:
    """Half an answer is none."""
    reader, writer = pipe
    write_frame(writer, Frame({}, b"1234"))
    whole = os.read(reader, 99)
    os.write(writer, whole[:-1])
    os.close(writer)
    with pytest.raises(EOFError):
        read_frame(reader, timeout_s=1.0)


def test_silence_has_an_end(pipe: tuple[int, int]) -> None:
    """Whoever does not answer is not waited for."""
    with pytest.raises(TimeoutError):
        read_frame(pipe[0], timeout_s=0.0)


def test_a_pipe_that_nobody_empties_is_given_up(pipe: tuple[int, int]) -> None:
    """A question may be larger than what a pipe holds."""
    with pytest.raises(TimeoutError):
        write_frame(pipe[1], Frame({}, bytes(1 << 20)), timeout_s=0.0)
