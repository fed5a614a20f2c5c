"""``tocsin case demo``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ops.wiring.context import Factory


def add_demo(case: click.Group, factory: Factory) -> None:
    """Add the command to ``tocsin case``."""

    @case.command()
    @click.option("--seed", type=int, default=1, show_default=True, help="Of chance.")
    @click.option(
        "--folder",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("var/case-demo"),
        show_default=True,
        help="Where it keeps everything.",
    )
    def demo(seed: int, folder: Path) -> None:
        """Play a cardiac arrest to simulated volunteers, and end."""
        from ops.demo.case import run_case

        run_case(factory, folder=folder, seed=seed)
