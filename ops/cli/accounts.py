"""``tocsin operator`` and ``tocsin token``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta

import click

from accounts.operators import Role
from ops.console_output import emit
from ops.wiring.context import Factory, opened, operator_at_shell

_ROLES = click.Choice([role.value for role in Role])
_LONGEST_NAME = 100


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_operator(factory), _token(factory)]


def _operator(factory: Factory) -> click.Group:
    @click.group()
    def operator() -> None:
        """People who work here."""

    @operator.command()
    @click.argument("name", callback=_plain_name)
    @click.option("--role", type=_ROLES, default=Role.OPERATOR.value, show_default=True)
    @click.option("--no-password", is_flag=True, help="May only call by token.")
    @click.option(
        "--password-stdin", is_flag=True, help="Read it from standard input, a line."
    )
    def add(name: str, role: str, *, no_password: bool, password_stdin: bool) -> None:
        """Add an operator; asks for the password."""
        if no_password and password_stdin:
            raise click.UsageError("Give --no-password or --password-stdin, not both.")
        with opened(factory) as services:
            password = None if no_password else _password(from_stdin=password_stdin)
            services.accounts.add(
                name, role=Role(role), password=password, by=operator_at_shell()
            )
        how = "call the API by token" if no_password else "sign in"
        click.echo(f"{name} may {how} as {role}.")

    _add_operator_changes(operator, factory)

    @operator.command("reset-factor")
    @click.argument("name")
    @click.option("--by", default=operator_at_shell, help="Operator.  [default: you]")
    def reset_factor(name: str, by: str) -> None:
        """Take away the second factor of NAME; the next sign-in enrols a new one."""
        with opened(factory) as services:
            was_there = services.second_factors.reset(name, by=by)
        if not was_there:
            raise click.ClickException(f"{name} has no second factor.")
        click.echo(f"{name} enrols a new second factor at the next sign-in.")

    return operator


def _add_operator_changes(operator: click.Group, factory: Factory) -> None:
    @operator.command(name="list")
    @click.option("--json", "as_json", is_flag=True, help="For machines.")
    def list_operators(*, as_json: bool) -> None:
        """Show everybody who works or worked here."""
        with opened(factory) as services:
            known = services.sources.administration.operators()
        facts = [
            {"name": one.name, "role": one.role.value, "active": one.is_active}
            for one in known
        ]
        lines = [
            f"{one.name}  {one.role.value}{'' if one.is_active else '  (disabled)'}"
            for one in known
        ]
        emit({"operators": facts}, "\n".join(lines) or "Nobody.", as_json=as_json)

    @operator.command()
    @click.argument("name")
    def disable(name: str) -> None:
        """Let NAME in no more, neither by password nor by token."""
        with opened(factory) as services:
            services.sources.administration.disable(name, by=operator_at_shell())
        click.echo(f"{name} is let in no more.")

    @operator.command()
    @click.argument("name")
    def enable(name: str) -> None:
        """Let NAME in again."""
        with opened(factory) as services:
            services.sources.administration.enable(name, by=operator_at_shell())
        click.echo(f"{name} is let in again.")

    @operator.command()
    @click.argument("name")
    @click.argument("role", type=_ROLES)
    def role(name: str, role: str) -> None:
        """Let NAME do what ROLE may do, from the next request on."""
        with opened(factory) as services:
            services.sources.administration.set_role(
                name, Role(role), by=operator_at_shell()
            )
        click.echo(f"{name} is {role} now.")


def _token(factory: Factory) -> click.Group:
    @click.group()
    def token() -> None:
        """Keys for programs that call the API."""

    @token.command()
    @click.argument("name")
    @click.option("--role", type=_ROLES, help="May do no more than this role.")
    @click.option(
        "--days", type=click.IntRange(1, 3_650), help="Lets nobody in after so many."
    )
    @click.option("--json", "as_json", is_flag=True, help="For machines.")
    def create(name: str, role: str | None, days: int | None, *, as_json: bool) -> None:
        """Make a token of operator NAME; it is shown this once."""
        with opened(factory) as services:
            secret = services.accounts.create_token(
                name,
                role=Role(role) if role else None,
                lasts=timedelta(days=days) if days else None,
                by=operator_at_shell(),
            )
        emit({"operator": name, "token": secret}, secret, as_json=as_json)

    @token.command(name="list")
    @click.option("--json", "as_json", is_flag=True, help="For machines.")
    def list_tokens(*, as_json: bool) -> None:
        """Show the tokens there are, and which let somebody in."""
        with opened(factory) as services:
            known = services.sources.administration.tokens()
            now = services.now()
        facts = [
            {
                "id": one.token_id,
                "operator": one.operator,
                "role": one.role.value,
                "created_at": one.created_at.isoformat(),
                "expires_at": one.expires_at.isoformat() if one.expires_at else None,
                "good": one.is_good(now),
            }
            for one in known
        ]
        lines = [
            f"{one['id']}  {one['operator']}  {one['role']}  "
            f"{'good' if one['good'] else 'no longer good'}"
            for one in facts
        ]
        emit({"tokens": facts}, "\n".join(lines) or "No tokens.", as_json=as_json)

    @token.command()
    @click.argument("token_id")
    def revoke(token_id: str) -> None:
        """Let the token with this id in no more."""
        with opened(factory) as services:
            services.sources.administration.revoke(token_id, by=operator_at_shell())
        click.echo(f"The token {token_id} lets nobody in any more.")

    return token


def _plain_name(_context: click.Context, _option: click.Parameter, name: str) -> str:
    """A name that can be read aloud, and that looks like no other one."""
    is_plain = name.isprintable() and name == name.strip()
    if not is_plain or not 0 < len(name) <= _LONGEST_NAME:
        raise click.BadParameter(
            f"a name has 1 to {_LONGEST_NAME} visible characters, no blank at its ends."
        )
    return name


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError(
            "There is no terminal to ask for the password at. Pipe it in with "
            "--password-stdin, or give --no-password."
        )
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password
