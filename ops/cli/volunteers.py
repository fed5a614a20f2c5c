"""``tocsin volunteer``: who can be reached, and a test of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from ops.console_output import emit
from ops.wiring.context import Factory, opened, operator_at_shell

_MOST = 1_000


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""

    @click.group()
    def volunteer() -> None:
        """Volunteers: who can be reached."""

    _add_unreachable(volunteer, factory)
    _add_test(volunteer, factory)
    return [volunteer]


def _add_unreachable(volunteer: click.Group, factory: Factory) -> None:
    @volunteer.command()
    @click.option("--limit", type=click.IntRange(1, _MOST), default=100)
    @click.option("--json", "as_json", is_flag=True, help="For machines.")
    def unreachable(limit: int, *, as_json: bool) -> None:
        """List who did not answer the last monthly test, the longest silent first."""
        with opened(factory) as services:
            found = services.cases.reachability.unreachable(limit=limit)
        facts = [
            {
                "responder": int(person.responder_id),
                "name": person.name,
                "phone": person.phone,
                "tests_missed": reach.n_missed,
                "heard_at": reach.heard_at.isoformat() if reach.heard_at else None,
            }
            for reach, person in found
        ]
        lines = [
            f"{person.responder_id:>6}  {person.phone:<16} {reach.n_missed:>2} missed  "
            f"last heard of {_day(reach.heard_at)}  {person.name}"
            for reach, person in found
        ]
        words = "\n".join(lines) or "Everybody who was asked has answered."
        emit({"unreachable": facts}, words, as_json=as_json)


def _add_test(volunteer: click.Group, factory: Factory) -> None:
    @volunteer.command()
    @click.argument("number", type=click.IntRange(1))
    @click.option("--by", default=operator_at_shell, help="Operator.  [default: you]")
    def test(number: int, by: str) -> None:
        """Ask one volunteer now whether their phone is with them."""
        from responders.roster.volunteer import ResponderId

        with opened(factory) as services:
            services.cases.reachability.test(ResponderId(number), by=by)
        click.echo(f"Volunteer {number} is asked.")


def _day(at: datetime | None) -> str:
    return "never" if at is None else f"{at:%Y-%m-%d}"
