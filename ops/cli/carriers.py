"""``tocsin carrier``."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ops.wiring.context import Factory, opened, operator_at_shell


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_carrier(factory)]


def _carrier(factory: Factory) -> click.Group:
    @click.group()
    def carrier() -> None:
        """The carriers of texts and calls."""

    @carrier.command()
    @click.argument("name")
    def resume(name: str) -> None:
        """Send by carrier NAME again, now that what stopped it is mended.

        Every running worker obeys within a few seconds. If the carrier still refuses,
        it is stopped again by the first answer, and nothing is lost.
        """
        with opened(factory) as services:
            services.carrier_orders.resume(name, by=operator_at_shell())
        click.echo(f"The workers use {name} again within a few seconds.")

    return carrier
