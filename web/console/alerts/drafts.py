"""Warnings that are being written: kept as they are typed, never saved over unseen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
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
from warning.alert import AlertId, AlertState
from warning.alert_form import cap_alert
from warning.errors import AlertError, DraftNotFoundError
from warning.intake.drafts import Draft, DraftId, StaleDraftError, differences
from warning.intake.intake import geometry_of
from web.console.alerts.outlines import area_of_text
from web.console.alerts.starting import fields_of, outline_of_code
from web.console.alerts.warning_page import page_of
from web.console.frame import local
from web.console.languages import figure, language_name
from web.services import services
from web.sessions import CSRF_FIELD, signed_in

bp = Blueprint("drafts", __name__, url_prefix="/alerts/drafts")

#: Fields of the page that are nobody's words.
OUR_OWN = frozenset({CSRF_FIELD, "draft_id", "draft_version", "pick", "plan"})
#: Of a text that is shown beside another one.
_SHOWN = 300
#: Nobody saves a draft so often.
_MAX_DIGITS = 9


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One field in which two versions differ, in words."""

    field: str
    label: str
    theirs: str
    yours: str


@bp.get("/<draft_id>")
@signed_in(Role.OPERATOR)
def show(draft_id: DraftId, by: Operator) -> AnyResponse:
    """The form, as it was kept last."""
    del by
    try:
        draft = services().drafts.get(draft_id)
    except DraftNotFoundError as error:
        flash(str(error))
        return redirect(url_for("new_alert.show"), HTTPStatus.SEE_OTHER)
    return make_response(page_of(draft.fields, draft=draft))


@bp.post("/")
@signed_in(Role.OPERATOR)
def begin(by: Operator) -> AnyResponse:
    """Keep what was typed for the first time."""
    try:
        draft = services().drafts.begin(typed(), by=by.name)
    except AlertError as error:
        return _refused(str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _kept(draft)


@bp.post("/<draft_id>")
@signed_in(Role.OPERATOR)
def save(draft_id: DraftId, by: Operator) -> AnyResponse:
    """Keep what was typed since; tell who else has written meanwhile."""
    yours = typed()
    try:
        draft = services().drafts.save(
            draft_id, yours, version=version_read(), by=by.name
        )
    except StaleDraftError as error:
        return conflict(error, yours)
    except DraftNotFoundError as error:
        return _refused(str(error), HTTPStatus.NOT_FOUND)
    except AlertError as error:
        return _refused(str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _kept(draft)


@bp.post("/<draft_id>/remove")
@signed_in(Role.OPERATOR)
def remove(draft_id: DraftId, by: Operator) -> AnyResponse:
    """Throw it away."""
    services().drafts.remove(draft_id, by=by.name)
    return redirect(url_for("new_alert.show"), HTTPStatus.SEE_OTHER)


@bp.post("/from-plan")
@signed_in(Role.OPERATOR)
def from_plan(by: Operator) -> AnyResponse:
    """Start from a prepared plan."""
    known = services()
    try:
        plan = known.sources.plans.get(request.form.get("plan", "")[:64])
    except AlertError as error:
        flash(str(error))
        return redirect(url_for("new_alert.show"), HTTPStatus.SEE_OTHER)
    form = plan.form_at(known.now())
    cap = cap_alert(form, identifier="-", sender="plan", sent=known.now())
    fields = fields_of(cap, form.area.geometry, now=known.now())
    return _opened(known.drafts.begin(fields, by=by.name))


@bp.post("/from-alert/<alert_id>")
@signed_in(Role.OPERATOR)
def from_alert(alert_id: AlertId, by: Operator) -> AnyResponse:
    """Start from another alert: to update it, to write it anew, to change a draft."""
    known = services()
    case = known.board.get(alert_id)
    geometry = geometry_of(case.cap, lookup=outline_of_code)
    fields = fields_of(case.cap, geometry, now=known.now())
    follows = alert_id if request.form.get("update") == "1" else None
    if case.state is AlertState.DRAFT:
        # Its words live on in the draft, and two of one alert would confuse.
        known.alerts.cancel(alert_id, by=by.name)
        follows = case.follows
    return _opened(known.drafts.begin(fields, by=by.name, follows=follows))


def typed() -> dict[str, str]:
    """The words of the form that was sent."""
    return {name: text for name, text in request.form.items() if name not in OUR_OWN}


def version_read() -> int:
    """Which version of the draft the page showed; 0 if it does not say."""
    given = request.form.get("draft_version", "")
    return int(given) if given.isdecimal() and len(given) <= _MAX_DIGITS else 0


def conflict(error: StaleDraftError, yours: Mapping[str, str]) -> Response:
    """Say what somebody else saved, beside what was typed; nothing is overwritten."""
    theirs = error.theirs
    lines = lines_of(theirs.fields, yours)
    if is_script():
        markup = render_template("console/_conflict.html", theirs=theirs, lines=lines)
        told = {"markup": markup, "version": theirs.version, "fields": theirs.fields}
        return _json(told, HTTPStatus.CONFLICT)
    page = page_of(yours, draft=theirs, lines=lines)
    return make_response(page, HTTPStatus.CONFLICT)


def lines_of(theirs: Mapping[str, str], yours: Mapping[str, str]) -> Sequence[Line]:
    """Where two versions differ, in words."""
    return [
        Line(
            field=one.field,
            label=_label(one.field),
            theirs=_shown(one.field, one.theirs),
            yours=_shown(one.field, one.yours),
        )
        for one in differences(theirs, yours)
    ]


def is_script() -> bool:
    """Whether the page's script asks; a browser without scripts wants a whole page."""
    return request.headers.get("X-Tocsin") == "part"


def _label(field: str) -> str:
    name, _dash, language = field.partition("-")
    labels = {
        "drill": _("For whom"),
        "area": _("Outline"),
        "area_desc": _("The place in words"),
        "hazard": _("Hazard"),
        "severity": _("Severity"),
        "hours": _("Valid for, hours"),
        "send_at": _("Send at"),
        "headline": _("What happens"),
        "instruction": _("What to do"),
        "description": _("What is known"),
    }
    label = labels.get(name, name)
    return f"{label} · {language_name(language)}" if language else label


def _shown(field: str, text: str) -> str:
    if field == "area" and text:
        try:
            n = figure(round(area_of_text(text).area_km2))
        except GeofenceError:
            return str(_("an outline that cannot be read yet"))
        return str(_("%(n)s km²", n=n))
    if field == "drill":
        real, drill = _("Real: the public"), _("Drill: only the drill group")
        return str(real if text == "0" else drill)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _kept(draft: Draft) -> AnyResponse:
    if not is_script():
        return _opened(draft)
    return _json(
        {
            "draft_id": draft.draft_id,
            "version": draft.version,
            "url": url_for("drafts.show", draft_id=draft.draft_id),
            "kept_at": local(draft.saved_at),
        }
    )


def _opened(draft: Draft) -> AnyResponse:
    return redirect(
        url_for("drafts.show", draft_id=draft.draft_id), HTTPStatus.SEE_OTHER
    )


def _refused(sentence: str, status: HTTPStatus) -> Response:
    if is_script():
        return _json({"problem": sentence}, status)
    return make_response(page_of(typed(), problems={"form": sentence}), status)


def _json(document: object, status: HTTPStatus = HTTPStatus.OK) -> Response:
    text = json.dumps(document, ensure_ascii=False)
    return Response(text, status, mimetype="application/json")
