"""The web server of the product, with an application of a test's own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.listening import LOOPBACK, free_port, is_listening
from tests.scenario.installation import ROOT, wait_for


@contextmanager
def granian(
    target: str, *options: str | Path
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A process that serves ``module:application``, once it listens; with its port."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", target]
    command += ["--host", LOOPBACK, "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
        [*command, *map(str, options)], cwd=ROOT
    )
    try:
        wait_for(lambda: is_listening(LOOPBACK, port), timeout_s=30)
        yield port, process
    finally:
        process.terminate()
        process.wait(10)
