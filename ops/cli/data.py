"""``tocsin db`` and ``tocsin import``."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ops.cli import cases
from ops.console_output import emit, progress
from ops.wiring.context import Factory, opened, operator_at_shell
from warning.figures.tallies import Difference, TallyCheck

if TYPE_CHECKING:
    from warning.people.registration import ImportReport

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

    _add_upgrade(db, factory)
    _add_recount(db, factory)
    return db


def _add_upgrade(db: click.Group, factory: Factory) -> None:
    @db.command()
    def upgrade() -> None:
        """Make the tables, or bring them to this release."""
        with opened(factory, must_be_current=False) as services:
            services.database.upgrade()
        click.echo("The database is that of this release.")


def _add_recount(db: click.Group, factory: Factory) -> None:
    @db.command()
    @click.option("--mend", is_flag=True, help="Keep what was counted from now on.")
    @_JSON
    def recount(mend: bool, as_json: bool) -> None:
        """Count anew what is kept of every alert; status 1 where it differs."""
        with opened(factory) as services:
            database = services.database
            check = TallyCheck(
                new_uow=database.unit_of_work, read_uow=database.read_only
            )
            found = check.differences()
            if mend:
                check.mend(found)
        facts = {"different": [one.alert_id for one in found], "mended": mend}
        emit(facts, _recounted(found, is_mended=mend), as_json=as_json)
        if found and not mend:
            click.get_current_context().exit(1)


def _recounted(found: Sequence[Difference], *, is_mended: bool) -> str:
    if not found:
        return "The figures of every alert are those that are counted."
    ids = ", ".join(one.alert_id for one in found)
    if is_mended:
        return f"Counted anew and kept: the figures of {ids}."
    return (
        f"Other figures are kept than are counted of {ids}. Mend them: "
        "tocsin db recount --mend"
    )


def _import(factory: Factory) -> click.Group:
    @click.group(name="import")
    def imports() -> None:
        """Read people and places from files."""

    _add_subscribers(imports, factory)
    _add_areas(imports, factory)
    cases.add_imports(imports, factory)
    return imports


def _add_subscribers(imports: click.Group, factory: Factory) -> None:
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
        """Read subscribers from a CSV file; see docs/how-to/import-subscribers.md.

        Exit status 1 if a line was rejected; the others are in all the same.
        """
        size = file.stat().st_size
        if rejected_file is not None:
            _require_writable(rejected_file, not_over=file)
        with (
            opened(factory) as services,
            file.open("rb") as stream,
            progress("Importing", size) as show,
        ):
            report = services.people.import_csv(
                stream,
                dry_run=dry_run,
                by=operator_at_shell(),
                encoding=encoding,
                on_progress=lambda n, at: show(at, f"{n:,} lines"),
            )
        emit(
            _facts(report, dry_run=dry_run),
            _in_words(report, dry_run=dry_run),
            as_json=as_json,
        )
        if rejected_file is not None:
            _write_rejected(report, rejected_file)
        if report.rejected:
            click.get_current_context().exit(1)


def _add_areas(imports: click.Group, factory: Factory) -> None:
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
            from warning.areas import AreaFileOptions

            report = services.areas.import_file(
                file, AreaFileOptions(**fields), by=operator_at_shell()
            )
        lines = [f"{report.n_areas} areas are known from {file.name}."]
        lines += [f"  repaired {repair}" for repair in report.repairs]
        facts = {"areas": report.n_areas, "repairs": list(report.repairs)}
        emit(facts, "\n".join(lines), as_json=as_json)


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
    verb = "would be" if dry_run else "was" if report.added == 1 else "were"
    summary = (
        f"{_count(report.read, 'line')} read: {_count(report.added, 'person')} {verb} "
        f"added, {report.updated:,} updated, {_count(report.places, 'place')}, "
        f"{_count(len(report.rejected), 'line')} rejected."
    )
    lines = [summary]
    lines += [f"  line {one.line_no}: {one.reason}" for one in report.rejected[:_SHOWN]]
    lines += [
        f"  line {one.line_no}, used: {one.reason}" for one in report.notes[:_SHOWN]
    ]
    if len(report.rejected) > _SHOWN:
        n_more = len(report.rejected) - _SHOWN
        lines.append(f"  … and {n_more:,} more; --rejected FILE writes them all.")
    if report.rejected:
        lines.append(_advice(report, dry_run=dry_run))
    return "\n".join(lines)


def _count(n: int, noun: str) -> str:
    plural = {"person": "people"}.get(noun, f"{noun}s")
    return f"{n:,} {noun if n == 1 else plural}"


def _advice(report: ImportReport, *, dry_run: bool) -> str:
    if len(report.rejected) == report.read:
        return "No line of the file could be used; nothing was changed."
    if dry_run:
        return "Correct the rejected lines, or import the others as they are."
    return "The others are in. Correct the rejected lines and import the file again."


def _require_writable(path: Path, *, not_over: Path) -> None:
    """Refuse now what would be refused only when all is done."""
    path.open("a", encoding="utf-8").close()
    if path.samefile(not_over):
        raise click.UsageError("--rejected would overwrite the file that is read.")


def _write_rejected(report: ImportReport, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "column", "reason"))
        writer.writerows((r.line_no, r.column, r.reason) for r in report.rejected)
