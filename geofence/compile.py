"""Compile all kernels ahead of time: ``python -m geofence.compile``.

Run at set-up, so that no operator waits for a compiler in the middle of an alert.
Doing it again takes a second.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from shapely.geometry import box

from geofence.attributes import Field, Mask
from geofence.index import PointIndex

LARGE_ID = 2**40
N_POINTS = 5_000
#: So few that the index has room for them again and is not packed anew.
N_MOVED = 300
#: More than the nearest are looked for one by one.
MANY = 100


def compile_kernels() -> Path:
    """Run every kernel once on small data, for both widths of ids.

    Returns
    -------
    Path
        The folder the machine code is kept in; folders of older sources are removed.
    """
    from geofence.kernels.jit import PREFIX, cache_folder  # noqa: PLC0415 - loads numba

    with tempfile.TemporaryDirectory() as folder:
        for first_id in (0, LARGE_ID):
            _use_everything(Path(folder) / "points.index", first_id)
    kept = cache_folder()
    for old in kept.parent.glob(f"{PREFIX}*"):
        if old != kept:
            shutil.rmtree(old, ignore_errors=True)
    return kept


def _use_everything(path: Path, first_id: int) -> None:
    """Ask and change one index that lies in memory, and one that lies in a file.

    What this leaves out would be compiled in the middle of an alert:
    tests/property/geofence/test_compile.py compares it with all that may be asked.
    """
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(0, 1, (2, N_POINTS))
    ids = np.arange(N_POINTS) // 2 + first_id
    built = PointIndex.build(ids, lon, lat, attributes=ids % 8)
    built.save(path)
    for index in (built, PointIndex.open(path)):
        _ask(index)
        # All into one place, so that a page overflows and is shared out.
        index.upsert(ids[:N_MOVED], np.full(N_MOVED, 0.5), np.full(N_MOVED, 0.5))
        index.remove(ids[:10])
        _ask(index)
        index.repack()
        index.close()


def _ask(index: PointIndex) -> None:
    """Ask everything there is to ask, with a filter and without."""
    area, field = box(0.2, 0.2, 0.7, 0.7), Field("low", 0, 3)
    for where in (None, Mask(among={field: [1, 2]})):
        index.inside(area, where=where)
        index.count(area, where=where)
        index.breakdown(area, [field], where=where)
        for limit in (3, MANY):
            index.nearest(0.5, 0.5, within_m=1e4, limit=limit, where=where)


if __name__ == "__main__":
    sys.stdout.write(f"geofence kernels are compiled in {compile_kernels()}\n")
