"""``tocsin audit``: whether the record of what was done is whole, and what it says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ops.console_output import emit
from ops.wiring.context import Factory, opened

if TYPE_CHECKING:
    from accounts.audit import AuditEntry
    from accounts.audit_check import Anchor, AuditVerdict


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_audit(factory)]


def _audit(factory: Factory) -> click.Group:
    @click.group()
    def audit() -> None:
        """The record of what was done."""

    @audit.command()
    @click.option(
        "--expect",
        multiple=True,
        metavar="HASH",
        help="A hash that an earlier check printed; it must still be there.",
    )
    @click.option(
        "--anchor",
        "anchor_file",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Check against the hashes in this file, then add the newest to it. Keep "
        "it where nobody who can write the database can.",
    )
    @click.option("--json", "as_json", is_flag=True, help="For machines.")
    def verify(
        expect: tuple[str, ...], anchor_file: Path | None, *, as_json: bool
    ) -> None:
        """Find the first entry that is not as it was written.

        Exit status 1 if there is one.
        """
        from accounts.audit_check import parse_anchor

        anchors = [parse_anchor(text) for text in (*expect, *_lines(anchor_file))]
        with opened(factory) as services:
            verdict = services.sources.administration.verify(anchors)
        emit(_facts(verdict), _in_words(verdict), as_json=as_json)
        if not verdict.is_whole:
            click.get_current_context().exit(1)
        if anchor_file is not None and verdict.newest is not None:
            _add(anchor_file, verdict.newest)

    @audit.command()
    @click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
    def export(*, as_json: bool) -> None:
        """Write every entry, the oldest first."""
        with opened(factory) as services:
            entries = services.sources.administration.entries()
            for line in _written(entries, as_json=as_json):
                click.echo(line)

    return audit


def _lines(path: Path | None) -> Iterable[str]:
    if path is None or not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip()]


def _add(path: Path, newest: Anchor) -> None:
    if str(newest) not in _lines(path):
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{newest}\n")


def _facts(verdict: AuditVerdict) -> dict[str, object]:
    return {
        "whole": verdict.is_whole,
        "entries": verdict.n_whole,
        "newest": str(verdict.newest) if verdict.newest else None,
        "broken": verdict.broken_seq,
        "kind": verdict.kind,
        "sentence": verdict.sentence,
    }


def _in_words(verdict: AuditVerdict) -> str:
    if verdict.newest is None:
        return verdict.sentence
    return f"{verdict.sentence}\nNewest whole entry: {verdict.newest}"


def _written(
    entries: Iterable[tuple[AuditEntry, str]], *, as_json: bool
) -> Iterable[str]:
    for entry, kept_hash in entries:
        if as_json:
            fields = {
                "seq": entry.seq,
                "at": entry.at.isoformat(),
                "actor": entry.actor,
                "action": entry.action,
                "subject": entry.subject,
                "details": entry.details,
                "previous_hash": entry.previous_hash,
                "hash": kept_hash,
            }
            yield json.dumps(fields, ensure_ascii=False)
        else:
            at = entry.at.isoformat(timespec="seconds")
            yield f"{entry.seq} {at} {entry.actor} {entry.action} {entry.subject}"
