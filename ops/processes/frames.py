"""Messages through a pipe: some words and an array's raw bytes, whole or not at all."""

from __future__ import annotations

import json
import os
import select
import struct
import time
from collections.abc import Mapping
from typing import NamedTuple

_LENGTHS = struct.Struct("<IQ")
#: Read at once, bytes.
_PIECE = 1 << 20


class Frame(NamedTuple):
    """One message."""

    words: Mapping[str, str]
    body: bytes = b""


def write_frame(
    descriptor: int, frame: Frame, *, timeout_s: float | None = None
) -> None:
    """Write a message; returns when the pipe has taken all of it.

    Parameters
    ----------
    descriptor : int
    frame : Frame
    timeout_s : float, optional
        How long the pipe may be full, seconds; for ever without.

    Raises
    ------
    OSError
        If nobody reads any more; a `TimeoutError` if nobody has for too long.
    """
    until = None if timeout_s is None else time.monotonic() + timeout_s
    words = json.dumps(dict(frame.words)).encode()
    head = _LENGTHS.pack(len(words), len(frame.body)) + words
    for data in (head, frame.body):
        left = memoryview(data)
        while left:
            if until is not None:
                _await(descriptor, until, is_reader=False)
            # A pipe that takes anything takes so much without a wait.
            left = left[os.write(descriptor, left[: select.PIPE_BUF]) :]


def read_frame(descriptor: int, *, timeout_s: float | None = None) -> Frame:
    """Read a message.

    Parameters
    ----------
    descriptor : int
    timeout_s : float, optional
        How long it may take until it is there, seconds; for ever without.

    Raises
    ------
    EOFError
        If whoever writes has gone.
    TimeoutError
        If it is not there in time.
    """
    until = None if timeout_s is None else time.monotonic() + timeout_s
    n_words, n_body = _LENGTHS.unpack(_read(descriptor, _LENGTHS.size, until))
    words = json.loads(_read(descriptor, n_words, until))
    return Frame(words, bytes(_read(descriptor, n_body, until)))


def _read(descriptor: int, n_bytes: int, until: float | None) -> bytearray:
    data = bytearray()
    while len(data) < n_bytes:
        if until is not None:
            _await(descriptor, until, is_reader=True)
        piece = os.read(descriptor, min(_PIECE, n_bytes - len(data)))
        if not piece:
            raise EOFError("The process at the other end of the pipe has ended.")
        data += piece
    return data


def _await(descriptor: int, until: float, *, is_reader: bool) -> None:
    left_s = max(0.0, until - time.monotonic())
    readers, writers = ([descriptor], []) if is_reader else ([], [descriptor])
    if not any(select.select(readers, writers, [], left_s)):
        raise TimeoutError("The process at the other end of the pipe does not answer.")
