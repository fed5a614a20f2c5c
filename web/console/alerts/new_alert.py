"""New warning: where, what, until when, in which words; then to a second person."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
from geofence.errors import GeofenceError
from telephony.delivery import Channel
from warning.alert import AlertCase
from warning.cap import Severity
from warning.errors import AlertError, DraftNotFoundError
from warning.intake.drafts import Draft, DraftId, StaleDraftError
from warning.schedule import NO_SCHEDULE
from web.console.alerts import drafts
from web.console.alerts.drafts import is_script
from web.console.alerts.outlines import area_of_text
from web.console.alerts.warning_form import (
    FormError,
    form_of,
    schedule_of,
    with_our_texts,
    words_of,
)
from web.console.alerts.warning_page import page_of
from web.console.situation.layers import picked
from web.services import services
from web.sessions import signed_in

bp = Blueprint("new_alert", __name__)


@bp.get("/alerts/new")
@signed_in(Role.OPERATOR)
def show(by: Operator) -> str:
    """The empty form."""
    del by
    return page_of({"hours": "6", "severity": Severity.SEVERE.value})


@bp.post("/alerts/new")
@signed_in(Role.OPERATOR)
def create(by: Operator) -> AnyResponse:
    """Keep a draft and hand it to a second person; what was typed is never lost."""
    typed = request.form.to_dict()
    if not typed.get("area", "").strip():
        # Without scripts nobody has turned the chosen areas into an outline.
        typed["area"] = picked(request.form.getlist("pick"))
    try:
        draft = _kept(typed, by)
        case = _submitted(typed, draft, by)
    except StaleDraftError as error:
        return drafts.conflict(error, drafts.typed())
    except FormError as error:
        return _again(typed, {error.field: str(error)})
    except (GeofenceError, AlertError) as error:
        field = "area" if isinstance(error, GeofenceError) else "form"
        return _again(typed, {field: str(error)})
    if draft is not None:
        services().drafts.remove(draft.draft_id, by=by.name)
    return redirect(
        url_for("alerts.show", alert_id=case.alert_id), HTTPStatus.SEE_OTHER
    )


def _kept(typed: Mapping[str, str], by: Operator) -> Draft | None:
    """Keep what was typed last, if it is a draft's; None if it is nobody's yet.

    Raises
    ------
    StaleDraftError
        If somebody else saved it meanwhile: theirs must be seen first.
    DraftNotFoundError
        If it was submitted already.
    """
    draft_id = typed.get("draft_id")
    if not draft_id:
        return None
    return services().drafts.save(
        DraftId(draft_id), drafts.typed(), version=drafts.version_read(), by=by.name
    )


def _submitted(
    typed: Mapping[str, str], draft: Draft | None, by: Operator
) -> AlertCase:
    """Make an alert of the form, and hand it to a second person.

    Raises
    ------
    AlertError
        If it is refused; then there is no alert.
    """
    known = services()
    form, schedule = form_of(typed), schedule_of(typed)
    if draft is not None and draft.follows is not None:
        case = known.follow_ups.update_from_form(draft.follows, form, by=by.name)
    else:
        case = known.intake.draft_from_form(form, by=by.name)
    try:
        if schedule is not NO_SCHEDULE:
            known.alerts.plan(case.alert_id, schedule, by=by.name)
        return known.alerts.submit(case.alert_id, by=by.name)
    except AlertError:
        # What is refused is written on in the form; nothing half-done stays behind.
        known.alerts.cancel(case.alert_id, by=by.name)
        raise


@bp.post("/alerts/new/texts")
@signed_in(Role.OPERATOR)
def fill_in(by: Operator) -> AnyResponse:
    """Put our texts for the hazard into the form; as JSON for the page's script."""
    del by
    typed = request.form.to_dict()
    try:
        filled = with_our_texts(typed)
    except FormError as error:
        if is_script():
            return _json({"problem": str(error), "field": error.field})
        return _again(typed, {error.field: str(error)})
    return _json(filled) if is_script() else make_response(page_of(filled))


@bp.post("/alerts/new/preview")
@signed_in(Role.OPERATOR)
def preview(by: Operator) -> AnyResponse:
    """What people will read and hear; the phones alone for the page's script."""
    del by
    typed = request.form.to_dict()
    try:
        texts = services().messages.of_form(words_of(typed)).texts
    except (FormError, AlertError) as error:
        if is_script():
            return make_response(
                render_template("console/_phones.html", why=str(error))
            )
        field = error.field if isinstance(error, FormError) else "form"
        return _again(typed, {field: str(error)})
    if is_script():
        return make_response(render_template("console/_phones.html", texts=texts))
    return make_response(page_of(typed, texts=texts))


@bp.post("/console/audience")
@signed_in(Role.OPERATOR)
def audience(by: Operator) -> Response:
    """The people inside what is being drawn, as JSON.

    An outline that is not finished yet is no failure of anybody: the answer says what
    is the matter with it.
    """
    del by
    try:
        area = area_of_text(request.form.get("area", ""))
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
    n_texts = counts.by_channel.get(Channel.SMS.word, 0)
    facts = {**asdict(counts), **spoken, "repairs": repairs, "n_texts": n_texts}
    return _json(facts)


def _again(typed: Mapping[str, str], problems: Mapping[str, str]) -> Response:
    page = page_of(typed, problems=problems, draft=_draft_of(typed))
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _draft_of(typed: Mapping[str, str]) -> Draft | None:
    """The draft that a form belongs to, as it is kept."""
    draft_id = typed.get("draft_id")
    if not draft_id:
        return None
    try:
        return services().drafts.get(DraftId(draft_id))
    except DraftNotFoundError:
        return None


def _json(document: object) -> Response:
    text = json.dumps(document, ensure_ascii=False)
    return Response(text, mimetype="application/json")
