"""``tocsin alert correct`` and what else comes after an alert."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ops.cli.approving import how_to_approve
from ops.console_output import emit
from ops.wiring.context import Factory, opened, operator_at_shell

if TYPE_CHECKING:
    from ops.wiring.services import Services
    from warning.alert import AlertCase, AlertId

_BY = click.option("--by", default=operator_at_shell, help="Operator.  [default: you]")
_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def follow_ups(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module, for the group ``alert``."""
    return [
        _closing(
            factory,
            "correct",
            "Say that an alert was a false alarm: stop it, prepare the correction.",
            lambda services: services.follow_ups.correct,
        ),
        _closing(
            factory,
            "all-clear",
            "Say that a danger is over: stop the alert, prepare the all-clear.",
            lambda services: services.follow_ups.all_clear,
        ),
        _cancel(factory),
        _update(factory),
        _report(factory),
    ]


def _closing(
    factory: Factory,
    name: str,
    summary: str,
    verb_of: Callable[[Services], Callable[..., AlertCase]],
) -> click.Command:
    @click.command(name, help=summary)
    @click.argument("alert_id", metavar="ID")
    @_BY
    @_JSON
    def command(alert_id: AlertId, by: str, *, as_json: bool) -> None:
        with opened(factory) as services:
            case = verb_of(services)(alert_id, by=by)
            waiting = None if case.alert_id == alert_id else case.alert_id
            facts, line = _said(services, alert_id, waiting)
        emit(facts, line, as_json=as_json)

    return command


def _cancel(factory: Factory) -> click.Command:
    @click.command()
    @click.argument("alert_id", metavar="ID")
    @_BY
    @_JSON
    def cancel(alert_id: AlertId, by: str, *, as_json: bool) -> None:
        """Withdraw an alert: what has not left never will."""
        with opened(factory) as services:
            services.alerts.cancel(alert_id, by=by)
            waiting = services.board.waiting_to_follow(alert_id)
            facts, line = _said(services, alert_id, waiting)
        emit(facts, line, as_json=as_json)

    return cancel


def _update(factory: Factory) -> click.Command:
    @click.command()
    @click.argument("alert_id", metavar="ID")
    @click.argument("file", type=_FILE)
    @_BY
    @_JSON
    def update(alert_id: AlertId, file: Path, by: str, *, as_json: bool) -> None:
        """Submit the CAP file FILE as what is to take a live alert's place."""
        with opened(factory) as services:
            follow_ups = services.follow_ups
            draft = follow_ups.update_from_cap(alert_id, file.read_bytes(), by=by)
            case = services.alerts.submit(draft.alert_id, by=by)
            meant = services.board.preview(case.alert_id).by_variant
        facts = {
            "alert": alert_id,
            "follow_up": case.alert_id,
            "state": case.state.value,
            "by_variant": dict(meant),
        }
        people = ", ".join(f"{n:,} {variant}" for variant, n in meant.items())
        lines = f"{alert_id} goes on until somebody else approves {case.alert_id}: "
        emit(facts, f"{lines}{people}.", as_json=as_json)

    return update


def _report(factory: Factory) -> click.Command:
    @click.command()
    @click.argument("alert_id", metavar="ID")
    def report(alert_id: AlertId) -> None:
        """Show what an alert came to, as JSON."""
        with opened(factory) as services:
            found = services.reports.report(alert_id)
        facts = {
            "alert": found.case.alert_id,
            "state": found.case.state.value,
            "kind": found.case.kind.value,
            "steps": [dataclasses.asdict(step) for step in found.steps],
            "by_variant": dict(found.by_variant),
            "progress": dataclasses.asdict(found.progress),
            "shares": dataclasses.asdict(found.shares),
            "is_balanced": found.is_balanced,
            "followers": [one.alert_id for one in found.followers],
        }
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2, default=str))

    return report


def _said(
    services: Services, alert_id: AlertId, waiting: AlertId | None
) -> tuple[Mapping[str, object], str]:
    """What was stopped, and what waits for a second person: as facts, as a line."""
    if waiting is None:
        closed = {"alert": alert_id, "follow_up": None, "state": None}
        return closed, f"{alert_id} is closed. Nobody had been told, so nobody need be."
    case, unheard = services.board.get(waiting), services.alerts.unheard(waiting)
    facts = {
        "alert": alert_id,
        "follow_up": waiting,
        "state": case.state.value,
        "unheard": list(unheard),
    }
    return facts, (
        f"{alert_id} is closed and nothing more of it leaves. Those who were told "
        f"will be told by {waiting}; somebody else must approve it: "
        f"{how_to_approve(waiting, unheard)}"
    )
