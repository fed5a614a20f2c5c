"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def write_whole(path: Path, content: bytes | memoryview) -> None:
    """Write a file beside its place, then put it there in one step.

    Parameters
    ----------
    path : Path
        Replaced if it exists: who has the old file open keeps the old file.
    content : bytes-like

    Notes
    -----
    Not forced to the disk: these files are derived, and checksums tell what a power
    failure left of them.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with beside.open("wb") as file:
            file.write(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
