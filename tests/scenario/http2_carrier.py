"""A carrier behind TLS that tells by which protocol it was asked; run by granian."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def carrier(
    environ: dict[str, Any], start_response: Callable[..., object]
) -> Iterable[bytes]:
    """Answer 201 with the protocol of the request."""
    environ["wsgi.input"].read()
    start_response("201 Created", [("Content-Type", "text/plain")])
    return [environ["SERVER_PROTOCOL"].encode()]
