"""How long 200 CAP files take to be checked together, and how much memory.

One of 1.7 MB, one with 41,009 points in a polygon, and 198 ordinary ones; the real ones
beside the project are among them if they are there. Each is checked as ``tocsin cap
check`` does: parsed, held against the schema and every rule, its area united.

Run ``python -m bench.cap_check``. It prints the machine's figures as JSON.
"""

from __future__ import annotations

import json
import math
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.unit.warning.cap_samples import PROPER, spoil, with_polygon
from warning.cap_documents.cap_check import check

EXAMPLES = Path(__file__).parents[2] / "shared" / "data" / "cap" / "examples"
N_FILES = 200
#: Bytes of the heaviest, points of the largest: the largest real ones seen.
HEAVIEST = 1_700_000
MOST_POINTS = 41_009
_MIB = 1024


def outline(n_points: int) -> str:
    """Return a jagged closed outline of Burkina Faso's size and number of points."""
    turns = (2 * math.pi * n / (n_points - 1) for n in range(n_points - 1))
    pairs = [
        f"{12.5 + (1 + 0.1 * math.sin(40 * turn)) * math.sin(turn):.7f},"
        f"{-1.5 + (1 + 0.1 * math.sin(40 * turn)) * math.cos(turn):.7f}"
        for turn in turns
    ]
    return " ".join([*pairs, pairs[0]])


def documents() -> Sequence[bytes]:
    """The files."""
    embedded = "A" * (HEAVIEST - len(PROPER))
    resource_element = (
        "<resource><resourceDesc>Voice</resourceDesc><mimeType>audio/mpeg</mimeType>"
        f"<derefUri>{embedded}</derefUri></resource>"
    )
    large = [
        with_polygon(outline(MOST_POINTS)),
        spoil(("<area>", f"{resource_element}<area>")),
    ]
    real = [path.read_bytes() for path in sorted(EXAMPLES.glob("*.xml"))]
    n_left = N_FILES - len(large) - len(real)
    return [*large, *real, *(spoil(("KHM-1", f"KHM-{n}")) for n in range(n_left))]


def peak_kib() -> int:
    """The most memory this program has held, KiB.

    Not ``ru_maxrss``: that begins with what the process that started this one held at
    that moment, which for a test run is more than all our files take.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = status.read_text(encoding="ascii").splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1])


def main() -> None:
    """Check them all, and say what it took."""
    files = documents()
    took = []
    started = time.perf_counter()
    for data in files:
        before = time.perf_counter()
        verdict = check(data, filename="a.xml")
        took.append(time.perf_counter() - before)
        assert verdict.alert is not None, "every one of them can be read"
    elapsed = time.perf_counter() - started
    peak_mib = peak_kib() / _MIB
    figures = {
        "files": len(files),
        "seconds": round(elapsed, 3),
        "median_ms": round(1000 * statistics.median(took), 2),
        "slowest_ms": round(1000 * max(took), 1),
        "peak_mib": round(peak_mib, 1),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
