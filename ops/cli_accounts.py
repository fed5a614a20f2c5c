"""``tocsin operator`` and ``tocsin token``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from accounts.operators import Role
from ops.cli_context import Factory, opened
from ops.console_output import emit

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
            services.accounts.add(name, role=Role(role), password=password)
        how = "call the API by token" if no_password else "sign in"
        click.echo(f"{name} may {how} as {role}.")

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
