"""Writing a prepared plan, and changing it: the words, how bad, how long, where.

Nobody is told by a plan: what is drafted of it goes through two people as ever. What
it has beyond this form (urgency, contact, languages that are not ours) stays as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from accounts.operators import Operator, Role
from geofence.errors import GeofenceError
from warning.alert_form import AlertForm, cap_alert
from warning.errors import AlertError, PlanNotFoundError
from warning.sources import plan_json
from warning.sources.plans import Plan
from web.console.alerts.outlines import area_of_text
from web.console.alerts.starting import HOURS, fields_of
from web.console.alerts.warning_form import FormError, choices, form_of
from web.console.refusals import sentence_of
from web.services import options, services
from web.sessions import signed_in

bp = Blueprint("plan_form", __name__, url_prefix="/settings")

_MAX_TITLE = 200
_MAX_PHONE_TEXT = 2_000
#: Where something stands that is no field of the form.
_WHOLE = ""


@bp.get("/new-plan")
@signed_in(Role.ADMIN)
def new(by: Operator) -> AnyResponse:
    """An empty form."""
    del by
    return _page(None, {"hours": "6", "drill": "0"}, {})


@bp.post("/new-plan")
@signed_in(Role.ADMIN)
def add(by: Operator) -> AnyResponse:
    """Keep a new plan; one of that name is not written over."""
    name = request.form.get("name", "").strip()
    try:
        services().sources.plans.get(name)
    except PlanNotFoundError:
        return _save(None, name, by)
    sentence = _("There is a plan of this name already; choose another one.")
    return _page(None, request.form, {"name": sentence})


@bp.get("/plans/<name>/edit")
@signed_in(Role.ADMIN)
def edit(name: str, by: Operator) -> AnyResponse:
    """The form, with what the plan says."""
    del by
    plan = services().sources.plans.get(name)
    return _page(plan, _fields(plan), {})


@bp.post("/plans/<name>/edit")
@signed_in(Role.ADMIN)
def change(name: str, by: Operator) -> AnyResponse:
    """Keep what was changed, unless somebody else changed it meanwhile."""
    plan = services().sources.plans.get(name)
    if request.form.get("read") != _print_of(plan):
        sentence = _(
            "Somebody else changed this plan meanwhile; nothing was overwritten. "
            "Open it anew and write your change once more."
        )
        return _page(plan, request.form, {_WHOLE: sentence})
    return _save(plan, plan.name, by)


def _save(old: Plan | None, name: str, by: Operator) -> AnyResponse:
    typed = request.form
    try:
        services().sources.plans.save(_plan_of(typed, name, old), by=by.name)
    except FormError as error:
        return _page(old, typed, {error.field: str(error)})
    except GeofenceError as error:
        return _page(old, typed, {"area": sentence_of(error)})
    except AlertError as error:
        return _page(old, typed, {_WHOLE: sentence_of(error)})
    flash(_("The plan is kept.") if old is None else _("The plan is replaced."))
    return redirect(url_for("sources_pages.plan", name=name), HTTPStatus.SEE_OTHER)


def _plan_of(typed: Mapping[str, str], name: str, old: Plan | None) -> Plan:
    """Read the form.

    Raises
    ------
    FormError
        If a field is missing or cannot be read.
    GeofenceError
        If the area cannot be used.
    """
    title = typed.get("title", "").strip()[:_MAX_TITLE]
    if not title:
        raise FormError("title", _("Give the plan a name that people understand."))
    outline = typed.get("area", "").strip()
    area = old.form.area if old and not outline else None
    # What stays as it was comes from the plan, not from the browser.
    known = _fields(old) if old else {}
    read = form_of(
        {**known, **typed, "hours": str(HOURS[0])},
        area=area or (area_of_text(outline) if outline else None),
    )
    return Plan(
        name=name, title=title, form=_form(typed, read, old), lasts=_lasts(typed)
    )


def _form(typed: Mapping[str, str], read: AlertForm, old: Plan | None) -> AlertForm:
    texts = {
        language: replace(
            text,
            area_desc=typed.get(f"place-{language}", "").strip() or text.area_desc,
            phone_text=typed.get(f"phone-{language}", "").strip()[:_MAX_PHONE_TEXT]
            or None,
        )
        for language, text in read.texts.items()
    }
    if old is None:
        return replace(read, expires=None, texts=texts)
    ours = options().languages
    others = {tag: text for tag, text in old.form.texts.items() if tag not in ours}
    is_same = typed.get("hazard") == _fields(old).get("hazard")
    return replace(
        old.form,
        status=read.status,
        severity=read.severity,
        categories=old.form.categories if is_same else read.categories,
        area=read.area,
        texts={**texts, **others},
    )


def _lasts(typed: Mapping[str, str]) -> timedelta:
    """How long an alert of the plan lasts.

    Raises
    ------
    FormError
        If that is no number of hours.
    """
    try:
        return timedelta(hours=float(typed.get("hours", "")))
    except (ValueError, OverflowError):
        raise FormError("hours", _("Write a number of hours such as 6.")) from None


def _fields(plan: Plan) -> dict[str, str]:
    """What a plan says, as fields of the form; its outline stays where it is."""
    now = services().now()
    cap = cap_alert(
        plan.form_at(now), identifier=plan.name, sender="plan.invalid", sent=now
    )
    fields = fields_of(cap, plan.form.area.geometry, now=now)
    del fields["area"]
    fields |= {"title": plan.title, "hours": f"{plan.lasts.total_seconds() / 3600:g}"}
    for language, text in plan.form.texts.items():
        fields[f"place-{language}"] = text.area_desc
        fields[f"phone-{language}"] = text.phone_text or ""
    return fields


def _print_of(plan: Plan) -> str:
    """A text that changes with every change of a plan."""
    written = json.dumps(plan_json.to_json(plan), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _page(
    plan: Plan | None, typed: Mapping[str, str], problems: Mapping[str, str]
) -> AnyResponse:
    page = render_template(
        "console/plan_form.html",
        plan=plan,
        typed=typed,
        problems=problems,
        problem=problems.get(_WHOLE, ""),
        choices=choices(),
        read=_print_of(plan) if plan else "",
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return make_response(page, status)
