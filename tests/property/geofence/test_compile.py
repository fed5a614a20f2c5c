"""Nothing is left to a compiler in the middle of an alert."""

import subprocess
import sys

#: Run apart: other tests of this process have asked their questions already.
SCRIPT = """
import importlib, pkgutil, tempfile
from pathlib import Path
import numpy as np
from shapely import affinity
from shapely.geometry import MultiPolygon, Point, box
import geofence
from geofence import Area, Field, Mask, PointIndex
from geofence import kernels
from geofence.compile import _use_everything

modules = [
    importlib.import_module(f"geofence.kernels.{found.name}")
    for found in pkgutil.iter_modules(kernels.__path__)
]

def compiled():
    return {
        (module.__name__, name, str(signature))
        for module in modules
        for name, function in vars(module).items()
        if hasattr(function, "nopython_signatures")
        for signature in function.signatures
    }

def ask(index):
    ring = affinity.scale(Point(10.5, 50.5).buffer(0.3, quad_segs=200), 1, 0.5)
    holed = box(10, 50, 11, 51).difference(box(10.4, 50.4, 10.6, 50.6))
    empty = box(0, 0, 0.1, 0.1)
    low = Field("low", 0, 3)
    for where in (None, Mask(among={low: [1, 2]}), Mask(any_of=1)):
        for area in (ring, holed, MultiPolygon([box(0, 0, 1, 1), ring]), empty):
            index.inside(area, where=where)
            index.count(area, where=where)
            index.breakdown(area, [low], where=where)
        index.inside_many([ring, holed], where=where)
        index.count_many([ring, holed] * 20, where=where)
        index.inside_any([ring, holed], where=where)
        index.earliest([ring, holed], [60, 120], where=where)
        for limit in (1, 10, 5_000):
            index.nearest(10, 50, within_m=50_000, limit=limit, where=where)

with tempfile.TemporaryDirectory() as folder:
    for first in (0, 2**40):
        _use_everything(Path(folder) / "set-up.index", first)
    before = compiled()
    rng = np.random.default_rng(1)
    for n in (0, 3, 3_000):
        for first in (0, 2**40):
            lon, lat = rng.uniform(10, 11, n), rng.uniform(50, 51, n)
            path = Path(folder) / f"{n}-{first}.index"
            made = PointIndex.build([first + i for i in range(n)], lon, lat)
            made.save(path)
            for index in (made, PointIndex.open(path)):
                ask(index)
                few = tuple(first + i for i in range(50))
                index.upsert(few, [10.5] * 50, [50.5] * 50)
                index.upsert((first,), [10], [50], attributes=[3])
                index.upsert((first, first), [10, 11], [50, 51])
                index.remove(few[:3])
                ask(index)
                index.close()
for module, name, signature in sorted(compiled() - before):
    print(module, name, signature)
assert before, "no kernel was found"
"""


def test_set_up_compiles_whatever_may_be_asked_later() -> None:
    """After set-up no question, move or removal finds a kernel uncompiled."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stdout, f"compiled at first use:\n{done.stdout}"
