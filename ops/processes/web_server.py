"""The web server in front of the application."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import TYPE_CHECKING

from ops.config.settings_sources import variable
from ops.listening import free_port, require_free

if TYPE_CHECKING:
    from ops.config.settings import Settings

#: Connections at once. Carriers keep hundreds open; with no more room than they fill,
#: an operator's browser waits for as long as they send.
BACKPRESSURE = 2_048
#: Seconds that requests under way have when the service is told to stop.
_STOP_S = 5
#: Of Linux's prctl: the signal that a process gets when its parent dies.
_PR_SET_PDEATHSIG = 1
#: The server's own words go where ours go.
_LOGGING = {
    "loggers": {
        name: {"handlers": [], "propagate": True}
        for name in ("_granian", "granian.access")
    }
}


def serve_web(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT.

    One process with many threads: on SQLite a second one would only fight for the lock,
    and callbacks are committed in groups across the threads of one process.

    Raises
    ------
    AddressError
        If nothing can listen there.
    """
    from granian import Granian  # noqa: PLC0415 - only this command needs a server
    from granian.constants import Interfaces  # noqa: PLC0415 - with it
    from granian.log import LogLevels  # noqa: PLC0415 - with it

    port = settings.port or free_port(settings.host)
    require_free(settings.host, port, setting=variable(("port",)))
    # The process that serves reads the settings anew, and must know its own address.
    os.environ[variable(("port",))] = str(port)
    _end_children_with_us()
    Granian(
        "app:create_served",
        factory=True,
        address=settings.host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.web_threads,
        backpressure=BACKPRESSURE,
        respawn_failed_workers=True,
        # A console that is open holds a stream for minutes: a restart does not wait.
        workers_kill_timeout=_STOP_S,
        log_access=False,
        # Below, it advises against many threads; ours wait for the disk together.
        log_level=LogLevels.error,
        log_dictconfig=_LOGGING,
        websockets=False,
    ).serve()


def _end_children_with_us() -> None:
    """Have the process that serves end even if this one is killed.

    It would go on with the port, and nobody could start another or end it. Only Linux
    can be asked; elsewhere such a process must be ended by hand.
    """
    if sys.platform != "linux":
        return
    us, libc = os.getpid(), ctypes.CDLL(None)

    def in_child() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != us:  # killed before it could be asked
            os.kill(os.getpid(), signal.SIGKILL)

    os.register_at_fork(after_in_child=in_child)
