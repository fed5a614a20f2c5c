"""``tocsin alert pause``, ``resume`` and ``extend``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ops.console_output import emit
from ops.wiring.context import Factory, opened, operator_at_shell

if TYPE_CHECKING:
    from warning.alert import AlertCase, AlertId

_BY = click.option("--by", default=operator_at_shell, help="Operator.  [default: you]")
_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")


def holding(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module, for the group ``alert``."""
    return [_pause(factory), _resume(factory), _extend(factory)]


def _pause(factory: Factory) -> click.Command:
    @click.command()
    @click.argument("alert_id", metavar="ID")
    @_BY
    @_JSON
    def pause(alert_id: AlertId, by: str, *, as_json: bool) -> None:
        """Let nothing more of a live alert leave; it stays in force."""
        with opened(factory) as services:
            case = services.holding.pause(alert_id, by=by)
        told = f"{alert_id} stands still. Let it go on with: tocsin alert resume ID"
        _say(case, told, as_json=as_json)

    return pause


def _resume(factory: Factory) -> click.Command:
    @click.command()
    @click.argument("alert_id", metavar="ID")
    @_BY
    @_JSON
    def resume(alert_id: AlertId, by: str, *, as_json: bool) -> None:
        """Let a paused alert go on where it stood."""
        with opened(factory) as services:
            case = services.holding.resume(alert_id, by=by)
        _say(case, f"{alert_id} goes on.", as_json=as_json)

    return resume


def _extend(factory: Factory) -> click.Command:
    @click.command()
    @click.argument("alert_id", metavar="ID")
    @click.argument("until", type=click.DateTime(["%Y-%m-%dT%H:%M%z"]))
    @_BY
    @_JSON
    def extend(alert_id: AlertId, until: datetime, by: str, *, as_json: bool) -> None:
        """Send a live alert until UNTIL, such as 2026-12-31T18:00+07:00."""
        with opened(factory) as services:
            case = services.holding.extend(alert_id, until.astimezone(UTC), by=by)
        _say(case, f"{alert_id} is sent until {until.isoformat()}.", as_json=as_json)

    return extend


def _say(case: AlertCase, told: str, *, as_json: bool) -> None:
    facts = {
        "alert": case.alert_id,
        "state": case.state.value,
        "paused_at": case.paused_at and case.paused_at.isoformat(),
        "extended_until": case.extended_until and case.extended_until.isoformat(),
    }
    emit(facts, told, as_json=as_json)
