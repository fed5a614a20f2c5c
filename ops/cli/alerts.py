"""``tocsin alert`` and ``tocsin audience``."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ops.cli.approving import how_to_approve
from ops.cli.follow_ups import follow_ups
from ops.cli.holding import holding
from ops.console_output import emit
from ops.wiring.context import Factory, opened, operator_at_shell

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

    from ops.wiring.services import Services
    from warning.registry.registry import AudienceCounts


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_alert(factory), _audience(factory)]


def _alert(factory: Factory) -> click.Group:
    @click.group()
    def alert() -> None:
        """Warnings."""

    @alert.command()
    @click.argument("file", type=_FILE)
    @click.option("--by", default=operator_at_shell, help="Operator.  [default: you]")
    @_JSON
    def send(file: Path, by: str, *, as_json: bool) -> None:
        """Take a CAP file in and submit it; a second person must approve it."""
        data = file.read_bytes()
        with opened(factory) as services:
            geometry, remarks = _geometry(services, data, file.name)
            _require_somebody(services, geometry)
            draft = services.intake.draft_from_cap(data, by=by)
            case = services.alerts.submit(draft.alert_id, by=by)
            preview = services.board.preview(case.alert_id)
            unheard = services.alerts.unheard(case.alert_id)
        facts = {
            "alert": case.alert_id,
            "state": case.state.value,
            "affected": preview.counts.n,
            "unheard": list(unheard),
            "remarks": remarks,
        }
        submitted = (
            f"{case.alert_id} is submitted and concerns {preview.counts.n:,} people. "
            f"Somebody else must approve it: {how_to_approve(case.alert_id, unheard)}"
        )
        lines = [*(f"{file.name}: {remark}" for remark in remarks), submitted]
        emit(facts, "\n".join(lines), as_json=as_json)

    for command in (*follow_ups(factory), *holding(factory)):
        alert.add_command(command)
    return alert


def _audience(factory: Factory) -> click.Command:
    @click.command(short_help="Count the people inside a polygon.")
    @click.argument("file", type=_FILE)
    @_JSON
    def audience(file: Path, *, as_json: bool) -> None:
        """Count the people inside a polygon: FILE is GeoJSON or CAP XML."""
        with opened(factory) as services:
            geometry, repairs = _geometry(services, file.read_bytes(), file.name)
            counts = services.audiences.count(geometry)
        facts = {**dataclasses.asdict(counts), "repairs": repairs}
        lines = [f"{file.name}: {repair}" for repair in repairs]
        lines.append(_counts_in_words(counts))
        emit(facts, "\n".join(lines), as_json=as_json)

    return audience


def _geometry(
    services: Services, data: bytes, name: str
) -> tuple[Polygon | MultiPolygon, list[str]]:
    """The area of a GeoJSON or CAP document, and what was repaired or is odd in it."""
    from geofence.area import from_geojson
    from ops.wiring.area_limits import area_limits
    from warning.cap_documents import cap_check
    from warning.errors import InvalidAlertError
    from warning.intake.intake import geometry_of

    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        area = from_geojson(data, limits=area_limits(services.settings))
        return area.geometry, [repair.sentence for repair in area.repairs]

    def codes(value_name: str, value: str) -> Polygon | MultiPolygon | None:
        return services.registry().areas.by_geocode(value_name, value)

    verdict = cap_check.check(data, filename=name, lookup=codes)
    if verdict.alert is None or not verdict.usable:
        blocking = [defect for defect in verdict.defects if defect.blocks]
        raise InvalidAlertError("\n".join(f"{name}: {defect}" for defect in blocking))
    remarks = [str(defect) for defect in verdict.defects]
    return geometry_of(verdict.alert, lookup=codes), remarks


def _require_somebody(services: Services, geometry: Polygon | MultiPolygon) -> None:
    """Refuse an alert for nobody before a draft of it is kept."""
    from warning.errors import EmptyAudienceError

    if services.audiences.count(geometry).n == 0:
        raise EmptyAudienceError(
            "Nobody is registered inside the area of this alert, and nothing was kept "
            "of it. Check the polygon with: tocsin audience FILE; or import the "
            "subscribers of the area first."
        )


def _counts_in_words(counts: AudienceCounts) -> str:
    tables = (
        ("by language", counts.by_language),
        ("by channel", counts.by_channel),
        ("by area", counts.by_area),
        ("left out", counts.excluded),
    )
    lines = [f"{counts.n:,} people inside, found in {counts.geofence_ms:.1f} ms"]
    for title, table in tables:
        if any(table.values()):
            parts = (f"{name or 'elsewhere'} {n:,}" for name, n in table.items())
            lines.append(f"  {title}: " + ", ".join(parts))
    return "\n".join(lines)
