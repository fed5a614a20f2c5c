"""The world of the demo: a country of simulated people, an alert for today.

The population is made once and kept as a database of its own; each demo starts from a
copy of it, so that a demo never finds the traces of the last one.
"""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ops.demo.population import write_csv
from ops.demo.provinces import province_areas
from ops.errors import DemoError
from warning.cap_documents import cap_check, cap_xml

if TYPE_CHECKING:
    from ops.wiring.services import Services
    from warning.cap import Alert, Info

_ROOT = Path(__file__).parents[2]
#: Played unless another file is given.
ALERT_FILE = _ROOT / "warning" / "examples" / "khm-mekong-flood.xml"
#: What a population is made by.
_SOURCES = ("migrations/versions/*.py", "ops/demo/population.py", "ops/demo_*.py")
#: How long the demo's alert is valid.
VALIDITY = timedelta(hours=12)
#: Where set-up put the map packages.
NODE_MODULES = _ROOT / "node_modules"


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """Where the demo keeps its population and plays."""

    folder: Path
    n_people: int
    seed: int

    @property
    def population(self) -> Path:
        """The database with people and provinces, and nothing that happened.

        Named after what made it, too: tables or people of other sources do not fit.
        """
        name = f"population-{self.n_people}-{self.seed}-{_fingerprint()}.db"
        return self.folder / name

    @property
    def database(self) -> Path:
        """The database that the demo plays on."""
        return self.folder / "tocsin.db"


def make_population(
    world: World, services: Services, show: Callable[[int, str], None]
) -> None:
    """Fill a new database with people and provinces, by the ordinary import.

    Parameters
    ----------
    services : Services
        On the new database.
    show : callable
        Told bytes imported and a word on it.

    Raises
    ------
    DemoError
        If the map packages are missing, or a generated line is refused: that is a
        defect of ours.
    """
    if not NODE_MODULES.is_dir():
        raise DemoError(
            f"The outlines of the provinces are not in {NODE_MODULES}. Start the demo "
            "with: make demo"
        )
    services.database.upgrade()
    services.areas.add(province_areas(NODE_MODULES), by="demo")
    csv_file = world.folder / "subscribers.csv"
    write_csv(csv_file, world.n_people, seed=world.seed, node_modules=NODE_MODULES)
    with csv_file.open("rb") as stream:
        report = services.people.import_csv(
            stream,
            dry_run=False,
            by="demo",
            on_progress=lambda n, at: show(at, f"{n:,} subscribers"),
        )
    if report.rejected:
        first = report.rejected[0]
        raise DemoError(f"Line {first.line_no} of {csv_file}: {first.reason}")


def _fingerprint() -> str:
    """Of the sources that say how the tables look and who lives where."""
    digest = hashlib.sha256()
    sources = [file for pattern in _SOURCES for file in _ROOT.glob(pattern)]
    for file in sorted(sources):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


def start_from(world: World) -> None:
    """Put a fresh copy of the population where the demo plays."""
    remove(world.database)
    shutil.rmtree(world.folder / "registry", ignore_errors=True)
    shutil.copyfile(world.population, world.database)


def remove(database: Path) -> None:
    """Delete a database with all that lies beside it: its logs, locks and inbox.

    A callback left in the inbox would be taken for one of the next demo's.
    """
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()


def settle(database: Path) -> None:
    """Fold SQLite's log into the file, so that the file alone is the database."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def alert_for(now: datetime, *, file: Path, identifier: str) -> bytes:
    """An alert of a file, dated today, as CAP 1.2.

    Parameters
    ----------
    now : datetime
        Aware.
    file : Path
        A CAP document.
    identifier : str
        Of its own, so that every demo is another alert.

    Raises
    ------
    DemoError
        If the file cannot be read as CAP; says why.
    """
    verdict = cap_check.check(file.read_bytes(), filename=str(file))
    if verdict.alert is None:
        defects = "; ".join(str(defect) for defect in verdict.defects)
        raise DemoError(f"{file} cannot be read as CAP: {defects}")
    return cap_xml.write(_dated(verdict.alert, now, identifier))


def _dated(alert: Alert, now: datetime, identifier: str) -> Alert:
    def date(info: Info) -> Info:
        shift = now - alert.sent
        onset = info.onset + shift if info.onset else None
        return dataclasses.replace(
            info, effective=now, onset=onset, expires=now + VALIDITY
        )

    return dataclasses.replace(
        alert,
        identifier=identifier,
        sent=now,
        infos=tuple(date(info) for info in alert.infos),
    )
