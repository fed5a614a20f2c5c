"""New warning: where, what, until when, in which words; then to a second person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from accounts.operators import Operator, Role
from geofence.area import from_geojson
from geofence.errors import GeofenceError
from warning.cap import Severity
from warning.errors import AlertError
from warning.schedule import NO_SCHEDULE
from warning.texts.message_preview import TextPreview
from web.console.layers import picked
from web.console.warning_form import (
    FormError,
    choices,
    form_of,
    schedule_of,
    with_our_texts,
    words_of,
)
from web.services import options, services
from web.sessions import signed_in

bp = Blueprint("new_alert", __name__)


@bp.get("/alerts/new")
@signed_in(Role.OPERATOR)
def show(by: Operator) -> str:
    """The empty form."""
    del by
    return _page({"hours": "6", "severity": Severity.SEVERE.value}, {})


@bp.post("/alerts/new")
@signed_in(Role.OPERATOR)
def create(by: Operator) -> AnyResponse:
    """Keep a draft and hand it to a second person; what was typed is never lost."""
    typed = request.form.to_dict()
    if not typed.get("area", "").strip():
        # Without scripts nobody has turned the chosen areas into an outline.
        typed["area"] = picked(request.form.getlist("pick"))
    try:
        form, schedule = form_of(typed), schedule_of(typed)
        case = services().intake.draft_from_form(form, by=by.name)
        if schedule is not NO_SCHEDULE:
            services().alerts.plan(case.alert_id, schedule, by=by.name)
        services().alerts.submit(case.alert_id, by=by.name)
    except FormError as error:
        return _again(typed, {error.field: str(error)})
    except (GeofenceError, AlertError) as error:
        field = "area" if isinstance(error, GeofenceError) else "form"
        return _again(typed, {field: str(error)})
    return redirect(
        url_for("alerts.show", alert_id=case.alert_id), HTTPStatus.SEE_OTHER
    )


@bp.post("/alerts/new/texts")
@signed_in(Role.OPERATOR)
def fill_in(by: Operator) -> AnyResponse:
    """Put our texts for the hazard into the form; as JSON for the page's script."""
    del by
    typed = request.form.to_dict()
    try:
        filled = with_our_texts(typed)
    except FormError as error:
        if _is_script():
            return _json({"problem": str(error), "field": error.field})
        return _again(typed, {error.field: str(error)})
    return _json(filled) if _is_script() else make_response(_page(filled, {}))


@bp.post("/alerts/new/preview")
@signed_in(Role.OPERATOR)
def preview(by: Operator) -> AnyResponse:
    """What people will read and hear; the phones alone for the page's script."""
    del by
    typed = request.form.to_dict()
    try:
        texts = services().messages.of_form(words_of(typed)).texts
    except (FormError, AlertError) as error:
        if _is_script():
            return make_response(
                render_template("console/_phones.html", why=str(error))
            )
        field = error.field if isinstance(error, FormError) else "form"
        return _again(typed, {field: str(error)})
    if _is_script():
        return make_response(render_template("console/_phones.html", texts=texts))
    return make_response(_page(typed, {}, texts))


@bp.post("/console/audience")
@signed_in(Role.OPERATOR)
def audience(by: Operator) -> Response:
    """The people inside what is being drawn, as JSON.

    An outline that is not finished yet is no failure of anybody: the answer says what
    is the matter with it.
    """
    del by
    limits = options().area_limits
    try:
        area = from_geojson(request.form.get("area", ""), limits=limits)
    except GeofenceError as error:
        return _json({"problem": str(error)})
    counts = services().audiences.count(area.geometry)
    repairs = [repair.sentence for repair in area.repairs]
    names = services().areas.names()
    spoken = {
        "by_area": {
            names.get(code) or code or _("no known area"): n
            for code, n in counts.by_area.items()
        },
        "by_channel": {_(word): n for word, n in counts.by_channel.items()},
        "excluded": {
            _(word.replace("_", " ")): n for word, n in counts.excluded.items()
        },
    }
    return _json({**asdict(counts), **spoken, "repairs": repairs})


def _is_script() -> bool:
    """Whether the page's script asks; a browser without scripts wants a whole page."""
    return request.headers.get("X-Tocsin") == "part"


def _page(
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    texts: Sequence[TextPreview] = (),
) -> str:
    areas = services().areas.list(level=1, after="", limit=1_000)
    return render_template(
        "console/new_alert.html",
        typed=typed,
        problems=problems,
        choices=choices(),
        areas=sorted(areas, key=lambda area: area.name),
        texts=texts,
        is_drill=typed.get("drill") == "1",
    )


def _again(typed: Mapping[str, str], problems: Mapping[str, str]) -> Response:
    return make_response(_page(typed, problems), HTTPStatus.UNPROCESSABLE_ENTITY)


def _json(document: object) -> Response:
    text = json.dumps(document, ensure_ascii=False)
    return Response(text, mimetype="application/json")
