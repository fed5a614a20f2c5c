"""An alert as somebody fills it in, and the CAP message that it becomes.

One form, many languages: what happens and where is said once, the words once a
language. The identity (identifier, sender, sent) is not the author's to choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shapely.geometry import MultiPolygon

from geofence import Area as GeoArea
from geofence.area import format_polygon
from warning.cap import (
    Alert,
    Area,
    CapStatus,
    Category,
    Certainty,
    Info,
    MsgType,
    NamedValue,
    ResponseType,
    Scope,
    Severity,
    Urgency,
)

#: The parameter in which a text made for phones travels.
PHONE_TEXT = "Broadcast_Text"


@dataclass(frozen=True, kw_only=True, slots=True)
class FormText:
    """What is said in one language."""

    event: str
    headline: str
    description: str
    instruction: str
    #: The place in words.
    area_desc: str
    #: The whole text message, when the author writes it; else it is put together.
    phone_text: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertForm:
    """Everything an author decides."""

    status: CapStatus
    categories: tuple[Category, ...]
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    area: GeoArea
    #: BCP 47 → words; at least one.
    texts: Mapping[str, FormText]
    response_types: tuple[ResponseType, ...] = ()
    #: Aware.
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str | None = None
    contact: str | None = None
    web: str | None = None


def cap_alert(
    form: AlertForm, *, identifier: str, sender: str, sent: datetime
) -> Alert:
    """Write a form as a CAP message, one info a language.

    Parameters
    ----------
    form : AlertForm
    identifier, sender : str
        Its identity; without blanks, commas, ``<`` and ``&``.
    sent : datetime
        Aware.

    Notes
    -----
    CAP knows no holes, so people inside a hole of the area are warned too.
    """
    geometry = form.area.geometry
    parts = geometry.geoms if isinstance(geometry, MultiPolygon) else (geometry,)
    polygons = tuple(format_polygon(part) for part in parts)
    return Alert(
        identifier=identifier,
        sender=sender,
        sent=sent,
        status=form.status,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        infos=tuple(
            _info(form, language, text, polygons)
            for language, text in form.texts.items()
        ),
    )


def _info(
    form: AlertForm, language: str, text: FormText, polygons: tuple[str, ...]
) -> Info:
    phone_text = text.phone_text
    return Info(
        language=language,
        categories=form.categories,
        event=text.event,
        response_types=form.response_types,
        urgency=form.urgency,
        severity=form.severity,
        certainty=form.certainty,
        effective=form.effective,
        onset=form.onset,
        expires=form.expires,
        sender_name=form.sender_name,
        headline=text.headline,
        description=text.description,
        instruction=text.instruction,
        web=form.web,
        contact=form.contact,
        parameters=(NamedValue(PHONE_TEXT, phone_text),) if phone_text else (),
        areas=(Area(area_desc=text.area_desc, polygons=polygons),),
    )
