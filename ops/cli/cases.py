"""``tocsin case``, and ``tocsin import responders`` and ``aeds``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ops.cli.case_demo import add_demo
from ops.cli.case_replay import add_replay
from ops.console_output import emit
from ops.wiring.context import Factory, opened, operator_at_shell

if TYPE_CHECKING:
    from responders.case import CardiacCase
    from responders.cases.board import CaseView, OfferLine
    from responders.roster.import_report import FileReport
    from responders.roster.volunteer import Responder


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")
_BY = click.option(
    "--by", default=operator_at_shell, help="Dispatcher.  [default: you]"
)
_REASON = click.option("--reason", default="", help="Kept in the record.")
_SHOWN = 20


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_case(factory)]


def add_imports(imports: click.Group, factory: Factory) -> None:
    """Add what this module reads to ``tocsin import``."""

    @imports.command()
    @click.argument("file", type=_FILE)
    @_JSON
    def responders(file: Path, *, as_json: bool) -> None:
        """Read volunteers from a CSV file; see docs/how-to/import-responders.md.

        Exit status 1 if a line was rejected; the others are in all the same.
        """
        from responders.roster.responder_file import read_responders

        with opened(factory) as services:
            known = services.cases.volunteers
            lines = read_responders(file.read_bytes(), known.entry_rules())
            report = known.import_lines(lines, by=operator_at_shell())
        _tell(report, "volunteers", as_json=as_json)

    @imports.command()
    @click.argument("file", type=_FILE)
    @_JSON
    def aeds(file: Path, *, as_json: bool) -> None:
        """Read AEDs from GeoJSON with OpenStreetMap's tags, or from CSV."""
        from responders.roster.aed_file import read_aeds

        with opened(factory) as services:
            lines = read_aeds(file.read_bytes())
            report = services.cases.volunteers.import_aeds(
                lines, by=operator_at_shell()
            )
        _tell(report, "AEDs", as_json=as_json)


def _case(factory: Factory) -> click.Group:
    @click.group()
    def case() -> None:
        """Cardiac arrests, and the volunteers who go."""

    _add_open(case, factory)
    _add_views(case, factory)
    _add_ends(case, factory)
    add_demo(case, factory)
    add_replay(case, factory)
    return case


def _add_open(case: click.Group, factory: Factory) -> None:
    @case.command(name="open")
    @click.option("--lon", type=float, required=True, help="Degrees.")
    @click.option("--lat", type=float, required=True, help="Degrees.")
    @click.option("--address", required=True, help="For whoever goes there.")
    @click.option("--details", default="", help="Door, floor.")
    @click.option(
        "--scene-safe/--scene-not-safe",
        default=False,
        help="Helpers will not come to harm.  [default: not; nobody is asked]",
    )
    @click.option("--home", is_flag=True, help="A private home.")
    @click.option("--age", type=click.IntRange(0, 130))
    @click.option("--cpr", is_flag=True, help="CPR is given already.")
    @click.option("--ems-eta", type=float, help="Minutes until the ambulance is there.")
    @click.option("--callback", default="", help="Number of the caller.")
    @click.option("--exercise", is_flag=True, help="Every text says TEST.")
    @_BY
    @_JSON
    def open_case(*, by: str, as_json: bool, **fields: Any) -> None:
        """Report a case: the nearest volunteers are rung within seconds."""
        with opened(factory) as services:
            report = _report_of(fields, services.cases.volunteers.parse_phone)
            found = services.cases.desk.open(report, by=by)
        facts = _facts(found.case) | {
            "duplicates": [str(one.case_id) for one in found.duplicates]
        }
        lines = [f"Case {found.case.code} ({found.case.case_id}): {found.case.state}."]
        lines += [notice.text for notice in found.case.notices]
        lines += [
            f"May be the same patient as case {one.code} ({one.case_id})."
            for one in found.duplicates
        ]
        emit(facts, "\n".join(lines), as_json=as_json)


def _report_of(fields: dict[str, Any], parse_phone: Any) -> Any:
    from responders.case import PlaceType, Scene
    from responders.cases.case_intake import NewCase

    scene = Scene(
        lon=fields["lon"],
        lat=fields["lat"],
        address=fields["address"],
        details=fields["details"],
        scene_safe=fields["scene_safe"],
        place_type=PlaceType.PRIVATE_HOME if fields["home"] else PlaceType.PUBLIC,
        age=fields["age"],
        cpr_in_progress=fields["cpr"],
    )
    return NewCase(
        scene=scene,
        callback_phone=parse_phone(fields["callback"]) if fields["callback"] else "",
        ems_eta_min=fields["ems_eta"],
        is_exercise=fields["exercise"],
    )


