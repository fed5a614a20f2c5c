"""Starting programs of ours from a process of ours."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO


def start_own(
    words: Sequence[str],
    *,
    stdout: int | IO[bytes],
    stderr: IO[bytes] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start this interpreter with a program of ours; its standard input is a pipe.

    Parameters
    ----------
    words : sequence of str
        What follows the interpreter.
    stdout, stderr : file, optional
        As of ``subprocess.Popen``.
    environment : mapping, optional
        All of its environment; ours if it is not given.
    folder : Path, optional
        Where it begins; where we are if it is not given.

    Notes
    -----
    It is of a group of its own: Ctrl-C is for us alone, and we end our children.
    """
    return subprocess.Popen(  # noqa: S603 - our own words, no shell
        [sys.executable, *words],
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        env=None if environment is None else dict(environment),
        cwd=folder,
        bufsize=0,
        process_group=0,
    )
