"""``tocsin recording``: what people have spoken for calls."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ops.console_output import emit
from ops.wiring.context import Factory, opened, operator_at_shell

if TYPE_CHECKING:
    from telephony.sound.recordings import Recording

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")
_SHOWN = 60


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [_recording(factory)]


def _recording(factory: Factory) -> click.Group:
    @click.group()
    def recording() -> None:
        """What people have spoken for calls."""

    @recording.command()
    @click.argument("file", type=_FILE)
    @click.option("--language", required=True, help="BCP 47, e.g. km.")
    @click.option("--key", default="", help="Key of a text of a script.")
    @click.option("--words", default="", help="The words, if they are an alert's own.")
    @_JSON
    def add(file: Path, *, language: str, key: str, words: str, as_json: bool) -> None:
        """Keep a WAV, MP3 or OGG file as the recording of a text."""
        from telephony.sound.decoding import MAX_BYTES
        from telephony.sound.service import Spoken

        with file.open("rb") as sound:
            data = sound.read(MAX_BYTES + 1)
        spoken = Spoken(language=language, key=key, words=words)
        with opened(factory) as services:
            kept = services.recordings.add(spoken, data, by=operator_at_shell())
        sentence = f"Kept, {kept.duration_ms / 1_000:.1f} s: {kept.words[:_SHOWN]}"
        emit(_facts(kept), sentence, as_json=as_json)

    @recording.command()
    @click.argument("number")
    @click.option("--language", required=True, help="BCP 47, e.g. km.")
    @click.option("--key", default="", help="Key of a text of a script.")
    @click.option("--words", default="", help="The words, if they are an alert's own.")
    @_JSON
    def call(
        number: str, *, language: str, key: str, words: str, as_json: bool
    ) -> None:
        """Have NUMBER called, to speak a text after the tone."""
        from telephony.sound.service import Spoken

        spoken = Spoken(language=language, key=key, words=words)
        with opened(factory) as services:
            calls = services.voice.recording_calls
            asked = calls.ask(spoken, number, by=operator_at_shell())
        sentence = f"Call {asked.number} is on its way: {asked.words[:_SHOWN]}"
        facts = {"call": asked.number, "state": asked.state.value, "words": asked.words}
        emit(facts, sentence, as_json=as_json)

    @recording.command(name="list")
    @_JSON
    def list_recordings(*, as_json: bool) -> None:
        """Show the recordings there are."""
        with opened(factory) as services:
            found = services.recordings.all()
        lines = [
            f"{one.language}  {one.key or '-'}  {one.duration_ms / 1_000:.1f} s  "
            f"{one.words[:_SHOWN]}"
            for one in found
        ]
        facts = {"recordings": [_facts(one) for one in found]}
        emit(facts, "\n".join(lines) or "No recordings.", as_json=as_json)

    return recording


def _facts(recording: Recording) -> dict[str, object]:
    return {
        "language": recording.language,
        "key": recording.key,
        "words": recording.words,
        "sound": recording.sound,
        "duration_ms": recording.duration_ms,
        "origin": recording.origin.value,
    }
