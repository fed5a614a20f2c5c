"""The process that answers who is inside, for one that must stay small.

Nothing of the product is loaded here but the geofence. Questions come on standard
input, answers go to standard output; when the input ends, so does this process, so it
never outlives whoever asks.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

from geofence import PointIndex
from geofence.errors import GeofenceError
from ops.processes.frames import Frame, read_frame, write_frame

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

#: What an answer says of itself, and of what kept it from being given.
READY, INSIDE, FAILED = "ready", "inside", "failed"
_NO_GEOFENCE = (GeofenceError, OSError, shapely.errors.ShapelyError)


def main() -> None:
    """Answer until nobody asks any more."""
    answers = os.dup(1)
    # Whatever prints must not print into an answer.
    os.dup2(2, 1)
    load_geofence()
    serve(0, answers)


def load_geofence() -> None:
    """Ask about one place: machine code is loaded at the first question.

    0.6 s of CPU, however many people there are.
    """
    index = PointIndex.build(np.zeros(1, np.int64), np.zeros(1), np.zeros(1))
    index.inside(shapely.box(0.0, 0.0, 0.001, 0.001))


def serve(questions: int, answers: int) -> None:
    """Say that all is loaded, then answer each question.

    Parameters
    ----------
    questions, answers : int
        Descriptors of pipes.
    """
    opened: dict[str, PointIndex] = {}
    try:
        write_frame(answers, Frame({"answer": READY}))
        while True:
            write_frame(answers, _answer(opened, read_frame(questions)))
    except (EOFError, BrokenPipeError):
        return


def _answer(opened: dict[str, PointIndex], question: Frame) -> Frame:
    path = question.words["path"]
    try:
        if path not in opened:
            # A registry that was rebuilt has files of another name.
            opened.clear()
            opened[path] = PointIndex.open(path)
        area = cast("Polygon | MultiPolygon", shapely.from_wkb(question.body))
        ids = opened[path].inside(area)
    except _NO_GEOFENCE as error:
        return Frame({"answer": FAILED, "why": f"{type(error).__name__}: {error}"})
    return Frame({"answer": INSIDE}, ids.astype("<i8", copy=False).tobytes())


if __name__ == "__main__":
    main()
