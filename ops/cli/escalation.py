"""``tocsin escalation``: what follows a text that nobody confirmed."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from ops.console_output import emit
from ops.wiring.context import Factory, opened, operator_at_shell

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
#: Rules of all severities have room in it many times over.
_MAX_BYTES = 100_000


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_escalation(factory)]


def _escalation(factory: Factory) -> click.Group:
    @click.group()
    def escalation() -> None:
        """What follows a text that nobody confirmed."""

    @escalation.command()
    @click.option("--json", "as_json", is_flag=True, help="For machines.")
    def show(*, as_json: bool) -> None:
        """Write the rules as TOML, as ``escalation set`` reads them."""
        with opened(factory) as services:
            now = services.escalation_rules.desk.rules()
        facts = {
            "revision": now.revision,
            "brought": now.is_brought,
            "rules": dict(now.rules),
        }
        emit(facts, "\n".join(_written(now.rules)), as_json=as_json)

    @escalation.command(name="set")
    @click.argument("file", type=_FILE)
    def write(file: Path) -> None:
        """Let the rules of a TOML FILE hold for what is submitted from now on."""
        rules = _read(file)
        with opened(factory) as services:
            desk = services.escalation_rules.desk
            seen = desk.rules().revision
            changed = desk.save(rules, seen=seen, by=operator_at_shell())
        click.echo("The rules are changed." if changed else "The rules say so already.")

    @escalation.command()
    def back() -> None:
        """Go back to the rules of the release."""
        with opened(factory) as services:
            desk = services.escalation_rules.desk
            desk.bring_back(seen=desk.rules().revision, by=operator_at_shell())
        click.echo("The rules are those of the release.")

    return escalation


def _read(file: Path) -> dict[str, Any]:
    """Read rules.

    Raises
    ------
    InvalidRulesError
        If it is no TOML in UTF-8, or too long.
    """
    from warning.errors import InvalidRulesError

    with file.open("rb") as opened_file:
        data = opened_file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise InvalidRulesError(f"{file.name} has more than {_MAX_BYTES:,} bytes.")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidRulesError(f"{file.name} is no TOML: {error}.") from None


def _written(rules: Any) -> Iterator[str]:
    for severity, plan in rules.items():
        yield f"[{severity}]"
        yield "steps = ["
        yield from (f"    {_table(step)}," for step in plan["steps"])
        yield "]"
        if "focal_points" in plan:
            yield f"focal_points = {_table(plan['focal_points'])}"
        yield ""


def _table(values: dict[str, Any]) -> str:
    """Words, numbers and truths: what JSON and TOML write alike."""
    written = (f"{key} = {json.dumps(value)}" for key, value in values.items())
    return f"{{ {', '.join(written)} }}"
