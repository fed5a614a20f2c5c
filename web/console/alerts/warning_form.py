"""What is typed into the form of a new warning, read; nothing is kept here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from flask_babel import gettext as _
from shapely.geometry import box

from geofence.area import Area, area_of
from warning.alert_form import AlertForm, FormText
from warning.cap import CapStatus, Category, Certainty, ResponseType, Severity, Urgency
from warning.schedule import NO_SCHEDULE, Schedule
from warning.texts.hazards import Hazard, level_of
from web.console.alerts.outlines import area_of_text
from web.console.alerts.starting import HOURS
from web.services import options, services

#: What operators warn of: the word of the form → CAP event, category.
HAZARDS: Mapping[str, tuple[str, Category]] = {
    "flood": ("Flood", Category.MET),
    "flash_flood": ("Flash flood", Category.MET),
    "storm": ("Storm", Category.MET),
    "landslide": ("Landslide", Category.GEO),
    "earthquake": ("Earthquake", Category.GEO),
    "tsunami": ("Tsunami", Category.GEO),
    "wildfire": ("Wildfire", Category.FIRE),
    "heat": ("Extreme heat", Category.MET),
    "chemical": ("Chemical accident", Category.CBRNE),
    "dam_break": ("Dam break", Category.INFRA),
    "missing_child": ("Missing child", Category.RESCUE),
}
SEVERITIES = (Severity.EXTREME, Severity.SEVERE, Severity.MODERATE, Severity.MINOR)
_LONGEST_TEXT = 2_000
_LONGEST_EVENT = 200

W = TypeVar("W", bound=StrEnum)

#: Any outline will do where only words are looked at.
_SOMEWHERE = area_of(box(0, 0, 1, 1))


class FormError(Exception):
    """A field cannot be used; says which and what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What the form offers."""

    hazards: Mapping[str, tuple[str, Category]]
    severities: tuple[Severity, ...]
    hours: tuple[int, ...]
    languages: tuple[str, ...]


def form_of(typed: Mapping[str, str], *, area: Area | None = None) -> AlertForm:
    """Read the form.

    Parameters
    ----------
    typed : mapping
        Field → text.
    area : Area, optional
        Instead of the one that is drawn.

    Raises
    ------
    FormError
        If a field is missing or cannot be read.
    GeofenceError
        If the area cannot be used.
    """
    hazard = _one_of(typed, "hazard", list(HAZARDS))
    event, category = HAZARDS[hazard]
    if area is None and not typed.get("area", "").strip():
        raise FormError(
            "area", _("Draw the area on the map, choose areas, or paste coordinates.")
        )
    hours = int(_one_of(typed, "hours", [str(n) for n in HOURS]))
    is_drill = typed.get("drill") == "1"
    return AlertForm(
        status=CapStatus.EXERCISE if is_drill else CapStatus.ACTUAL,
        categories=(category,),
        urgency=_kept(Urgency, typed, "urgency", Urgency.IMMEDIATE),
        severity=Severity(_one_of(typed, "severity", [s.value for s in SEVERITIES])),
        certainty=_kept(Certainty, typed, "certainty", Certainty.OBSERVED),
        area=area or area_of_text(typed["area"]),
        expires=services().now() + timedelta(hours=hours),
        response_types=_responses(typed),
        texts=_texts(typed, event),
    )


def words_of(typed: Mapping[str, str]) -> AlertForm:
    """Read the form for its words: what they say does not depend on the outline.

    Raises
    ------
    FormError
        If a field is missing or cannot be read.
    """
    return form_of(typed, area=_SOMEWHERE)


def schedule_of(typed: Mapping[str, str]) -> Schedule:
    """When it is to be sent, by the clock of the installation; at once if left open.

    Raises
    ------
    FormError
        If it is no time, or past.
    """
    written = typed.get("send_at", "").strip()
    if not written:
        return NO_SCHEDULE
    try:
        at = datetime.fromisoformat(written).replace(tzinfo=options().zone)
    except ValueError:
        raise FormError("send_at", _("Write the time as 2026-12-31T18:00.")) from None
    if at <= services().now():
        raise FormError(
            "send_at", _("This time is past. Leave it empty to send at once.")
        )
    return Schedule(send_at=at)


def with_our_texts(typed: Mapping[str, str]) -> dict[str, str]:
    """Fill in what we say of a hazard, in every language that we have texts in.

    Raises
    ------
    FormError
        If hazard or severity is not of the list, or the place is missing.
    """
    hazard = Hazard(_one_of(typed, "hazard", list(HAZARDS)))
    severity = Severity(_one_of(typed, "severity", [s.value for s in SEVERITIES]))
    place = typed.get("area_desc", "").strip()
    if not place:
        raise FormError("area_desc", _("Say where, in words people use."))
    filled = dict(typed)
    templates = services().texts.templates()
    for language in choices().languages:
        texts = templates.find(language)
        if texts is None:
            continue
        level = level_of(severity)
        filled[f"headline-{language}"] = texts.headline(hazard, level, place)
        filled[f"instruction-{language}"] = texts.hazards[hazard].guidance(level)
    return filled


def _texts(typed: Mapping[str, str], event: str) -> dict[str, FormText]:
    place = typed.get("area_desc", "").strip()
    if not place:
        raise FormError("area_desc", _("Say where, in words people use."))
    texts = {}
    for language in choices().languages:
        headline = typed.get(f"headline-{language}", "").strip()[:_LONGEST_TEXT]
        instruction = typed.get(f"instruction-{language}", "").strip()[:_LONGEST_TEXT]
        if not headline and not instruction:
            continue
        if not headline or not instruction:
            raise FormError(
                f"headline-{language}",
                _("Say what happens and what to do; one without the other is half."),
            )
        texts[language] = FormText(
            event=_event(typed, language) or event,
            headline=headline,
            description=typed.get(f"description-{language}", "")[:_LONGEST_TEXT],
            instruction=instruction,
            area_desc=place,
        )
    if not texts:
        first = choices().languages[0]
        raise FormError(
            f"headline-{first}", _("Write the text in at least one language.")
        )
    return texts


def _event(typed: Mapping[str, str], language: str) -> str:
    """What the alert that this one starts from calls the same hazard."""
    is_same = typed.get("event-of") == typed.get("hazard")
    return typed.get(f"event-{language}", "")[:_LONGEST_EVENT] if is_same else ""


def _kept(kind: type[W], typed: Mapping[str, str], field: str, usual: W) -> W:
    """What the alert that this one starts from said; the usual of a new one."""
    given = typed.get(field, "")
    return kind(given) if given in {one.value for one in kind} else usual


def _responses(typed: Mapping[str, str]) -> tuple[ResponseType, ...]:
    known = {one.value: one for one in ResponseType}
    given = typed.get("responses", "").split(",")
    kept = tuple(known[word] for word in given if word in known)
    return kept or (ResponseType.EXECUTE,)


def _one_of(typed: Mapping[str, str], field: str, known: list[str]) -> str:
    given = typed.get(field, "")
    if given not in known:
        raise FormError(field, _("Choose one of the list."))
    return given


def choices() -> Choices:
    """What the form offers here."""
    return Choices(
        hazards=HAZARDS,
        severities=SEVERITIES,
        hours=HOURS,
        languages=options().languages,
    )
