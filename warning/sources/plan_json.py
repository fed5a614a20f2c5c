"""Prepared plans as JSON: in rows, in files, over the API.

The names are those of ``POST /alerts``; ``lasts_s`` stands where an alert has its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from geofence.area import from_geojson, to_geojson
from geofence.errors import GeofenceError
from warning.alert_form import AlertForm, FormText
from warning.cap import (
    CapStatus,
    Category,
    Certainty,
    ResponseType,
    Severity,
    Urgency,
)
from warning.errors import InvalidPlanError
from warning.sources.plans import Plan

W = TypeVar("W", bound=StrEnum)

_TEXT_FIELDS = ("event", "headline", "description", "instruction", "area_desc")


def to_json(plan: Plan) -> dict[str, Any]:
    """Write a plan as plain JSON values."""
    form = plan.form
    return {
        "name": plan.name,
        "title": plan.title,
        "lasts_s": plan.lasts.total_seconds(),
        "status": form.status.value,
        "categories": [one.value for one in form.categories],
        "urgency": form.urgency.value,
        "severity": form.severity.value,
        "certainty": form.certainty.value,
        "response_types": [one.value for one in form.response_types],
        "area": to_geojson(form.area.geometry),
        "texts": {
            language: {
                **{name: getattr(text, name) for name in _TEXT_FIELDS},
                "phone_text": text.phone_text,
            }
            for language, text in form.texts.items()
        },
        "sender_name": form.sender_name,
        "contact": form.contact,
        "web": form.web,
    }


def from_json(document: object) -> Plan:
    """Read a plan.

    Raises
    ------
    InvalidPlanError
        If something is missing or wrong; names the member.
    """
    values = _mapping(document, "plan")
    try:
        area = from_geojson(_mapping(values.get("area"), "area"))
    except GeofenceError as error:
        raise InvalidPlanError(f"area: {error}") from None
    texts = _mapping(values.get("texts"), "texts")
    if not texts:
        raise InvalidPlanError("texts: at least one language is needed.")
    place = values.get("area_desc")
    form = AlertForm(
        status=_word(CapStatus, values, "status"),
        categories=_words(Category, values, "categories"),
        urgency=_word(Urgency, values, "urgency"),
        severity=_word(Severity, values, "severity"),
        certainty=_word(Certainty, values, "certainty"),
        response_types=_words(ResponseType, values, "response_types"),
        area=area,
        texts={
            language: _text(_mapping(text, f"texts.{language}"), language, place)
            for language, text in texts.items()
        },
        sender_name=_optional(values, "sender_name"),
        contact=_optional(values, "contact"),
        web=_optional(values, "web"),
    )
    return Plan(
        name=_line(values, "name"),
        title=_line(values, "title"),
        form=form,
        lasts=_lasts(values.get("lasts_s")),
    )


def _text(values: Mapping[str, Any], language: str, place: object) -> FormText:
    with_place = {"area_desc": place, **values}
    found = {
        name: _line(with_place, name, f"texts.{language}.") for name in _TEXT_FIELDS
    }
    return FormText(**found, phone_text=_optional(values, "phone_text"))


def _lasts(value: object) -> timedelta:
    """The span of an alert.

    Raises
    ------
    InvalidPlanError
        If it is no number of seconds.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return timedelta(seconds=value)
    except (OverflowError, ValueError):
        pass
    raise InvalidPlanError("lasts_s: write how many seconds an alert lasts.")


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    """An object of JSON.

    Raises
    ------
    InvalidPlanError
        If it is something else.
    """
    if not isinstance(value, Mapping):
        raise InvalidPlanError(f"{where}: an object is wanted.")
    return value


def _line(values: Mapping[str, Any], name: str, where: str = "") -> str:
    """A text that is not empty.

    Raises
    ------
    InvalidPlanError
        If it is missing or empty.
    """
    value = values.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InvalidPlanError(f"{where}{name}: a text is wanted.")
    return value.strip()


def _optional(values: Mapping[str, Any], name: str) -> str | None:
    return None if values.get(name) is None else _line(values, name)


def _word(kind: Callable[[Any], W], values: Mapping[str, Any], name: str) -> W:
    """A word of CAP.

    Raises
    ------
    InvalidPlanError
        If it is none.
    """
    try:
        return kind(values.get(name))
    except ValueError:
        shown = str(values.get(name))[:40]
        raise InvalidPlanError(f"{name}: {shown!r} is not a word of CAP.") from None


def _words(
    kind: Callable[[Any], W], values: Mapping[str, Any], name: str
) -> tuple[W, ...]:
    given = values.get(name, [])
    if not isinstance(given, list):
        raise InvalidPlanError(f"{name}: a list is wanted.")
    return tuple(_word(kind, {name: one}, name) for one in given)
