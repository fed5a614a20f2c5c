"""Measure sending, callbacks and the whole: ``python -m bench.dispatch`` [--quick].

One run, one machine; ratios are what counts. Parts: ``rounds`` (our worker and its
peers against a canned telco), ``million`` (a warning for a million), ``callbacks``,
``telco`` (the built-in one alone), ``system`` (all together). Prints Markdown, and
writes it beside the logs. A part that cannot be measured says why; the others go on.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from bench.dispatch import callbacks, simulator
from bench.dispatch.callbacks_server import WAYS as CALLBACK_WAYS
from bench.dispatch.figures import say
from bench.dispatch.million import measure_million
from bench.dispatch.report import Seen, as_markdown, goals
from bench.dispatch.rounds import LATENCIES_MS, measure_rounds
from bench.dispatch.system import measure_system
from bench.dispatch.telco import canned_telco

PARTS = ("rounds", "million", "callbacks", "telco", "system")
_CONNECTIONS = _THREADS = 64


class Run:
    """One run of the benchmark.

    Parameters
    ----------
    folder : Path
        Emptied; databases and logs of the last run stay there.
    is_quick : bool
        A tenth of the people, and shorter rounds.
    n_people : int
        Of the large audience.
    """

    def __init__(self, folder: Path, *, is_quick: bool, n_people: int) -> None:
        self._folder = folder
        self._is_quick = is_quick
        self._n_people = n_people
        self.seen = Seen()

    def rounds(self) -> None:
        """Our worker and its peers."""
        place = self._new_folder("rounds")
        with canned_telco(place / "nginx", LATENCIES_MS) as urls:
            self.seen.ways = measure_rounds(urls, place, is_quick=self._is_quick)

    def million(self) -> None:
        """A large audience."""
        place = self._new_folder("million")
        with canned_telco(place / "nginx", (0,)) as urls:
            self.seen.million = measure_million(
                urls[0], place.resolve(), self._n_people
            )

    def callbacks(self) -> None:
        """Callbacks by each way."""
        place = self._new_folder("callbacks")
        for way in CALLBACK_WAYS:
            figures = callbacks.measure(
                way,
                place,
                seconds=2.0 if self._is_quick else 6.0,
                n_connections=_CONNECTIONS,
                n_threads=_THREADS,
            )
            say(f"callbacks, {way}: {figures.per_s:,.0f}/s")
            self.seen.callbacks.append(figures)

    def telco(self) -> None:
        """The built-in telco alone."""
        self.seen.telco = simulator.measure(3.0 if self._is_quick else 8.0)

    def system(self) -> None:
        """All of it together."""
        place = self._new_folder("system").resolve()
        n = 5_000 if self._is_quick else 40_000
        self.seen.system, self.seen.system_sent_s = measure_system(place, n)

    def do(self, part: str) -> None:
        """Measure one part; note why if it cannot be."""
        work: Callable[[], None] = getattr(self, part)
        say(f"part: {part}")
        try:
            work()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the others go on
            traceback.print_exc()
            self.seen.failures[part] = f"{type(error).__name__}: {error}"

    def _new_folder(self, part: str) -> Path:
        place = self._folder / part
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        return place


def main() -> int:
    """Run, print, write.

    Returns
    -------
    int
        0 if every part was measured, whether its goal was reached or not.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about three minutes")
    parser.add_argument("--parts", default=",".join(PARTS), help="only these")
    parser.add_argument("--people", type=float, help="of the large audience")
    parser.add_argument("--folder", type=Path, default=Path("var/bench/dispatch"))
    options = parser.parse_args()
    n_people = int(options.people or (50_000 if options.quick else 1_000_000))
    run = Run(options.folder, is_quick=options.quick, n_people=n_people)
    for part in options.parts.split(","):
        if part not in PARTS:
            parser.error(f"{part} is none of {', '.join(PARTS)}")
        run.do(part)
        text = as_markdown(run.seen)
        (options.folder / "dispatch.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    missed = [goal.what for goal in goals(run.seen) if not goal.is_reached]
    say(f"written to {options.folder / 'dispatch.md'}; missed: {missed or 'nothing'}")
    return 1 if run.seen.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
