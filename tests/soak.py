"""How large a test is: small in every run, large with ``SOAK=1`` (``make soak``)."""

from __future__ import annotations

import os


def size(short: int, long: int) -> int:
    """The one or the other."""
    return long if os.environ.get("SOAK") else short
