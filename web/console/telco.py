"""Carriers: what they may, how fast they go, what they refuse; a text to oneself."""

from __future__ import annotations

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
from web.services import services
from web.sessions import signed_in

bp = Blueprint("telco", __name__, url_prefix="/telco")

_MAX_NUMBER = 40


@bp.get("/")
@signed_in(Role.VIEWER)
def show(by: Operator) -> str:
    """Every carrier, and what failed in the last hour."""
    return _page(by, None)


@bp.post("/test")
@signed_in(Role.ADMIN)
def test(by: Operator) -> AnyResponse:
    """Send a text to a number of one's own."""
    number = request.form.get("number", "").strip()[:_MAX_NUMBER]
    try:
        word = services().trial_messages.send(number, by=by.name)
    except ValueError as error:
        return make_response(_page(by, str(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(_("A text with the word %(word)s is on its way.", word=word))
    return redirect(url_for("telco.show"), HTTPStatus.SEE_OTHER)


def _page(by: Operator, problem: str | None) -> str:
    known = services()
    return render_template(
        "console/telco.html",
        carriers=known.carriers.lines(),
        faults=known.carriers.faults(),
        problem=problem,
        may_test=by.may(Role.ADMIN),
    )
