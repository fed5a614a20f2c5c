"""The commands of ``tocsin``: thin, each calls one service and says what came of it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from accounts.errors import AccountError
from geofence.errors import GeofenceError
from ivr_scripts.errors import ScriptError
from ops import (
    cli_accounts,
    cli_alerts,
    cli_data,
    cli_processes,
)
from ops.cli_context import Factory
from ops.errors import OpsError
from ops.supervisor import end_with_parent
from simulator.errors import SimulatorError
from telephony.errors import TelephonyError
from warning.errors import AlertError
from warning.subscriber_header import SubscriberFileError

#: What can go wrong on purpose: told in a sentence. Anything else is a defect of ours.
_TOLD = (
    AccountError,
    AlertError,
    GeofenceError,
    OpsError,
    ScriptError,
    SimulatorError,
    SubscriberFileError,
    TelephonyError,
)


def commands(factory: Factory) -> Sequence[click.Command]:
    """Every command, for any group that wants to carry them."""
    return [
        command
        for module in (cli_processes, cli_data, cli_alerts, cli_accounts)
        for command in module.commands(factory)
    ]


def build(factory: Factory) -> click.Group:
    """The group that ``tocsin`` is."""

    @click.group(context_settings={"help_option_names": ["-h", "--help"]})
    @click.version_option(package_name="tocsin")
    @click.option("--with-parent", is_flag=True, hidden=True)
    def tocsin(*, with_parent: bool) -> None:
        """Warn people by text and phone call; call volunteers to an emergency."""
        if with_parent:
            end_with_parent()

    for command in commands(factory):
        tocsin.add_command(command)
    return tocsin


def run(factory: Factory) -> int:
    """Run the command line; return the exit status.

    A thing that can go wrong on purpose is told in a sentence, never as a traceback.
    """
    try:
        build(factory)(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    except (*_TOLD, OSError) as error:
        click.echo(f"tocsin: {error}", err=True)
        return 1
    return 0
