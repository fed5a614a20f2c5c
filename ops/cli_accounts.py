"""``tocsin operator`` and ``tocsin token``."""

from __future__ import annotations

from collections.abc import Sequence

import click

from accounts.operators import Role
from ops.cli_context import Factory, opened
from ops.console_output import emit

_ROLES = click.Choice([role.value for role in Role])


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_operator(factory), _token(factory)]


def _operator(factory: Factory) -> click.Group:
    @click.group()
    def operator() -> None:
        """People who work here."""

    @operator.command()
    @click.argument("name")
    @click.option("--role", type=_ROLES, default=Role.OPERATOR.value, show_default=True)
    @click.option("--no-password", is_flag=True, help="May only call by token.")
    def add(name: str, role: str, *, no_password: bool) -> None:
        """Add an operator; asks for the password."""
        password = None
        if not no_password:
            password = click.prompt(
                "Password", hide_input=True, confirmation_prompt=True
            )
        with opened(factory) as services:
            services.accounts.add(name, role=Role(role), password=password)
        click.echo(f"{name} may sign in as {role}.")

    return operator


def _token(factory: Factory) -> click.Group:
    @click.group()
    def token() -> None:
        """Keys for programs that call the API."""

    @token.command()
    @click.argument("name")
    @click.option("--role", type=_ROLES, help="May do no more than this role.")
    @click.option("--json", "as_json", is_flag=True, help="For machines.")
    def create(name: str, role: str | None, *, as_json: bool) -> None:
        """Make a token of operator NAME; it is shown this once."""
        with opened(factory) as services:
            secret = services.accounts.create_token(
                name, role=Role(role) if role else None
            )
        emit({"operator": name, "token": secret}, secret, as_json=as_json)

    return token
