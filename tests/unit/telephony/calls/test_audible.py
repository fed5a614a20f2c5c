"""Nobody is offered a language and then spoken to in another."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from ivr_scripts.catalogue import LanguageLookup, Wording, load_catalogue
from ivr_scripts.errors import LookupMissingError
from ivr_scripts.model import LookupRequest, Option
from telephony.calls.audible import AudibleLanguages
from telephony.calls.twiml import Dialect

CATALOGUE = load_catalogue()
LANGUAGES = LookupRequest("languages", "en")


@dataclass
class Voices:
    """Languages that somebody has recorded, or that a computer speaks."""

    recorded_in: set[str] = field(default_factory=set)
    rendered_in: set[str] = field(default_factory=set)

    def recorded(self, wording: Wording) -> str | None:
        return "https://t.example/r" if wording.language in self.recorded_in else None

    def rendered(self, wording: Wording) -> str | None:
        return "https://t.example/c" if wording.language in self.rendered_in else None

    def named(self, name: str) -> str | None:
        return None

    def edition(self) -> object:
        return 0


class Places:
    """A list from outside that is none of languages."""

    def options(self, request: LookupRequest) -> list[Option]:
        return [Option("1201", "កំពត")]

    def name(self, pick: str, value: str, language: str) -> str:
        return f"{pick} {value} {language}"


def offered(
    voices: Voices, dialect: Dialect = Dialect.TWILIO, tags: tuple[str, ...] = ()
) -> list[str]:
    lookup = AudibleLanguages(
        lookup=LanguageLookup(CATALOGUE, tags),
        catalogue=CATALOGUE,
        sounds=voices,
        dialect=dialect,
    )
    return [one.value for one in lookup.options(LANGUAGES)]


def test_what_no_voice_speaks_is_not_offered() -> None:
    """Khmer without a recording; of Vietnamese Somleng has no voice either."""
    assert "km" not in offered(Voices())
    assert "vi" in offered(Voices())
    assert "vi" not in offered(Voices(), Dialect.SOMLENG)


def test_a_recording_or_a_computers_voice_is_enough() -> None:
    """In the order in which they stand in the list."""
    tags = ("km", "vi", "en")
    somleng = Dialect.SOMLENG
    assert offered(Voices({"km"}), somleng, tags) == ["km", "en"]
    assert offered(Voices(set(), {"vi"}), somleng, tags) == ["vi", "en"]


def test_other_lists_are_left_alone() -> None:
    """A place has a name in one language, whoever can speak it."""
    lookup = AudibleLanguages(
        lookup=Places(), catalogue=CATALOGUE, sounds=Voices(), dialect=Dialect.TWILIO
    )
    (one,) = lookup.options(LookupRequest("places", "km"))
    assert one.value == "1201"
    assert lookup.name("place", "1201", "km") == "place 1201 km"


def test_a_list_that_nobody_offers_is_still_missing() -> None:
    """A script that asks for it is told so."""
    lookup = AudibleLanguages(
        lookup=LanguageLookup(CATALOGUE),
        catalogue=CATALOGUE,
        sounds=Voices(),
        dialect=Dialect.TWILIO,
    )
    with pytest.raises(LookupMissingError):
        lookup.options(LookupRequest("places", "en"))
