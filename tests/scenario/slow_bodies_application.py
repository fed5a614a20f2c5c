"""An application that reads what it is sent, and streams; run by granian."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from web.slow_bodies import SlowBodies

PAUSE_S = 0.5


def _read(
    environ: dict[str, Any], start_response: Callable[..., object]
) -> Iterable[bytes]:
    """Tell how much came, or go on telling for three times as long as is waited."""
    if environ["PATH_INFO"] == "/live":
        start_response("200 OK", [])
        return _live()
    body = environ["wsgi.input"].read()
    is_whole = len(body) == int(environ["CONTENT_LENGTH"])
    start_response("200 OK" if is_whole else "400 Bad Request", [])
    return [b"%d" % len(body)]


def _live() -> Iterator[bytes]:
    pause = threading.Event()
    yield b"begun "
    pause.wait(3 * PAUSE_S)
    yield b"ended"


application = SlowBodies(_read, pause_s=PAUSE_S, every_s=0.1)
