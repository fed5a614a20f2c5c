"""Which hazard an alert is about, by its codes and by the words of its event."""

from __future__ import annotations

import pytest

from tests.use_cases.warning.world import an_info
from warning.cap import NamedValue
from warning.texts.hazard_recognition import hazard_of
from warning.texts.hazards import Hazard
from warning.texts.text_files import brought_templates


@pytest.mark.parametrize(
    ("event", "language", "hazard"),
    [
        ("Flash Flood Warning", "en-US", "flash_flood"),
        ("FLOOD", "en", "flood"),
        ("Flood/Inondation", "fr", "flood"),
        ("Storm surge", "en", "flood"),
        ("Severe Thunderstorm", "en", "storm"),
        ("Avis de tempête", "fr-CA", "storm"),
        ("Tormenta tropical", "es", "storm"),
        ("Varsel om oversvømmelse", "da", "flood"),
        ("ទឹកជំនន់នៅកំពង់ចាម", "km", "flood"),
        ("الفيضانات", "ar", "flood"),
        ("Tsunami", "th", "tsunami"),
        ("Bushfire (Advice)", "en-AU", "wildfire"),
        ("Dam failure", "en", "dam_break"),
        ("AMBER Alert", "en", "missing_child"),
        ("Earthquake", "en", "earthquake"),
        ("Heat wave", "en", "heat"),
        ("Landslide", "en", "landslide"),
        ("Gas leak", "en", "chemical"),
    ],
)
def test_the_words_of_the_event_tell(event: str, language: str, hazard: str) -> None:
    """In the language of the info or in English; the longest phrase wins."""
    assert hazard_of(
        an_info(event=event, language=language), brought_templates()
    ) is Hazard(hazard)


@pytest.mark.parametrize(
    "event",
    [
        "Geomagnetic storm",
        "Wind chill",
        "Extreme cold and wind",
        "Floodlight failure",
        "Avalanche",
        "Ash fall",
        "",
        " ",
    ],
)
def test_what_is_not_ours_stays_unknown(event: str) -> None:
    """Guidance for the wrong hazard is worse than none."""
    assert hazard_of(an_info(event=event), brought_templates()) is None


@pytest.mark.parametrize(
    ("name", "value", "hazard"),
    [
        ("SAME", "FFW", "flash_flood"),
        ("SAME", "TOR", "storm"),
        ("SAME", "CAE", "missing_child"),
        ("profile:CAP-CP:Event:0.4", "flashFlood", "flash_flood"),
        ("profile:CAP-CP:Event:0.4", "forestFire", "wildfire"),
    ],
)
def test_event_codes_tell_before_words(name: str, value: str, hazard: str) -> None:
    """Codes mean the same in every language."""
    info = an_info(event="Heat", event_codes=(NamedValue(name, value),))
    assert hazard_of(info, brought_templates()) is Hazard(hazard)


def test_an_unknown_code_leaves_the_word_to_tell() -> None:
    """Most profiles have codes of their own."""
    codes = (NamedValue("SAME", "XYZ"), NamedValue("own", "77"))
    assert (
        hazard_of(an_info(event="Heat", event_codes=codes), brought_templates())
        is Hazard.HEAT
    )


def test_meteoalarms_awareness_type_tells() -> None:
    """Its events are in forty languages, this parameter is not."""
    parameters = (NamedValue("awareness_type", "12; flooding"),)
    info = an_info(event="Ujë", language="sq", parameters=parameters)
    assert hazard_of(info, brought_templates()) is Hazard.FLOOD


@pytest.mark.parametrize("language", sorted(brought_templates().texts))
def test_our_own_names_are_recognised(language: str) -> None:
    """What an operator picks in a form is known again when it comes back as CAP."""
    for hazard, texts in brought_templates().texts[language].hazards.items():
        assert (
            hazard_of(an_info(event=texts.name, language=language), brought_templates())
            is hazard
        )
