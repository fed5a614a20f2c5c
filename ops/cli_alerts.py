"""``tocsin alert``, ``tocsin audience`` and ``tocsin cap``."""

from __future__ import annotations

import dataclasses
import getpass
import json
from collections.abc import Sequence
from pathlib import Path

import click
from shapely import MultiPolygon, Polygon

from geofence.area import from_geojson
from ops.cli_context import Factory, opened
from ops.console_output import emit
from warning import cap_check
from warning.errors import InvalidAlertError
from warning.intake import geometry_of
from warning.registry import AudienceCounts

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_alert(factory), _audience(factory), _cap()]


def _alert(factory: Factory) -> click.Group:
    @click.group()
    def alert() -> None:
        """Warnings."""

    @alert.command()
    @click.argument("file", type=_FILE)
    @click.option("--by", default=getpass.getuser, help="Operator. [default: you]")
    @_JSON
    def send(file: Path, by: str, *, as_json: bool) -> None:
        """Take a CAP file in and submit it; a second person must approve it."""
        with opened(factory) as services:
            draft = services.intake.draft_from_cap(file.read_bytes(), by=by)
            case = services.alerts.submit(draft.alert_id, by=by)
            preview = services.board.preview(case.alert_id)
        facts = {
            "alert": case.alert_id,
            "state": case.state.value,
            "affected": preview.counts.n,
        }
        lines = (
            f"{case.alert_id} is submitted and concerns {preview.counts.n:,} people. "
            "Somebody else must approve it: "
            f"POST /api/v1/alerts/{case.alert_id}/approve"
        )
        emit(facts, lines, as_json=as_json)

    return alert


def _audience(factory: Factory) -> click.Command:
    @click.command()
    @click.argument("file", type=_FILE)
    @_JSON
    def audience(file: Path, *, as_json: bool) -> None:
        """Count the people inside a polygon: FILE is GeoJSON or CAP XML."""
        geometry = _geometry(file)
        with opened(factory) as services:
            counts = services.audiences.count(geometry)
        emit(dataclasses.asdict(counts), _counts_in_words(counts), as_json=as_json)

    return audience


def _cap() -> click.Group:
    @click.group()
    def cap() -> None:
        """Common Alerting Protocol."""

    @cap.command()
    @click.argument("files", nargs=-1, required=True, type=_FILE)
    @click.option("--json", "as_json", is_flag=True, help="JSON also on failure.")
    def check(files: Sequence[Path], *, as_json: bool) -> None:
        """Judge CAP files: exit 0 and JSON, or exit 1 and every defect.

        A file is good if it can be read and no defect blocks it. Whether it also says
        where people are to be warned is in the JSON: "targetable".
        """
        verdicts = [
            verdict
            for file in files
            for verdict in cap_check.check_all(file.read_bytes(), filename=str(file))
        ]
        is_good = all(verdict.usable for verdict in verdicts)
        if is_good or as_json:
            found = [verdict.as_dict() for verdict in verdicts]
            alone = found[0] if len(found) == 1 else found
            click.echo(json.dumps(alone, ensure_ascii=False, indent=2))
        else:
            for verdict in verdicts:
                for defect in verdict.defects:
                    click.echo(f"{verdict.file}: {defect}")
        if not is_good:
            click.get_current_context().exit(1)

    return cap


def _geometry(file: Path) -> Polygon | MultiPolygon:
    data = file.read_bytes()
    if not data.lstrip().startswith(b"<"):
        return from_geojson(data).geometry
    verdict = cap_check.check(data, filename=str(file))
    if verdict.alert is None:
        raise InvalidAlertError("; ".join(str(defect) for defect in verdict.defects))
    return geometry_of(verdict.alert)


def _counts_in_words(counts: AudienceCounts) -> str:
    tables = (
        ("by language", counts.by_language),
        ("by channel", counts.by_channel),
        ("by area", counts.by_area),
        ("left out", counts.excluded),
    )
    lines = [f"{counts.n:,} people inside, found in {counts.geofence_ms:.1f} ms"]
    for title, table in tables:
        if table:
            parts = (f"{name or 'elsewhere'} {n:,}" for name, n in table.items())
            lines.append(f"  {title}: " + ", ".join(parts))
    return "\n".join(lines)
