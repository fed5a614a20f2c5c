"""Where alerts come from: feeds and plans; and what is kept for how long."""

from __future__ import annotations

import json
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
from warning.errors import AlertError, InvalidPlanError
from warning.sources import plan_json
from web.console.refusals import sentence_of
from web.services import options, services
from web.sessions import signed_in

bp = Blueprint("sources_pages", __name__, url_prefix="/settings")

N_PLANS = 200
_MAX_PLAN_BYTES = 1_000_000


@bp.get("/sources")
@signed_in(Role.ADMIN)
def sources(by: Operator) -> AnyResponse:
    """Feeds, sensors, other systems; prepared plans."""
    del by
    return _sources_page(None)


@bp.post("/plans")
@signed_in(Role.ADMIN)
def save_plan(by: Operator) -> AnyResponse:
    """Keep the plan in a JSON file, over the one of its name."""
    sent = request.files.get("file")
    data = sent.stream.read(_MAX_PLAN_BYTES) if sent else b""
    try:
        plan = plan_json.from_json(_document(data))
        is_new = services().sources.plans.save(plan, by=by.name)
    except AlertError as error:
        return _sources_page(sentence_of(error))
    flash(_("The plan is kept.") if is_new else _("The plan is replaced."))
    return redirect(url_for("sources_pages.sources"), HTTPStatus.SEE_OTHER)


@bp.get("/plans/<name>")
@signed_in(Role.ADMIN)
def plan(name: str, by: Operator) -> str:
    """One plan: its words, its area, how long it lasts."""
    del by
    found = services().sources.plans.get(name)
    outline = found.form.area.geometry.representative_point()
    return render_template(
        "console/plan.html", plan=found, middle=(outline.x, outline.y)
    )


@bp.post("/plans/<name>/remove")
@signed_in(Role.ADMIN)
def remove_plan(name: str, by: Operator) -> AnyResponse:
    """Remove a plan that no sensor uses."""
    try:
        services().sources.plans.remove(name, by=by.name)
    except AlertError as error:
        return _sources_page(sentence_of(error))
    flash(_("The plan is removed."))
    return redirect(url_for("sources_pages.sources"), HTTPStatus.SEE_OTHER)


@bp.get("/kept")
@signed_in(Role.ADMIN)
def kept(by: Operator) -> str:
    """What is kept of people, for how long, and what decides so."""
    del by
    return render_template("console/kept.html", lines=options().retention)


def _document(data: bytes) -> object:
    """Read JSON.

    Raises
    ------
    InvalidPlanError
        If it is none.
    """
    try:
        document: object = json.loads(data)
    except (ValueError, RecursionError):
        raise InvalidPlanError("The file is not JSON in UTF-8.") from None
    return document


def _sources_page(problem: str | None) -> AnyResponse:
    known = services().sources
    page = render_template(
        "console/sources.html",
        feeds=known.feeds.lines(),
        plans=known.plans.list(after="", limit=N_PLANS),
        sensors=known.sensors.list(after="", limit=N_PLANS),
        webhooks=known.webhooks.list(),
        problem=problem,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return make_response(page, status)
