"""What an alert says to a person: one text and one set of spoken parts a language.

The words are the authority's. A short text made for phones (``CMAMlongtext``,
``Broadcast_Text``) is taken as it is; otherwise the text is put together in the order
that was tested best: source, hazard, place, guidance, time. Anything that is not Actual
starts with the drill word of its language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime

from telephony.delivery import Content
from warning.alert import AlertCase
from warning.cap import CapStatus, Info

#: Both telcos refuse a longer text message.
MAX_SMS_CHARACTERS = 1600
#: Parameters that carry a text made for phones, the fullest first.
PHONE_TEXT_PARAMETERS = ("CMAMlongtext", "Broadcast_Text", "CMAMtext")
#: What a text starts with that is not meant in earnest.
DRILL_WORDS: Mapping[str, str] = {
    "en": "EXERCISE",
    "km": "សមយុទ្ធ",
    "da": "ØVELSE",
    "es": "SIMULACRO",
    "fr": "EXERCICE",
    "vi": "DIỄN TẬP",
    "ar": "تمرين",
}
#: Used when neither the person's nor the country's language is available.
LAST_RESORT = "en"
#: Names of the IVR scripts by event; every other event uses the generic one.
_FLOOD_WORDS = ("flood", "flash flood")


def contents_of(case: AlertCase, *, variant: str = "warning") -> list[Content]:
    """The texts of an alert, one a language, in the order of its infos.

    Parameters
    ----------
    case : AlertCase
        With at least one info.
    variant : str
        Which of the alert's texts these are.
    """
    by_language: dict[str, Content] = {}
    for info in case.cap.infos:
        if info.language not in by_language:
            by_language[info.language] = Content(
                owner_ref=case.owner_ref,
                variant=variant,
                language=info.language,
                sms_text=sms_text(info, case),
                script=script_of(case.cap.infos),
                variables=spoken_parts(info, case),
            )
    return list(by_language.values())


def sms_text(info: Info, case: AlertCase) -> str:
    """The whole text message of one info, at most ``MAX_SMS_CHARACTERS`` long.

    A text that is too long ends after its last whole word; the guidance comes before
    what may be cut.
    """
    prefix = drill_prefix(case.cap.status, info.language)
    ready = _phone_text(info)
    if ready is not None:
        return _fit(prefix + ready)
    parts = (
        info.sender_name or case.cap.sender,
        info.headline or info.event,
        ", ".join(area.area_desc for area in info.areas),
        info.instruction,
        until_words(info),
        info.description,
    )
    sentences = [part.strip().rstrip(".") for part in parts if part and part.strip()]
    return _fit(prefix + ". ".join(sentences) + ".")


def spoken_parts(info: Info, case: AlertCase) -> dict[str, str]:
    """What the prompts of a warning script need, in the language of the info."""
    prefix = drill_prefix(case.cap.status, info.language)
    return {
        "source": prefix + (info.sender_name or case.cap.sender),
        "event": info.headline or info.event,
        "area": ", ".join(area.area_desc for area in info.areas),
        "instruction": info.instruction or info.description or "",
        "until": until_words(info),
    }


def script_of(infos: Sequence[Info]) -> str:
    """The IVR script that fits the event of an alert."""
    events = " ".join(info.event.casefold() for info in infos)
    is_flood = any(word in events for word in _FLOOD_WORDS)
    return "flood_warning" if is_flood else "warning"


def until_words(info: Info) -> str:
    """When the message ends, in words of its language and at the sender's clock."""
    if info.expires is None:
        return ""
    return format_datetime(
        info.expires, "EEEE d MMMM HH:mm", tzinfo=info.expires.tzinfo,
        locale=_locale(info.language),
    )  # fmt: skip


def drill_prefix(status: CapStatus, language: str) -> str:
    """The drill word, twice, for everything that is not Actual; else nothing."""
    if status is CapStatus.ACTUAL:
        return ""
    word = DRILL_WORDS.get(primary(language), DRILL_WORDS[LAST_RESORT])
    return f"{word} {word}: "


def choose_language(
    wanted: str, available: Sequence[str], *, country_default: str
) -> str:
    """The language in which a person is told.

    The person's own, then the same without region or script, then the country's
    default, then English, then the first there is.

    Parameters
    ----------
    wanted : str
        The person's BCP 47 tag.
    available : sequence of str
        Languages the alert has, at least one.

    Examples
    --------
    >>> choose_language("vi", ["km", "en-US"], country_default="km")
    'km'
    >>> choose_language("en-GB", ["km", "en-US"], country_default="km")
    'en-US'
    """
    for tag in (wanted, country_default, LAST_RESORT):
        for match in _matches(tag, available):
            return match
    return available[0]


def primary(language: str) -> str:
    """The primary subtag: ``en`` of ``en-US``."""
    return language.partition("-")[0].casefold()


def _matches(tag: str, available: Sequence[str]) -> Iterator[str]:
    yield from (have for have in available if have.casefold() == tag.casefold())
    yield from (have for have in available if primary(have) == primary(tag))


def _phone_text(info: Info) -> str | None:
    for name in PHONE_TEXT_PARAMETERS:
        for value in info.parameter(name):
            if value.strip():
                return value.strip()
    return None


def _fit(text: str) -> str:
    if len(text) <= MAX_SMS_CHARACTERS:
        return text
    head = text[: MAX_SMS_CHARACTERS - 1]
    return head[: head.rfind(" ")].rstrip() + "…"


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(primary(language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(LAST_RESORT)


def valid_until(case: AlertCase) -> datetime | None:
    """When the last of an alert's infos expires; None if one never does."""
    expiries = [info.expires for info in case.cap.infos]
    known = [at for at in expiries if at is not None]
    return max(known) if known and len(known) == len(expiries) else None
