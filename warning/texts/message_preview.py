"""What people would read and hear, before anybody is told.

For each language: the exact text and what it costs, what a call would say, what the
alert does not say, and where the words come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr_scripts.catalogue import Catalogue, load_catalogue
from ivr_scripts.model import Prompt
from telephony.delivery import OWN_SOUND, Content
from warning.alert import AlertCase
from warning.cap import Alert, Info
from warning.texts.bidi import is_right_to_left
from warning.texts.elements import Element, Elements, Origin, elements_of
from warning.texts.fitting import sentence
from warning.texts.hazards import Hazard, Level
from warning.texts.language_choice import choose_language
from warning.texts.manner import PLAIN, Manner
from warning.texts.message_templates import LanguageTexts
from warning.texts.messages import (
    Message,
    drill_prefix,
    messages_of,
    phone_text,
    update_words,
)
from warning.texts.short_forms import ShortForm, short_forms
from warning.texts.sms_parts import SmsParts, outside_gsm_7, sms_parts

#: The longest text for phones that is looked for.
_ROOM = 1_600


@dataclass(frozen=True, kw_only=True, slots=True)
class TextPreview:
    """What is said in one language."""

    language: str
    is_right_to_left: bool
    sms_text: str
    parts: SmsParts
    #: Characters that make the text cost more: outside the phone alphabet.
    costly: tuple[str, ...]
    sms_from: Origin
    voice_text: str
    #: ``AUDIO`` if calls play a recording that came with the alert; ``voice_text`` is
    #: what they say should it be lost.
    voice_from: Origin
    #: Name of that recording.
    sound: str | None
    #: None if nothing says what to do.
    guidance_from: Origin | None
    #: Whether words of ours are in it that no speaker of the language has read.
    is_unreviewed: bool
    missing_elements: tuple[Element, ...]
    forms: tuple[ShortForm, ...]
    #: Aware.
    valid_until: datetime

    def as_dict(self) -> dict[str, object]:
        """Return it as JSON-ready values, the same everywhere it is asked."""
        return {
            "language": self.language,
            "right_to_left": self.is_right_to_left,
            "sms_text": self.sms_text,
            "encoding": self.parts.encoding.value,
            "parts": self.parts.n_parts,
            "units": self.parts.n_units,
            "left": self.parts.n_left,
            "costly_characters": list(self.costly),
            "sms_from": self.sms_from.value,
            "voice_text": self.voice_text,
            "voice_from": self.voice_from.value,
            "sound": self.sound,
            "guidance_from": self.guidance_from and self.guidance_from.value,
            "unreviewed": self.is_unreviewed,
            "missing_elements": [one.value for one in self.missing_elements],
            "forms": [form.as_dict() for form in self.forms],
            "valid_until": self.valid_until.isoformat(),
        }


def previews_of(case: AlertCase, manner: Manner = PLAIN) -> list[TextPreview]:
    """What an alert would say, one a language, in the order of its infos."""
    return [_preview(case, message, manner) for message in messages_of(case, manner)]


def told_in(
    languages: Iterable[str], available: Sequence[str], *, country_default: str
) -> dict[str, str]:
    """In which language the speakers of each would be told.

    Parameters
    ----------
    languages : iterable of str
        What people have registered, BCP 47.
    available : sequence of str
        What the alert says something in, at least one.
    country_default : str
        The country's main language.
    """
    return {
        wanted: choose_language(wanted, available, country_default=country_default)
        for wanted in languages
    }


def spoken_text(content: Content, scripts: Catalogue) -> str:
    """What a call says before it asks for a key."""
    script = scripts.script(content.script)
    language = scripts.nearest(content.language)
    pieces = (
        (key, scripts.wording(Prompt(language, key), content.variables).text)
        for key in script.steps[script.start].say
    )
    # What the alert says is no sentence of ours and may lack its stop.
    return " ".join(
        sentence(text) if key.startswith("$") else text for key, text in pieces if text
    )


def _preview(case: AlertCase, message: Message, manner: Manner) -> TextPreview:
    content = message.content
    infos = [one for one in case.cap.infos if one.language == content.language]
    says = [elements_of(info, case.cap, manner) for info in infos]
    missing = {element for one in says for element in one.missing}
    origins = {one.guidance_from for one in says}
    return TextPreview(
        language=content.language,
        is_right_to_left=is_right_to_left(content.language),
        sms_text=content.sms_text,
        parts=sms_parts(content.sms_text),
        costly=outside_gsm_7(content.sms_text),
        sms_from=_sms_origin(infos),
        voice_text=spoken_text(content, load_catalogue()),
        voice_from=_voice_origin(content),
        sound=content.variables.get(OWN_SOUND),
        guidance_from=_worst(origins),
        is_unreviewed=_is_unreviewed(infos, says, manner),
        missing_elements=tuple(one for one in Element if one in missing),
        forms=_forms(case.cap, infos, says, manner),
        valid_until=message.valid_until,
    )


def _forms(
    cap: Alert, infos: Sequence[Info], says: Sequence[Elements], manner: Manner
) -> tuple[ShortForm, ...]:
    """Short forms of the first info: several do not go into one short text."""
    language = infos[0].language
    prefix = drill_prefix(cap.status, language)
    if manner.is_update:
        prefix += update_words(language, manner.texts) + " "
    return short_forms(says[0], language=language, prefix=prefix, manner=manner)


def _sms_origin(infos: Sequence[Info]) -> Origin:
    made = all(phone_text(info, _ROOM) for info in infos)
    return Origin.PHONE_TEXT if made else Origin.INFO


def _voice_origin(content: Content) -> Origin:
    return Origin.AUDIO if OWN_SOUND in content.variables else Origin.INFO


def _worst(origins: set[Origin | None]) -> Origin | None:
    if None in origins:
        return None
    return Origin.TEMPLATE if Origin.TEMPLATE in origins else Origin.INFO


def _is_unreviewed(
    infos: Sequence[Info], says: Sequence[Elements], manner: Manner
) -> bool:
    """Whether words of ours are in it that no speaker of the language has read.

    By the words: whoever asked for ours has them as their own instruction.
    """
    own = manner.texts.find(infos[0].language)
    if own is None or own.is_reviewed:
        return False
    used = {one.guidance for one in says}
    for told in own.notices.values():
        if told.do in used:
            used.add(told.says)
    if manner.is_update:
        used.add(update_words(own.language, manner.texts))
    return any(map(own.is_unreviewed, used)) or any(
        _has_unread_headline(info, own) for info in infos
    )


def _has_unread_headline(info: Info, own: LanguageTexts) -> bool:
    """Whether the headline is one of ours, of words that nobody has read."""
    return any(
        own.headline(hazard, level, area.area_desc) == info.headline
        for hazard in Hazard
        for level in Level
        for area in info.areas[:1]
        if {f"words.headline_{level.value}", f"hazards.{hazard.value}.name"}
        & own.unreviewed
    )
