"""What a command prints: for a terminal, for a file, for a machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

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
    if not sys.stderr.isatty():
        yield _plain(what, total)
        return
    with _bar(what, total) as show:
        yield show


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[int, str], None]]:
    from rich.console import Console  # noqa: PLC0415 - only where there is a terminal
    from rich.progress import (  # noqa: PLC0415 - as above
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
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