def _add_views(case: click.Group, factory: Factory) -> None:
    @case.command(name="list")
    @click.option("--limit", type=click.IntRange(1, 1_000), default=20)
    @_JSON
    def list_cases(limit: int, *, as_json: bool) -> None:
        """Show cases, newest first."""
        with opened(factory) as services:
            cases = services.cases.board.list(limit=limit)
        lines = [
            f"{one.code}  {one.state:<12} {one.stamps.opened_at:%Y-%m-%d %H:%M}  "
            f"{one.case_id}"
            for one in cases
        ]
        facts = {"cases": [_facts(one) for one in cases]}
        emit(facts, "\n".join(lines) or "No cases.", as_json=as_json)

    @case.command()
    @click.argument("case_id")
    @_JSON
    def show(case_id: str, *, as_json: bool) -> None:
        """Show one case with everybody who was asked."""
        from responders.case import CaseId

        with opened(factory) as services:
            view = services.cases.board.get(CaseId(case_id))
        offers = [_offer_facts(line) for line in view.offers]
        by_hand = [_by_hand_facts(person) for person in view.by_hand]
        facts = _facts(view.case) | {"offers": offers, "by_hand": by_hand}
        emit(facts, _in_words(view), as_json=as_json)


def _add_ends(case: click.Group, factory: Factory) -> None:
    @case.command()
    @click.argument("case_id")
    @_REASON
    @_BY
    def cancel(case_id: str, reason: str, by: str) -> None:
        """Withdraw a case; everybody who may still come is told at once."""
        from responders.case import CaseId

        with opened(factory) as services:
            done = services.cases.desk.cancel(CaseId(case_id), by=by, reason=reason)
        click.echo(f"Case {done.code} is {done.state}.")

    @case.command()
    @click.argument("case_id")
    @_REASON
    @_BY
    def close(case_id: str, reason: str, by: str) -> None:
        """End a case: the ambulance is there."""
        from responders.case import CaseId

        with opened(factory) as services:
            done = services.cases.desk.close(CaseId(case_id), by=by, reason=reason)
        click.echo(f"Case {done.code} is {done.state}.")


def _facts(case: CardiacCase) -> dict[str, object]:
    return {
        "case": str(case.case_id),
        "code": case.code,
        "state": case.state.value,
        "opened_at": case.stamps.opened_at.isoformat(),
        "notices": [notice.text for notice in case.notices],
    }


def _offer_facts(line: OfferLine) -> dict[str, object]:
    offer = line.offer
    return {
        "responder": int(offer.responder_id),
        "state": offer.state.name.lower(),
        "tier": line.tier,
        "distance_m": round(offer.distance_m),
        "role": offer.role.value if offer.role else None,
    }


def _by_hand_facts(person: Responder) -> dict[str, object]:
    return {
        "responder": int(person.responder_id),
        "name": person.name,
        "phone": person.phone,
    }


def _in_words(view: CaseView) -> str:
    case = view.case
    n_asked = len(view.offers)
    lines = [f"Case {case.code}: {case.state}, {n_asked} asked, {case.n_waves} waves"]
    lines += [notice.text for notice in case.notices]
    lines += [
        f"  {one.offer.responder_id:>6}  {one.offer.state.name.lower():<12} "
        f"{one.tier:<16} {one.offer.distance_m:>5.0f} m  {one.offer.role or ''}"
        for one in view.offers
    ]
    if view.by_hand:
        lines.append("Ring by hand:")
    lines += [f"  {person.phone}  {person.name}" for person in view.by_hand]
    return "\n".join(lines)


def _tell(report: FileReport, what: str, *, as_json: bool) -> None:
    rejected = [
        {"line": one.line_no, "column": one.column, "reason": one.reason}
        for one in report.rejected
    ]
    facts = {
        "read": report.read,
        "added": report.added,
        "updated": report.updated,
        "rejected": rejected,
    }
    summary = (
        f"{report.read:,} lines read: {report.added:,} {what} added, "
        f"{report.updated:,} updated, {len(rejected):,} lines rejected."
    )
    lines = [summary]
    lines += [f"  line {one['line']}: {one['reason']}" for one in rejected[:_SHOWN]]
    emit(facts, "\n".join(lines), as_json=as_json)
    if rejected:
        click.get_current_context().exit(1)
