"""In whose voice a prompt is heard."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from ivr_scripts.catalogue import Wording, load_catalogue
from ivr_scripts.model import Prompt
from telephony.calls.spoken import SpokenSource
from telephony.calls.twiml import Audio, Dialect, Speech

RECORDED = "https://warn.example/a.wav"
RENDERED = "https://warn.example/computer.wav"


@dataclass
class FakeSounds:
    """Languages in which everything was recorded, and that a computer speaks."""

    recorded_in: set[str] = field(default_factory=set)
    rendered_in: set[str] = field(default_factory=set)

    def recorded(self, wording: Wording) -> str | None:
        return RECORDED if wording.language in self.recorded_in else None

    def rendered(self, wording: Wording) -> str | None:
        return RENDERED if wording.language in self.rendered_in else None


def source(
    recorded: AbstractSet[str] = frozenset(),
    rendered: AbstractSet[str] = frozenset(),
    dialect: Dialect = Dialect.TWILIO,
) -> SpokenSource:
    words = {"en": {"area": "Kandal"}, "km": {"area": "កណ្តាល"}, "fr": {"area": "ici !"}}
    words["vi"] = words["en"]
    sounds = FakeSounds(set(recorded), set(rendered))
    return SpokenSource(load_catalogue(), words.__getitem__, sounds, dialect)


def test_the_source_prefers_a_recording() -> None:
    """A voice of the place is better understood than a machine."""
    spoken = source(recorded={"en", "km"}, rendered={"en", "km"})

    assert spoken(Prompt("en", "common.goodbye")) == Audio(RECORDED)
    assert spoken(Prompt("km", "$area")) == Audio(RECORDED)


def test_the_telcos_voice_comes_before_a_computers() -> None:
    """Somleng has no Vietnamese voice, Twilio has; espeak-ng is the plainest of all."""
    prompt = Prompt("vi", "common.goodbye")

    assert isinstance(source(rendered={"vi"})(prompt), Speech)
    somleng = source(rendered={"vi"}, dialect=Dialect.SOMLENG)
    assert somleng(prompt) == Audio(RENDERED)


def test_the_language_fallen_back_on_is_played_where_it_was_recorded() -> None:
    """What is recorded in English is heard by those whose language nobody speaks."""
    assert source(recorded={"en"})(Prompt("km", "$area")) == Audio(RECORDED)


def test_the_source_falls_back_where_nobody_speaks_the_language() -> None:
    """Without a recording the call goes on in a language that has a voice."""
    spoken = source()

    assert spoken(Prompt("km", "common.goodbye")) == Speech("Goodbye.", "en")
    assert spoken(Prompt("km", "$area")) == Speech("Kandal.", "en")
    assert spoken(Prompt("km", text="Takeo")) == Speech("Takeo.", "en")


def test_the_source_ends_words_of_the_operator_with_a_stop() -> None:
    """Where it happens and what to do must not run into one another."""
    spoken = source()

    assert spoken(Prompt("en", "$area")) == Speech("Kandal.", "en")
    assert spoken(Prompt("fr", "$area")) == Speech("ici !", "fr")
    assert spoken(Prompt("en", "press.1")) == Speech("Press 1", "en")
