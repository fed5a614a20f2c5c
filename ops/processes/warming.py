"""What a worker loads before the first alert, which would wait for it otherwise."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import numpy as np
from shapely import box

from geofence import PointIndex
from ops.processes.garbage import collect_rarely

log = logging.getLogger(__name__)


def load_geofence() -> None:
    """Ask about one place: machine code is loaded at the first question.

    0.6 s of CPU, however many people there are.
    """
    index = PointIndex.build(np.zeros(1, np.int64), np.zeros(1), np.zeros(1))
    index.inside(box(0.0, 0.0, 0.001, 0.001))


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
