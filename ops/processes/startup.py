"""Waiting until a service is there, and saying why if it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ops.errors import StartError
from ops.listening import LOOPBACK, is_listening

if TYPE_CHECKING:
    from ops.processes.supervisor import Supervisor

#: By then every process must listen, seconds.
START_S = 60.0
_PAUSE_S = 0.05


def await_listening(
    supervisor: Supervisor,
    ports: Mapping[str, int],
    *,
    monotonic: Callable[[], float],
    pause: Callable[[float], bool | None],
    host: str = LOOPBACK,
    probe: Callable[[str, int], bool] = is_listening,
) -> bool:
    """Return when every process listens.

    What ends while it starts is not started again: it would end again, for a reason
    that somebody must hear.

    Parameters
    ----------
    ports : mapping of str to int
        Name of the child → port it will listen on.
    monotonic, pause : callable
        The clock, and how to wait for some seconds; a pause that is true ends the
        waiting, as ``threading.Event.wait`` of an event that says stop.

    Returns
    -------
    bool
        False if the waiting was ended.

    Raises
    ------
    StartError
        If a process ended, or does not listen in time; tells its last words.
    """
    deadline = monotonic() + START_S
    waiting = dict(ports)
    while waiting:
        for name in supervisor.ended():
            raise StartError(_farewell(supervisor, name))
        waiting = {n: p for n, p in waiting.items() if not probe(host, p)}
        if waiting and monotonic() >= deadline:
            name = next(iter(waiting))
            raise StartError(
                f"{name} does not listen on port {waiting[name]} after "
                f"{START_S:.0f} s; see {supervisor.log_file(name)}."
            )
        if waiting and pause(_PAUSE_S):
            return False
    return True


def _farewell(supervisor: Supervisor, name: str) -> str:
    said = supervisor.last_words(name).removeprefix("tocsin: ")
    because = f": {said}" if said else "."
    return f"{name} ended while it started{because} (log: {supervisor.log_file(name)})"
