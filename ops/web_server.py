"""The web server in front of the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

if TYPE_CHECKING:
    from ops.settings import Settings

#: Connections at once. Carriers keep hundreds open; with no more room than they fill,
#: an operator's browser waits for as long as they send.
BACKPRESSURE = 2_048


def serve_web(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT.

    One process with many threads: on SQLite a second one would only fight for the lock,
    and callbacks are committed in groups across the threads of one process.
    """
    Granian(
        "app:create_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.web_threads,
        backpressure=BACKPRESSURE,
        respawn_failed_workers=True,
        log_access=False,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()
