"""``tocsin texts``: our own texts, read, written anew, as a file and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ops.console_output import emit
from ops.wiring.context import Factory, opened, operator_at_shell

if TYPE_CHECKING:
    from warning.texts.text_lines import LanguageLines

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")
#: Texts that are named, or all of a language.
_PATHS = click.argument("paths", nargs=-1)
_ALL = click.option("--all", "is_all", is_flag=True, help="Every text of the language.")


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_texts(factory)]


def _texts(factory: Factory) -> click.Group:
    @click.group()
    def texts() -> None:
        """What is said where a warning does not say it itself."""

    _add_reading(texts, factory)
    _add_files(texts, factory)
    _add_changes(texts, factory)
    return texts


def _add_reading(texts: click.Group, factory: Factory) -> None:
    @texts.command(name="list")
    @_JSON
    def list_languages(*, as_json: bool) -> None:
        """Show the languages, how many texts are your own, how many nobody read."""
        with opened(factory) as services:
            known = services.texts.desk.languages()
        facts = [
            {"language": one.language, "own": one.n_own, "unreviewed": one.n_unreviewed}
            for one in known
        ]
        told = [
            f"{one.language}  {one.n_own} of your own, {one.n_unreviewed} not read"
            for one in known
        ]
        emit({"languages": facts}, "\n".join(told), as_json=as_json)

    @texts.command()
    @click.argument("language")
    @_JSON
    def show(language: str, *, as_json: bool) -> None:
        """Show every text of a LANGUAGE with its name."""
        with opened(factory) as services:
            known = services.texts.desk.language(language)
        told = [
            f"{line.path}{'*' if line.is_own else ''}  {line.words}"
            for line in known.lines
        ]
        emit(_facts(known), "\n".join(told), as_json=as_json)


def _add_files(texts: click.Group, factory: Factory) -> None:
    @texts.command()
    @click.argument("language")
    @click.option("--output", type=click.Path(path_type=Path), help="Not the screen.")
    def export(language: str, output: Path | None) -> None:
        """Write the texts of a LANGUAGE as a file that ``import`` reads."""
        with opened(factory) as services:
            text = services.texts.exchange.written(language)
        if output is None:
            click.echo(text, nl=False)
            return
        output.write_text(text, encoding="utf-8")
        click.echo(f"The texts in {language} are in {output}.")

    @texts.command(name="import")
    @click.argument("file", type=_FILE)
    @click.option(
        "--over", "is_over", is_flag=True, help="Also over what was changed since."
    )
    @_JSON
    def take(file: Path, *, is_over: bool, as_json: bool) -> None:
        """Let a FILE say what is said from now on; it may be a new language."""
        from warning.texts.text_exchange import MAX_BYTES

        with file.open("rb") as opened_file:
            data = opened_file.read(MAX_BYTES + 1)
        with opened(factory) as services:
            taken = services.texts.exchange.take(
                data, name=file.name, by=operator_at_shell(), is_over=is_over
            )
        n = len(taken.changed)
        facts = {"language": taken.language, "changed": list(taken.changed)}
        emit(
            facts, f"Texts in {taken.language} that are changed: {n}.", as_json=as_json
        )


def _add_changes(texts: click.Group, factory: Factory) -> None:
    @texts.command(name="set")
    @click.argument("language")
    @click.argument("path")
    @click.argument("words")
    def write(language: str, path: str, words: str) -> None:
        """Let the text PATH, such as hazards.flood.act, say WORDS."""
        with opened(factory) as services:
            desk = services.texts.desk
            seen = desk.language(language).revision
            changed = desk.save(
                language, {path: words}, seen=seen, by=operator_at_shell()
            )
        click.echo(f"{path} is changed." if changed else f"{path} says so already.")

    @texts.command()
    @click.argument("language")
    @_PATHS
    @_ALL
    def back(language: str, paths: Sequence[str], *, is_all: bool) -> None:
        """Go back to the texts of the release."""
        with opened(factory) as services:
            desk = services.texts.desk
            known = desk.language(language)
            changed = desk.bring_back(
                language,
                _chosen(known, paths, is_all=is_all),
                seen=known.revision,
                by=operator_at_shell(),
            )
        click.echo(
            f"Texts in {language} that are those of the release again: {len(changed)}."
        )

    @texts.command()
    @click.argument("language")
    @_PATHS
    @_ALL
    def review(language: str, paths: Sequence[str], *, is_all: bool) -> None:
        """Note that you speak the LANGUAGE and have read texts that others wrote."""
        with opened(factory) as services:
            desk = services.texts.desk
            known = desk.language(language)
            read = desk.review(
                language,
                _chosen(known, paths, is_all=is_all),
                seen=known.revision,
                by=operator_at_shell(),
            )
        click.echo(f"Texts in {language} that are noted as read: {len(read)}.")


def _chosen(
    known: LanguageLines, paths: Sequence[str], *, is_all: bool
) -> Sequence[str]:
    """The texts that are meant.

    Raises
    ------
    click.UsageError
        If none is named, or some are and all are.
    """
    if bool(paths) == is_all:
        raise click.UsageError(
            "Name texts such as hazards.flood.act, or say --all for every one."
        )
    return [line.path for line in known.lines] if is_all else paths


def _facts(known: LanguageLines) -> dict[str, object]:
    return {
        "language": known.language,
        "revision": known.revision,
        "texts": [
            {
                "path": line.path,
                "text": line.words,
                "brought": line.brought,
                "reviewed": line.is_reviewed,
                "reviewed_by": line.read and line.read.by,
                "changed_by": line.changed and line.changed.by,
            }
            for line in known.lines
        ],
    }
