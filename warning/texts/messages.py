"""What an alert says to a person: one text and one set of spoken parts a language.

The words are the authority's. A short text made for phones (``CMAMlongtext``,
``Broadcast_Text``) is taken as it is; otherwise the text is put together in the order
that was tested best: source, hazard, place, guidance, time. Anything that is not Actual
starts with the drill word of its language.

An alert may speak of several areas, and of not all of them in every language. Its texts
speak of every area: in their language, or else in another one the alert has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from ivr_scripts.catalogue import load_catalogue
from telephony.delivery import OWN_SOUND, Content
from warning.alert import AlertCase
from warning.alert_places import Scope, scope_of
from warning.cap import Alert, CapStatus, Info
from warning.texts.bidi import arranged
from warning.texts.elements import (
    Elements,
    elements_of,
    headline_of,
    is_all_clear,
    source_of,
    until_words,
)
from warning.texts.fitting import cut, listed, one_line, sentence, units
from warning.texts.language_choice import (
    choose_language,
    drill_word,
    words_for,
)
from warning.texts.manner import PLAIN, Manner
from warning.texts.message_templates import MessageTemplates
from warning.texts.sms_parts import in_plain_characters
from warning.texts.text_slots import Notice
from warning.validity import end_of, latest_end

#: Both telcos refuse a longer text message; UTF-16 units.
MAX_SMS_CHARACTERS = 1_600
#: Parameters that carry a text made for phones, the fullest first.
PHONE_TEXT_PARAMETERS = ("CMAMlongtext", "Broadcast_Text", "CMAMtext")
#: Variants that only tell what became of an alert.
NOTICES = frozenset({"released", "all_clear", "withdrawal", "correction"})
#: A description shorter than this says nothing.
_MIN_DESCRIPTION = 40
#: Nobody listens to more in a call.
_MAX_SPOKEN = 1_000
_MAX_PLACES = 200
#: Every other event uses the generic script.
_FLOOD = "flood"
#: Parameter by which an alert asks people something instead of warning them, and what
#: it may ask: whether they are safe.
SCRIPT_PARAMETER = "TocsinScript"
CHECK_IN = "check_in"
#: What is said in place of an end that nobody has named.
_NO_END = "sms.until_further_notice"


@dataclass(frozen=True, slots=True)
class Message:
    """What is said in one language, and until when it may be."""

    content: Content
    #: Aware.
    valid_until: datetime


def messages_of(case: AlertCase, manner: Manner = PLAIN) -> list[Message]:
    """What an alert says, one a language, in the order of its infos.

    Parameters
    ----------
    case : AlertCase
        With at least one info.
    manner : Manner
        How it is put.
    """
    languages = dict.fromkeys(info.language for info in case.cap.infos)
    scopes = _scopes(case.cap.infos)
    return [
        _message(case, _infos_in(language, scopes), language, manner)
        for language in languages
    ]


def sms_text(infos: Sequence[Info], case: AlertCase, manner: Manner = PLAIN) -> str:
    """The whole text message about some infos, at most ``MAX_SMS_CHARACTERS`` long.

    What does not fit ends after a whole word; the guidance comes before what may be
    cut, and no info takes the room of another.
    """
    language = infos[0].language
    prefix = drill_prefix(case.cap.status, language)
    if manner.is_update:
        prefix += update_words(language, manner.texts) + " "
    # Marks for the direction of writing are put in last and need a little room.
    room = MAX_SMS_CHARACTERS - 50 - units(prefix) - (len(infos) - 1)
    sections = dict.fromkeys(
        phone_text(info, room // len(infos))
        or _composed(info, case.cap, room // len(infos), manner)
        for info in infos
    )
    text = arranged(prefix + " ".join(sections), language)
    return cut(in_plain_characters(text), MAX_SMS_CHARACTERS)


def spoken_parts(
    infos: Sequence[Info], case: AlertCase, manner: Manner = PLAIN
) -> dict[str, str]:
    """What the prompts of a warning script need, in the language of the infos."""
    language = infos[0].language
    prefix = drill_prefix(case.cap.status, language)
    places = [one_line(area.area_desc) for info in infos for area in info.areas]
    events = [headline_of(info) for info in infos]
    told = (
        [update_words(language, manner.texts), *events] if manner.is_update else events
    )
    sound = manner.sounds.of(case.cap, infos)
    return {
        "source": prefix + source_of(infos[0], case.cap),
        "event": _joined(told),
        "area": listed(places, _MAX_PLACES) or headline_of(infos[0]),
        "instruction": _joined([_to_do(info, case.cap, manner) for info in infos]),
        "until": _end_in_words(infos, case.cap, manner.zone),
        **({} if sound is None else {OWN_SOUND: sound}),
    }


def script_of(cap: Alert, manner: Manner = PLAIN) -> str:
    """The IVR script that fits an alert: a drill says so before anything else."""
    if cap.status is not CapStatus.ACTUAL:
        return "drill"
    if manner.variant in NOTICES:
        return "notice"
    if is_all_clear(cap):
        return "all_clear"
    if {info.parameter(SCRIPT_PARAMETER) for info in cap.infos} == {(CHECK_IN,)}:
        return CHECK_IN
    is_flood = any(_FLOOD in info.event.casefold() for info in cap.infos)
    return "flood_warning" if is_flood else "warning"


def drill_prefix(status: CapStatus, language: str) -> str:
    """The drill word, twice, for everything that is not Actual; else nothing."""
    if status is CapStatus.ACTUAL:
        return ""
    word = drill_word(language)
    return f"{word} {word}: "


def update_words(language: str, texts: MessageTemplates) -> str:
    """What goes before the text of an update, for those who were told before."""
    return texts.nearest(language).notices[Notice.UPDATE].says


def phone_text(info: Info, room: int) -> str:
    """The text that the authority made for phones; empty if there is none."""
    for name in PHONE_TEXT_PARAMETERS:
        for value in info.parameter(name):
            if value.strip():
                return cut(value.strip(), room)
    return ""


def _message(
    case: AlertCase, infos: Sequence[Info], language: str, manner: Manner
) -> Message:
    content = Content(
        owner_ref=case.owner_ref,
        variant=manner.variant + manner.places,
        language=language,
        sms_text=sms_text(infos, case, manner),
        script=script_of(case.cap, manner),
        variables=spoken_parts(infos, case, manner),
    )
    return Message(content, latest_end(infos, case.cap))


def _infos_in(language: str, scopes: Mapping[Scope, list[Info]]) -> list[Info]:
    """What is to be said to those who are told in a language, its own infos first."""
    chosen = []
    for infos in scopes.values():
        available = list(dict.fromkeys(info.language for info in infos))
        # What the alert says first is in the language of its country, as a rule.
        nearest = choose_language(language, available, country_default=available[0])
        chosen += [info for info in infos if info.language == nearest]
    different = list({id(info): info for info in chosen}.values())
    return sorted(different, key=lambda info: info.language != language)


def _scopes(infos: Sequence[Info]) -> dict[Scope, list[Info]]:
    """Infos by what they aim at; those without a shape speak of whatever there is."""
    aims = {id(info): scope_of(info.areas) for info in infos}
    scopes = dict.fromkeys(scope for scope in aims.values() if scope)
    return {
        scope: [info for info in infos if aims[id(info)] in {scope, frozenset()}]
        for scope in scopes or [frozenset()]
    }


def _composed(info: Info, alert: Alert, room: int, manner: Manner) -> str:
    """Source, hazard, place, guidance, time, and as much description as fits."""
    says = elements_of(info, alert, manner)
    head = [sentence(part) for part in (says.source, says.hazard, says.place)]
    end = sentence(_until_sentence(info, alert, says))
    left = room - sum(units(part) + 1 for part in (*head, end))
    guidance = sentence(cut(says.guidance, left - 1))
    left -= units(guidance) + 1
    description = one_line(info.description) if left > _MIN_DESCRIPTION else ""
    parts = (*head, guidance, end, sentence(cut(description, left - 2)))
    return cut(" ".join(part for part in parts if part), room)


def _until_sentence(info: Info, alert: Alert, says: Elements) -> str:
    """Until when it holds. The day for which we deliver it is no end of its own."""
    is_open = info.expires is None and not is_all_clear(alert)
    time = words_for(_NO_END, info.language) if is_open else says.time
    label = words_for("warning.until", info.language)
    return f"{label} {time}".strip() if time else ""


def _end_in_words(infos: Sequence[Info], alert: Alert, zone: tzinfo | None) -> str:
    """Until when, for a prompt in the language of the infos or the nearest of ours."""
    if any(info.expires is None for info in infos):
        known = load_catalogue()
        return known.texts[known.nearest(infos[0].language)].prompts[_NO_END]
    last = max(infos, key=lambda info: end_of(info, alert))
    return until_words(last, alert, zone=zone, is_spoken=True)


def _to_do(info: Info, alert: Alert, manner: Manner) -> str:
    """What to do; else what is known, for a call may not end in silence."""
    guidance = elements_of(info, alert, manner).guidance
    return guidance or one_line(info.description) or headline_of(info)


def _joined(texts: Sequence[str]) -> str:
    """Different texts as sentences; a single one as it is."""
    different = list(dict.fromkeys(text for text in texts if text))
    if len(different) == 1:
        return cut(different[0], _MAX_SPOKEN)
    return cut(" ".join(sentence(text) for text in different), _MAX_SPOKEN)
