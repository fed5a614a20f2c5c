"""``tocsin plan``: alerts that are written and wait for their day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from ops.console_output import emit
from ops.wiring.context import Factory, opened, operator_at_shell

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_plan(factory)]


def _plan(factory: Factory) -> click.Group:
    @click.group()
    def plan() -> None:
        """Alerts that are written and wait for their day."""

    _add_changes(plan, factory)

    @plan.command(name="list")
    @_JSON
    def list_plans(*, as_json: bool) -> None:
        """Show the plans there are."""
        with opened(factory) as services:
            plans = services.sources.plans.list()
        lines = [f"{one.name}  {one.title}" for one in plans]
        facts = [{"name": one.name, "title": one.title} for one in plans]
        emit({"plans": facts}, "\n".join(lines) or "No plans.", as_json=as_json)

    @plan.command()
    @click.argument("name")
    def show(name: str) -> None:
        """Write a plan as JSON, as ``plan add`` reads it."""
        from warning.sources import plan_json

        with opened(factory) as services:
            document = plan_json.to_json(services.sources.plans.get(name))
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))

    return plan


def _add_changes(plan: click.Group, factory: Factory) -> None:
    @plan.command()
    @click.argument("file", type=_FILE)
    def add(file: Path) -> None:
        """Keep the plan in a JSON file, over the one of its name."""
        from warning.errors import InvalidPlanError
        from warning.sources import plan_json

        try:
            document = json.loads(file.read_text(encoding="utf-8"))
        except (ValueError, RecursionError):
            raise InvalidPlanError(f"{file.name} is not JSON in UTF-8.") from None
        prepared = plan_json.from_json(document)
        with opened(factory) as services:
            is_new = services.sources.plans.save(prepared, by=operator_at_shell())
        click.echo(f"The plan {prepared.name} is {'kept' if is_new else 'replaced'}.")

    @plan.command()
    @click.argument("name")
    def remove(name: str) -> None:
        """Remove a plan that no sensor uses."""
        with opened(factory) as services:
            services.sources.plans.remove(name, by=operator_at_shell())
        click.echo(f"The plan {name} is removed.")

    @plan.command()
    @click.argument("name")
    @_JSON
    def draft(name: str, *, as_json: bool) -> None:
        """Make a draft of a plan; two people still look at it."""
        with opened(factory) as services:
            case = services.sources.plans.draft(name, by=operator_at_shell())
        sentence = f"The draft {case.alert_id} waits to be submitted."
        emit({"alert": case.alert_id}, sentence, as_json=as_json)
