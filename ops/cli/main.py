"""The commands of ``tocsin``: thin, each calls one service and says what came of it.

What a command needs is loaded when it runs, so that ``tocsin --help`` answers at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import click

from ops.cli import (
    accounts,
    alerts,
    audit,
    cap,
    carriers,
    cases,
    data,
    escalation,
    plans,
    processes,
    recordings,
    scripts,
    texts,
    volunteers,
)
from ops.cli.errors import Told, telling
from ops.wiring.context import Factory


def commands(
    factory: Factory, *, also_told: Callable[[], Told] = tuple
) -> Sequence[click.Command]:
    """Every command, for any group that wants to carry them.

    Parameters
    ----------
    factory : callable
        Makes the services of settings.
    also_told : callable, optional
        Gives the errors of the parts that the factory chose (the store's) which carry
        a sentence for the user.
    """
    found = [
        command
        for module in (
            processes,
            data,
            alerts,
            accounts,
            plans,
            audit,
            cap,
            carriers,
            cases,
            volunteers,
            scripts,
            recordings,
            texts,
            escalation,
        )
        for command in module.commands(factory)
    ]
    for command in _leaves(found):
        if command.callback is not None:
            command.callback = telling(
                command.callback, told=lambda: (*_told(), *also_told())
            )
    return found


def build(factory: Factory, *, also_told: Callable[[], Told] = tuple) -> click.Group:
    """The group that ``tocsin`` is."""

    @click.group(context_settings={"help_option_names": ["-h", "--help"]})
    @click.version_option(package_name="tocsin")
    @click.option("--with-parent", is_flag=True, hidden=True)
    def tocsin(*, with_parent: bool) -> None:
        """Warn people by text and phone call; call volunteers to an emergency."""
        if with_parent:
            from ops.processes.supervisor import end_with_parent

            end_with_parent()

    for command in commands(factory, also_told=also_told):
        tocsin.add_command(command)
    return tocsin


def run(
    factory: Factory,
    arguments: Sequence[str] | None = None,
    *,
    also_told: Callable[[], Told] = tuple,
) -> int:
    """Run the command line; return the exit status.

    Parameters
    ----------
    factory : callable
        Makes the services of settings.
    arguments : sequence of str, optional
        By default those of the process.
    also_told : callable, optional
        As for ``commands``.

    Returns
    -------
    int
        0 if it worked, 1 if not, 2 if it was called wrongly, 130 after Ctrl-C.
    """
    group = build(factory, also_told=also_told)
    call = telling(group.main, told=lambda: (*_told(), *also_told()))
    try:
        # A number if the command chose its status, as ``cap check`` does.
        status = call(
            args=None if arguments is None else list(arguments),
            prog_name="tocsin",
            standalone_mode=False,
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    return status if isinstance(status, int) else 0


def _leaves(found: Sequence[click.Command]) -> Iterator[click.Command]:
    for command in found:
        if isinstance(command, click.Group):
            yield from _leaves(list(command.commands.values()))
        else:
            yield command


def _told() -> Told:
    """What can go wrong on purpose: told in a sentence. Anything else is a defect."""
    from accounts.errors import AccountError
    from geofence.errors import GeofenceError
    from ivr_scripts.errors import ScriptError
    from responders.errors import ResponderError
    from simulator.errors import SimulatorError
    from telephony.errors import TelephonyError
    from warning.errors import AlertError
    from warning.people.subscriber_header import SubscriberFileError
    from warning.people.text_encoding import EncodingError

    return (
        AccountError,
        AlertError,
        EncodingError,
        GeofenceError,
        ResponderError,
        ScriptError,
        SimulatorError,
        SubscriberFileError,
        TelephonyError,
    )
