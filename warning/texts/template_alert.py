"""An alert from a few choices: hazard, severity, place, time. The words are ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from warning.cap import (
    Alert,
    Area,
    CapStatus,
    Category,
    Certainty,
    Info,
    MsgType,
    ResponseType,
    Scope,
    Severity,
    Urgency,
)
from warning.errors import InvalidAlertError
from warning.texts.hazards import Hazard, Level, level_of
from warning.texts.message_templates import MessageTemplates

_CATEGORIES: Mapping[Hazard, Category] = {
    Hazard.FLOOD: Category.MET,
    Hazard.FLASH_FLOOD: Category.MET,
    Hazard.STORM: Category.MET,
    Hazard.LANDSLIDE: Category.GEO,
    Hazard.EARTHQUAKE: Category.GEO,
    Hazard.TSUNAMI: Category.GEO,
    Hazard.WILDFIRE: Category.FIRE,
    Hazard.HEAT: Category.MET,
    Hazard.CHEMICAL: Category.CBRNE,
    Hazard.DAM_BREAK: Category.INFRA,
    Hazard.MISSING_CHILD: Category.RESCUE,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateChoice:
    """What an operator picks."""

    hazard: Hazard
    severity: Severity
    #: Language (BCP 47) → name of the place; at least one.
    places: Mapping[str, str]
    source: str
    #: Aware; until when it holds.
    expires: datetime | None = None
    status: CapStatus = CapStatus.ACTUAL


def alert_of_choice(
    choice: TemplateChoice,
    *,
    texts: MessageTemplates,
    identifier: str,
    sender: str,
    sent: datetime,
) -> Alert:
    """Write a choice as a CAP message without a shape, one info a language.

    Parameters
    ----------
    choice : TemplateChoice
    texts : MessageTemplates
        Whose words it is written in.
    identifier, sender : str
        Its identity.
    sent : datetime
        Aware.

    Raises
    ------
    InvalidAlertError
        If there are no texts in one of its languages; names those there are.
    """
    return Alert(
        identifier=identifier,
        sender=sender,
        sent=sent,
        status=choice.status,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        infos=tuple(_info(choice, language, texts) for language in choice.places),
    )


def _info(choice: TemplateChoice, language: str, templates: MessageTemplates) -> Info:
    texts = templates.find(language)
    if texts is None:
        known = ", ".join(sorted(templates.texts))
        raise InvalidAlertError(
            f"There are no texts in {language}; there are some in {known}. "
            "Write the alert in your own words."
        )
    told = texts.hazards[choice.hazard]
    level, place = level_of(choice.severity), choice.places[language]
    is_act = level is Level.ACT
    return Info(
        language=language,
        categories=(_CATEGORIES[choice.hazard],),
        event=told.name,
        response_types=(ResponseType.EXECUTE if is_act else ResponseType.PREPARE,),
        urgency=Urgency.IMMEDIATE if is_act else Urgency.EXPECTED,
        severity=choice.severity,
        certainty=Certainty.LIKELY,
        expires=choice.expires,
        sender_name=choice.source,
        headline=texts.headline(choice.hazard, level, place),
        areas=(Area(area_desc=place),),
    )
