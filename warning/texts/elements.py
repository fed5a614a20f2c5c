"""The five things a warning must say: source, hazard, place, guidance, time.

That is what people need before they act, and in this order (the Warning Response Model
of Mileti and Sorensen, tested for short texts by Sutton and Kuligowski). What an info
does not say is named, so that whoever approves it sees the gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from babel import Locale
from babel.dates import format_datetime, get_timezone_name

from warning.cap import Alert, Info, MsgType, ResponseType, Urgency
from warning.texts.fitting import cut, listed, one_line
from warning.texts.hazard_recognition import hazard_of
from warning.texts.hazards import level_of
from warning.texts.language_choice import locale_of, words_for
from warning.texts.manner import PLAIN, Manner
from warning.texts.message_templates import MessageTemplates
from warning.validity import end_of

#: What goes before the guidance may not take its room.
MAX_SOURCE = 120
MAX_HEADLINE = 300
MAX_PLACES = 200
_LONG = "EEEE d MMMM HH:mm"
_SHORT = "d MMM HH:mm"


class Element(StrEnum):
    """What a complete warning says, in this order."""

    SOURCE = "source"
    HAZARD = "hazard"
    PLACE = "place"
    GUIDANCE = "guidance"
    TIME = "time"


class Origin(StrEnum):
    """Where words were taken from."""

    #: The author's own text for phones, in a parameter.
    PHONE_TEXT = "phone_text"
    #: Headline, description and instruction.
    INFO = "info"
    #: Our texts for the hazard, because the info says nothing to do.
    TEMPLATE = "template"
    #: A recording that came with the info.
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Elements:
    """What one info comes to; each a text on one line, perhaps empty."""

    source: str
    #: The headline, or the event.
    hazard: str
    #: The event alone: shorter.
    event: str
    #: Its areas, as many as have room; empty if the headline names them.
    place: str
    guidance: str
    guidance_from: Origin | None
    #: Guidance of at most 30 units, if it comes from our texts.
    short_guidance: str
    #: Until when, at the clock of the place; empty if the info names no end. From and
    #: until in a language in which we have no word for "until".
    time: str
    #: The same with the month cut short and no day of the week.
    short_time: str
    #: What nobody says: neither the info nor, for guidance, our texts.
    missing: tuple[Element, ...]


def elements_of(info: Info, alert: Alert, manner: Manner = PLAIN) -> Elements:
    """Take an info apart.

    Parameters
    ----------
    info : Info
    alert : Alert
        Whose info it is.
    manner : Manner
        Whose clock times are told by, and whose texts say what to do.
    """
    guidance, short, origin = _guidance(info, alert, manner.texts)
    hazard = headline_of(info)
    place = listed((one_line(area.area_desc) for area in info.areas), MAX_PLACES)
    is_endless = is_all_clear(alert) or info.expires is None
    return Elements(
        source=source_of(info, alert),
        hazard=hazard,
        event=one_line(info.event) or headline_of(info),
        place="" if place in hazard else place,
        guidance=guidance,
        guidance_from=origin,
        short_guidance=short,
        time="" if is_endless else _time(info, alert, manner.zone),
        short_time="" if is_endless else _short_time(info, alert, manner.zone),
        missing=tuple(_missing(info, alert, guidance)),
    )


def source_of(info: Info, alert: Alert) -> str:
    """Who warns."""
    return cut(one_line(info.sender_name) or alert.sender, MAX_SOURCE)


def headline_of(info: Info) -> str:
    """What happens."""
    return cut(one_line(info.headline) or one_line(info.event), MAX_HEADLINE)


def until_words(
    info: Info, alert: Alert, *, zone: tzinfo | None = None, is_spoken: bool = False
) -> str:
    """When the message ends, in words of its language.

    Parameters
    ----------
    info : Info
    alert : Alert
    zone : tzinfo, optional
        Whose clock; the sender's if not given. A sender who writes UTC has no local
        clock; then it is said that this is UTC.
    is_spoken : bool
        Say which clock it is, in words, whatever it is.
    """
    end = end_of(info, alert)
    locale = locale_of(info.language)
    words = _clock(end, _LONG, locale, zone)
    local = end.astimezone(zone) if zone is not None else end
    if not is_spoken or (not local.utcoffset() and zone is None):
        return words
    return f"{words} {get_timezone_name(local, locale=locale)}"


def _time(info: Info, alert: Alert, zone: tzinfo | None) -> str:
    """Until when; from and until where a bare time would say neither."""
    until = until_words(info, alert, zone=zone)
    if words_for("warning.until", info.language):
        return until
    begins = info.onset or info.effective or alert.sent
    if begins >= end_of(info, alert):
        begins = alert.sent
    return f"{_clock(begins, _LONG, locale_of(info.language), zone)} - {until}"


def _short_time(info: Info, alert: Alert, zone: tzinfo | None) -> str:
    words = _clock(end_of(info, alert), _SHORT, locale_of(info.language), zone)
    return words if words_for("warning.until", info.language) else f"- {words}"


def _clock(at: datetime, pattern: str, locale: Locale, zone: tzinfo | None) -> str:
    """A time at somebody's clock; that of a sender who writes UTC is called that."""
    local = at.astimezone(zone) if zone is not None else at
    words = format_datetime(local, pattern, tzinfo=local.tzinfo, locale=locale)
    return words if local.utcoffset() or zone is not None else f"{words} UTC"


def is_all_clear(alert: Alert) -> bool:
    """Whether an alert says that a danger is over."""
    return alert.msg_type is MsgType.CANCEL or (
        bool(alert.infos)
        and all(ResponseType.ALL_CLEAR in info.response_types for info in alert.infos)
    )


def _guidance(
    info: Info, alert: Alert, templates: MessageTemplates
) -> tuple[str, str, Origin | None]:
    """What to do, the same in few words, and who says it."""
    own = one_line(info.instruction)
    if own:
        return own, "", Origin.INFO
    texts = templates.find(info.language)
    is_over = (
        is_all_clear(alert)
        or info.urgency is Urgency.PAST
        or ResponseType.ALL_CLEAR in info.response_types
    )
    hazard = None if texts is None or is_over else hazard_of(info, templates)
    if texts is None or hazard is None:
        return "", "", None
    told = texts.hazards[hazard]
    return told.guidance(level_of(info.severity)), told.short, Origin.TEMPLATE


def _missing(info: Info, alert: Alert, guidance: str) -> Iterator[Element]:
    if not one_line(info.sender_name):
        yield Element.SOURCE
    if not headline_of(info):
        yield Element.HAZARD
    if not any(one_line(area.area_desc) for area in info.areas):
        yield Element.PLACE
    if not guidance:
        yield Element.GUIDANCE
    if info.expires is None and not is_all_clear(alert):
        yield Element.TIME
