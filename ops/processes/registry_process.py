"""Writing the registry's files in a process that ends, with all that this loads.

Compiled kernels and columns of a million people take more memory than all else in the
worker, which runs for months and needs them for seconds. Whoever ends while it writes
leaves the files that were there before, so this process may be killed at any line.
"""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

from ops.wiring.context import opened

if TYPE_CHECKING:
    from ops.config.settings import Settings
    from ops.wiring.context import Factory

#: By then a registry of any size is written, seconds.
TIMEOUT_S = 300.0


def write_in_process(
    factory: Factory, settings: Settings, *, timeout_s: float = TIMEOUT_S
) -> bool:
    """Bring the files up to date in a process of their own.

    Parameters
    ----------
    factory : callable
        Makes the services of settings; a function of a module.
    settings : Settings
    timeout_s : float
        How long to wait before the process is killed, seconds.

    Returns
    -------
    bool
        False if it failed, was killed or did not end in time; its log says why.
    """
    process = multiprocessing.get_context("spawn").Process(
        target=_write, args=(factory, settings), name="registry", daemon=True
    )
    process.start()
    process.join(timeout_s)
    if process.is_alive():
        process.kill()
        process.join()
    is_written = process.exitcode == 0
    process.close()
    return is_written


def _write(factory: Factory, settings: Settings) -> None:
    with opened(factory, settings=settings, is_service=True) as services:
        services.registry()
