"""``tocsin db`` and ``tocsin import``."""

from __future__ import annotations

import csv
import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ops.cli_context import Factory, opened
from ops.console_output import emit, progress
from warning.areas import AreaFileOptions
from warning.registration import ImportReport

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")
#: Rejected lines shown on the screen; the report file has them all.
_SHOWN = 20


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_db(factory), _import(factory)]


def _db(factory: Factory) -> click.Group:
    @click.group()
    def db() -> None:
        """The database."""

    @db.command()
    def upgrade() -> None:
        """Make the tables, or bring them to this release."""
        with opened(factory, must_be_current=False) as services:
            services.database.upgrade()
        click.echo("The database is that of this release.")

    return db


def _import(factory: Factory) -> click.Group:
    @click.group(name="import")
    def imports() -> None:
        """Read people and places from files."""

    @imports.command()
    @click.argument("file", type=_FILE)
    @click.option("--dry-run", is_flag=True, help="Only say what would be.")
    @click.option("--encoding", help="Of files that are not UTF-8, e.g. windows-1252.")
    @click.option(
        "--rejected",
        "rejected_file",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write every rejected line with its reason to this CSV file.",
    )
    @_JSON
    def subscribers(
        file: Path,
        encoding: str | None,
        rejected_file: Path | None,
        *,
        dry_run: bool,
        as_json: bool,
    ) -> None:
        """Read subscribers from a CSV file; see docs/how-to/import-subscribers.md."""
        size = file.stat().st_size
        with (
            opened(factory) as services,
            file.open("rb") as stream,
            progress("Importing", size) as show,
        ):
            report = services.people.import_csv(
                stream,
                dry_run=dry_run,
                by=getpass.getuser(),
                encoding=encoding,
                on_progress=lambda n, at: show(at, f"{n:,} lines"),
            )
        if rejected_file is not None:
            _write_rejected(report, rejected_file)
        emit(
            _facts(report, dry_run=dry_run),
            _in_words(report, dry_run=dry_run),
            as_json=as_json,
        )
        if report.read and len(report.rejected) == report.read:
            raise click.ClickException("No line of the file could be used.")

    @imports.command()
    @click.argument("file", type=_FILE)
    @click.option(
        "--level",
        type=click.IntRange(0, 9),
        help="0 country, 1 province, 2 district, 3 commune.  [default: by the columns]",
    )
    @click.option("--code-field", help="Column of the codes.")
    @click.option("--name-field", help="Column of the names.")
    @click.option("--parent-field", help="Column of the parents' codes.")
    @click.option("--layer", help="Of a file that has several.")
    @click.option("--crs", help="E.g. EPSG:32648, if the file does not state its own.")
    @_JSON
    def areas(file: Path, *, as_json: bool, **fields: Any) -> None:
        """Read administrative areas: GeoJSON, zipped shapefile or GeoPackage."""
        with opened(factory) as services:
            report = services.areas.import_file(
                file, AreaFileOptions(**fields), by=getpass.getuser()
            )
        lines = [f"{report.n_areas} areas are known from {file.name}."]
        lines += [f"  repaired {repair}" for repair in report.repairs]
        facts = {"areas": report.n_areas, "repairs": list(report.repairs)}
        emit(facts, "\n".join(lines), as_json=as_json)

    return imports


def _facts(report: ImportReport, *, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "read": report.read,
        "added": report.added,
        "updated": report.updated,
        "places": report.places,
        "rejected": [
            {"line": one.line_no, "column": one.column, "reason": one.reason}
            for one in report.rejected
        ],
        "notes": [
            {"line": one.line_no, "column": one.column, "reason": one.reason}
            for one in report.notes
        ],
    }


def _in_words(report: ImportReport, *, dry_run: bool) -> str:
    verb = "would be" if dry_run else "were"
    summary = (
        f"{report.read:,} lines read: {report.added:,} people {verb} added, "
        f"{report.updated:,} updated, {report.places:,} places, "
        f"{len(report.rejected):,} lines rejected."
    )
    lines = [summary]
    lines += [f"  line {one.line_no}: {one.reason}" for one in report.rejected[:_SHOWN]]
    lines += [
        f"  line {one.line_no}, used: {one.reason}" for one in report.notes[:_SHOWN]
    ]
    if len(report.rejected) > _SHOWN:
        n_more = len(report.rejected) - _SHOWN
        lines.append(f"  … and {n_more:,} more; --rejected FILE writes them all.")
    return "\n".join(lines)


def _write_rejected(report: ImportReport, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "column", "reason"))
        writer.writerows((r.line_no, r.column, r.reason) for r in report.rejected)
