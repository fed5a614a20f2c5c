"""``tocsin scripts``: prove that what calls say can be used, and draw it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ops.console_output import emit
from ops.wiring.context import Factory

_NEW_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module; none of them needs a database."""
    del factory
    return [_scripts()]


def _scripts() -> click.Group:
    @click.group()
    def scripts() -> None:
        """Telephone scripts and the words of every language."""

    scripts.add_command(_check())
    scripts.add_command(_graph())
    return scripts


def _check() -> click.Command:
    @click.command()
    @click.option("--json", "as_json", is_flag=True, help="For machines.")
    @click.pass_context
    def check(context: click.Context, *, as_json: bool) -> None:
        """Prove that every call ends and every word exists in every language.

        Exit status 1, and one line for each defect, if not.
        """
        from ivr_scripts import checks
        from ivr_scripts.catalogue import load_catalogue

        catalogue = load_catalogue()
        problems = checks.check(catalogue.scripts, catalogue.texts)
        facts = {
            "is_usable": not problems,
            "scripts": sorted(catalogue.scripts),
            "languages": list(catalogue.languages),
            "problems": [{"where": one.where, "what": one.what} for one in problems],
        }
        found = [f"{one.where}: {one.what}" for one in problems]
        n_scripts, n_languages = len(catalogue.scripts), len(catalogue.languages)
        whole = f"{n_scripts} scripts in {n_languages} languages can be used."
        emit(facts, "\n".join(found) or whole, as_json=as_json)
        if problems:
            context.exit(1)

    return check


def _graph() -> click.Command:
    @click.command()
    @click.argument("name")
    @click.option("--language", default="en", show_default=True, help="BCP 47 tag.")
    @click.option("-o", "--output", type=_NEW_FILE, help="Instead of standard output.")
    def graph(name: str, language: str, output: Path | None) -> None:
        """Draw a script as SVG: boxes for steps, arrows for keys."""
        from ivr_scripts.catalogue import load_catalogue
        from ivr_scripts.errors import TextMissingError
        from ivr_scripts.graph import draw

        catalogue = load_catalogue()
        script = catalogue.script(name)
        if next(catalogue.chain(language), None) is None:
            known = ", ".join(catalogue.languages)
            raise TextMissingError(
                f"There are no texts in {language[:20]!r}; there are {known}."
            )
        picture = draw(script, catalogue, language)
        if output is None:
            click.echo(picture)
            return
        output.write_text(picture, encoding="utf-8")
        click.echo(f"{output} shows {name}.", err=True)

    return graph
