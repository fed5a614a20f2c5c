"""What a command prints: for a terminal, for a file, for a machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

#: On a stream that is no terminal a line is printed at every such share of the work.
_PLAIN_STEP = 0.1


def emit(facts: object, lines: str, *, as_json: bool) -> None:
    """Print a result for a machine or for a person."""
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else lines)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int, str], None]]:
    """Show how far long work has come; on standard error, results stay clean.

    Yields
    ------
    callable
        Told how much is done, of ``total``, and a word on it.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain(what, total)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(what, total=total, note="")
        yield lambda done, note: bar.update(task, completed=done, note=note)


def _plain(what: str, total: int) -> Callable[[int, str], None]:
    shown = 0.0

    def show(done: int, note: str) -> None:
        nonlocal shown
        share = done / total if total else 1.0
        if share >= shown + _PLAIN_STEP or share >= 1.0 > shown:
            shown = share
            click.echo(f"{what}: {share:.0%} {note}".rstrip(), err=True)

    return show
