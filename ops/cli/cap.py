"""``tocsin cap`` and ``tocsin message``: what a document says before it is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from ops.console_output import emit
from ops.wiring.context import Factory, opened

if TYPE_CHECKING:
    from ops.config.settings import Settings
    from ops.wiring.services import Services
    from warning.cap_documents.cap_gate import CapGate
    from warning.cap_documents.target import GeocodeLookup
    from warning.texts.message_desk import MessageDesk, Wording
    from warning.texts.message_preview import TextPreview


W = TypeVar("W", bound=StrEnum)

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_cap(factory), _message(factory)]


def _cap(factory: Factory) -> click.Group:
    @click.group()
    def cap() -> None:
        """Common Alerting Protocol."""

    @cap.command()
    @click.argument("files", nargs=-1, required=True, type=_FILE)
    @click.option("--json", "as_json", is_flag=True, help="JSON also on failure.")
    def check(files: Sequence[Path], *, as_json: bool) -> None:
        """Judge CAP files: exit 0 and JSON, or exit 1 and every defect.

        A file is good if it can be read and no defect blocks it. Whether it also says
        where people are to be warned is in the JSON: "targetable". Codes of areas are
        looked up in the database, if there is one.
        """
        with _ground(factory) as ground:
            verdicts = [
                verdict
                for file in files
                for verdict in ground.gate.check_all(
                    file.read_bytes(), filename=str(file)
                )
            ]
        is_good = all(verdict.usable for verdict in verdicts)
        if is_good or as_json:
            found = [verdict.as_dict() for verdict in verdicts]
            alone = found[0] if len(found) == 1 else found
            click.echo(json.dumps(alone, ensure_ascii=False, indent=2))
        else:
            for verdict in verdicts:
                for defect in verdict.defects:
                    click.echo(f"{verdict.file}: {defect}")
        if not is_good:
            click.get_current_context().exit(1)

    return cap


def _message(factory: Factory) -> click.Group:
    @click.group()
    def message() -> None:
        """What people read and hear."""

    @message.command()
    @click.argument("file", type=_FILE)
    @_JSON
    def preview(file: Path, *, as_json: bool) -> None:
        """Show what people would read and hear of a CAP file, language by language."""
        with _ground(factory) as ground:
            wording = _desk(ground).of_cap(file.read_bytes())
        _show(wording, as_json=as_json)

    @message.command()
    @click.argument("hazard")
    @click.option("--severity", default="Severe", help="As in CAP.  [default: Severe]")
    @click.option(
        "--place", "places", multiple=True, required=True, help="Such as en=Kandal."
    )
    @click.option("--source", required=True, help="Who warns.")
    @click.option("--until", type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]))
    @_JSON
    def template(
        hazard: str,
        severity: str,
        places: Sequence[str],
        source: str,
        until: datetime | None,
        *,
        as_json: bool,
    ) -> None:
        """Show our own texts for a HAZARD, such as flood or dam_break."""
        from warning.cap import Severity
        from warning.texts.hazards import Hazard
        from warning.texts.template_alert import TemplateChoice

        choice = TemplateChoice(
            hazard=_one_of(Hazard, hazard, "HAZARD"),
            severity=_one_of(Severity, severity, "--severity"),
            places=dict(_named(place) for place in places),
            source=source,
            expires=until,
        )
        with _ground(factory) as ground:
            wording = _desk(ground).of_choice(choice)
        _show(wording, as_json=as_json)

    return message


@dataclass(frozen=True, slots=True)
class _Ground:
    """What judging and wording need; the database is opened when it is asked for."""

    settings: Settings
    gate: CapGate
    #: None without a database of this release.
    services: Callable[[], Services | None]


@contextmanager
def _ground(factory: Factory) -> Iterator[_Ground]:
    """What judges documents; the database is opened only for what stands in it."""
    from ops.clock import Clock
    from ops.config.settings_sources import load_settings
    from ops.wiring.cap_parts import build_gate

    settings = load_settings()
    with ExitStack() as stack:
        known = cache(lambda: _services(factory, settings, stack))
        gate = build_gate(settings, now=Clock().now, codes=lambda: _codes(known()))
        yield _Ground(settings, gate, known)


def _services(
    factory: Factory, settings: Settings, stack: ExitStack
) -> Services | None:
    """The services over the database; None without one."""
    from ops.errors import DatabaseNotReadyError
    from ops.processes.single_instance import database_file

    file = database_file(settings)
    if file is not None and not file.exists():
        return None
    try:
        return stack.enter_context(opened(factory, settings=settings))
    except DatabaseNotReadyError:
        return None


def _codes(services: Services | None) -> GeocodeLookup:
    """Look codes up in the database; without one none is known."""
    if services is None:
        return lambda *_: None
    return services.registry().areas.by_geocode


def _desk(ground: _Ground) -> MessageDesk:
    """Puts alerts into words: the authority's, if there is a database with any."""
    from ops.clock import Clock
    from ops.wiring.alert_parts import plain_manners
    from warning.texts.message_desk import MessageDesk

    services, settings = ground.services(), ground.settings
    if services is not None:
        return services.messages
    return MessageDesk(
        gate=ground.gate,
        sender=settings.cap_sender,
        country_language=settings.default_language,
        now=Clock().now,
        manners=plain_manners(settings),
    )


def _one_of(words: type[W], word: str, where: str) -> W:
    """Return the word that is meant, in any letters.

    Raises
    ------
    click.BadParameter
        If it is none of them; names them.
    """
    told = {one.value.casefold(): one for one in words}
    if word.casefold() not in told:
        known = ", ".join(words)
        raise click.BadParameter(f"{word!r} is none of {known}.", param_hint=where)
    return told[word.casefold()]


def _named(place: str) -> tuple[str, str]:
    """Read ``en=Kandal``.

    Raises
    ------
    click.BadParameter
        If it is something else.
    """
    language, equals, name = place.partition("=")
    if not equals or not language or not name:
        raise click.BadParameter(
            f"{place!r} is not LANGUAGE=NAME", param_hint="--place"
        )
    return language, name


def _show(wording: Wording, *, as_json: bool) -> None:
    facts = {
        "items": [text.as_dict() for text in wording.texts],
        "told_in": dict(wording.told_in),
    }
    lines = [line for text in wording.texts for line in _lines(text)]
    for wanted, told in wording.told_in.items():
        if wanted != told:
            lines.append(f"Speakers of {wanted} are told in {told}.")
    emit(facts, "\n".join(lines), as_json=as_json)


def _lines(text: TextPreview) -> Iterator[str]:
    parts = text.parts
    yield f"{text.language}: {parts.n_parts} parts, {parts.encoding.value}"
    yield f"  text: {text.sms_text}"
    heard = "the sound that came with it; else " if text.sound else ""
    yield f"  call: {heard}{text.voice_text}"
    if text.missing_elements:
        yield f"  not said: {', '.join(text.missing_elements)}"
