"""What a worker loads before the first alert, which would wait for it otherwise."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from ops.processes.garbage import collect_rarely

log = logging.getLogger(__name__)


async def warm_up(*works: Callable[[], object]) -> None:
    """Do each on a thread; what fails is loaded when it is needed, or fails again.

    Who sends needs none of it.
    """
    for work in works:
        try:
            await asyncio.to_thread(work)
        except Exception:
            log.exception("not loaded ahead")
    collect_rarely()
