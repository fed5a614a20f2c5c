"""A live alert in hand: pause it, let it go on, send it for longer; who is where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from accounts.operators import Operator, Role
from warning.alert import AlertCase, AlertId
from warning.errors import AlertError
from web.console.panels import panel_of
from web.console.situation.overview import people_by_area
from web.services import options, services
from web.sessions import signed_in

bp = Blueprint("steering", __name__, url_prefix="/alerts")


@bp.post("/<alert_id>/pause")
@signed_in(Role.OPERATOR)
def pause(alert_id: AlertId, by: Operator) -> AnyResponse:
    """Let nothing more of it leave."""
    return _done(alert_id, lambda: services().holding.pause(alert_id, by=by.name))


@bp.post("/<alert_id>/resume")
@signed_in(Role.OPERATOR)
def resume(alert_id: AlertId, by: Operator) -> AnyResponse:
    """Let it go on."""
    return _done(alert_id, lambda: services().holding.resume(alert_id, by=by.name))


@bp.post("/<alert_id>/extend")
@signed_in(Role.APPROVER)
def extend(alert_id: AlertId, by: Operator) -> AnyResponse:
    """Send it for longer; the time is read by the clock of the installation."""
    try:
        written = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        flash(_("Write the time as 2026-12-31T18:00."))
        return _back(alert_id)
    until = written.replace(tzinfo=options().zone).astimezone(UTC)
    return _done(
        alert_id, lambda: services().holding.extend(alert_id, until, by=by.name)
    )


@bp.get("/<alert_id>/people.json")
@signed_in(Role.VIEWER)
def people(alert_id: AlertId, by: Operator) -> Response:
    """Its people by area and state, for the map; counts alone."""
    del by
    known = services()
    panel = panel_of(known, known.board.get(alert_id), known.areas.names())
    told = people_by_area([panel], is_live_only=False)
    return Response(told, mimetype="application/json")


def _done(alert_id: AlertId, step: Callable[[], AlertCase]) -> AnyResponse:
    try:
        step()
    except AlertError as error:
        flash(str(error))
    return _back(alert_id)


def _back(alert_id: AlertId) -> AnyResponse:
    return redirect(url_for("alerts.show", alert_id=alert_id), HTTPStatus.SEE_OTHER)
