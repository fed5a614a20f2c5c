"""Carriers: what they may, how fast they go, what they refuse; a text to oneself."""

from __future__ import annotations

from http import HTTPStatus

from flask import (
    Blueprint,
    abort,
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
from ops.exchange.phone_wall import ACTS
from telephony.errors import CarrierUnavailableError
from web.console.refusals import sentence_of
from web.services import services
from web.sessions import signed_in

bp = Blueprint("telco", __name__, url_prefix="/telco")

_MAX_NUMBER = 40
_MAX_SAID = 1_600
#: Phones on the wall.
N_PHONES = 12


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
        return make_response(
            _page(by, sentence_of(error)), HTTPStatus.UNPROCESSABLE_ENTITY
        )
    flash(_("A text with the word %(word)s is on its way.", word=word))
    return redirect(url_for("telco.show"), HTTPStatus.SEE_OTHER)


@bp.get("/wall")
@signed_in(Role.VIEWER)
def wall(by: Operator) -> str:
    """Phones of the built-in telco."""
    return _wall("console/wall.html", by)


@bp.get("/wall/now")
@signed_in(Role.VIEWER)
def wall_now(by: Operator) -> str:
    """What moves on that page, for its script."""
    return _wall("console/_wall_now.html", by)


@bp.post("/wall/<phone>/<act>")
@signed_in(Role.OPERATOR)
def hold(phone: str, act: str, by: Operator) -> AnyResponse:
    """Do what a person who holds a simulated phone does."""
    del by
    if act not in ACTS:
        abort(HTTPStatus.NOT_FOUND)
    said = request.form.get("said", "")[:_MAX_SAID]
    try:
        services().phone_wall.act(phone[:_MAX_NUMBER], act, said)
    except CarrierUnavailableError as error:
        flash(sentence_of(error))
    return redirect(url_for("telco.wall"), HTTPStatus.SEE_OTHER)


def _wall(template: str, by: Operator) -> str:
    if not services().phone_wall.is_there:
        abort(HTTPStatus.NOT_FOUND)
    problem, phones = "", []
    try:
        phones = list(services().phone_wall.phones(limit=N_PHONES))
    except CarrierUnavailableError as error:
        problem = sentence_of(error)
    return render_template(
        template, phones=phones, problem=problem, may_act=by.may(Role.OPERATOR)
    )


def _page(by: Operator, problem: str | None) -> str:
    known = services()
    return render_template(
        "console/telco.html",
        carriers=known.carriers.lines(),
        faults=known.carriers.faults(),
        problem=problem,
        may_test=by.may(Role.ADMIN),
        has_wall=known.phone_wall.is_there,
    )
