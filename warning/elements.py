"""The five things a warning must say: source, hazard, place, guidance, time.

That is what people need before they act, and in this order (the Warning Response Model
of Mileti and Sorensen, tested for short texts by Sutton and Kuligowski). What an info
does not say is named, so that whoever approves it sees the gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from babel.dates import format_datetime, get_timezone_name

from warning.cap import Alert, Info, MsgType, ResponseType, Urgency
from warning.fitting import cut, listed, one_line
from warning.hazard_recognition import hazard_of
from warning.hazards import level_of
from warning.language_choice import locale_of
from warning.message_templates import load_templates
from warning.validity import end_of

#: What goes before the guidance may not take its room.
MAX_SOURCE = 120
MAX_HEADLINE = 300
MAX_PLACES = 200


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
    #: Until when, at the clock of the place.
    time: str
    #: The same with the month cut short and no day of the week.
    short_time: str
    #: What nobody says: neither the info nor, for guidance, our texts.
    missing: tuple[Element, ...]


def elements_of(info: Info, alert: Alert, *, zone: tzinfo | None = None) -> Elements:
    """Take an info apart.

    Parameters
    ----------
    info : Info
    alert : Alert
        Whose info it is.
    zone : tzinfo, optional
        Whose clock times are told by; the sender's if not given.
    """
    guidance, short, origin = _guidance(info, alert)
    hazard = headline_of(info)
    place = listed((one_line(area.area_desc) for area in info.areas), MAX_PLACES)
    is_over = is_all_clear(alert)
    return Elements(
        source=source_of(info, alert),
        hazard=hazard,
        event=one_line(info.event) or headline_of(info),
        place="" if place in hazard else place,
        guidance=guidance,
        guidance_from=origin,
        short_guidance=short,
        time="" if is_over else until_words(info, alert, zone=zone),
        short_time="" if is_over else _short_time(info, alert, zone),
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
    local = end.astimezone(zone) if zone is not None else end
    words = format_datetime(
        local, "EEEE d MMMM HH:mm", tzinfo=local.tzinfo, locale=locale
    )
    if not local.utcoffset() and zone is None:
        return f"{words} UTC"
    if not is_spoken:
        return words
    return f"{words} {get_timezone_name(local, locale=locale)}"


def _short_time(info: Info, alert: Alert, zone: tzinfo | None) -> str:
    end = end_of(info, alert)
    local = end.astimezone(zone) if zone is not None else end
    locale = locale_of(info.language)
    words = format_datetime(local, "d MMM HH:mm", tzinfo=local.tzinfo, locale=locale)
    return words if local.utcoffset() or zone is not None else f"{words} UTC"


def is_all_clear(alert: Alert) -> bool:
    """Whether an alert says that a danger is over."""
    return alert.msg_type is MsgType.CANCEL or (
        bool(alert.infos)
        and all(ResponseType.ALL_CLEAR in info.response_types for info in alert.infos)
    )


def _guidance(info: Info, alert: Alert) -> tuple[str, str, Origin | None]:
    """What to do, the same in few words, and who says it."""
    own = one_line(info.instruction)
    if own:
        return own, "", Origin.INFO
    texts = load_templates().find(info.language)
    is_over = (
        is_all_clear(alert)
        or info.urgency is Urgency.PAST
        or ResponseType.ALL_CLEAR in info.response_types
    )
    hazard = hazard_of(info) if texts is not None and not is_over else None
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
