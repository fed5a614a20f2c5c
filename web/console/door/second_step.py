"""After the password: six digits, or enrolling the telephone that shows them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

import segno
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

from accounts.errors import SignInError
from accounts.operators import Operator
from web import sessions
from web.console.door import sign_in
from web.routing import View, public
from web.services import services

bp = Blueprint("second_step", __name__, url_prefix="/sign-in")

_MAX_CODE = 40


def _half_in(view: Callable[..., AnyResponse]) -> View:
    """Serve a page to somebody whose password was right; others start over."""

    @wraps(view)
    def serve(**arguments: Any) -> AnyResponse:
        operator = sessions.pending_operator()
        if operator is None:
            return redirect(url_for("sign_in.show"), HTTPStatus.SEE_OTHER)
        if request.method == "POST":
            request.max_content_length = sign_in.MAX_FORM_BYTES
            sessions.check_csrf()
        return view(operator, **arguments)

    # Who is half in is nobody yet: the session of the password is what is asked.
    return public(serve)


@bp.get("/code")
@_half_in
def show(operator: Operator) -> AnyResponse:
    """Ask for the code."""
    del operator
    return _code_page(None, HTTPStatus.OK)


@bp.post("/code")
@_half_in
def check(operator: Operator) -> AnyResponse:
    """Let the operator in."""
    if seconds := sign_in.wait_s(operator.name):
        page = _code_page(sign_in.wait_sentence(seconds), HTTPStatus.OK)
        return sign_in.too_often(page, seconds)
    try:
        services().second_factors.check(operator.name, _code())
    except SignInError as error:
        sign_in.failed(operator.name)
        return _code_page(str(error), HTTPStatus.UNAUTHORIZED)
    return _in(operator)


@bp.get("/enrol")
@_half_in
def show_enrolment(operator: Operator) -> AnyResponse:
    """Show the picture for the telephone."""
    return _enrolment_page(operator, None, HTTPStatus.OK)


@bp.post("/enrol")
@_half_in
def enrol(operator: Operator) -> AnyResponse:
    """Take the first code; show the recovery codes this once."""
    if seconds := sign_in.wait_s(operator.name):
        sentence = sign_in.wait_sentence(seconds)
        early = _enrolment_page(operator, sentence, HTTPStatus.OK)
        return sign_in.too_often(early, seconds)
    try:
        codes = services().second_factors.confirm(operator.name, _code())
    except SignInError as error:
        sign_in.failed(operator.name)
        return _enrolment_page(operator, str(error), HTTPStatus.UNAUTHORIZED)
    goes_on_to = sessions.goes_on_to()
    _in(operator)
    page = render_template("recovery_codes.html", codes=codes, goes_on_to=goes_on_to)
    return make_response(page)


def _in(operator: Operator) -> AnyResponse:
    goes_on_to = sessions.goes_on_to()
    sign_in.succeeded(operator.name)
    sessions.begin(operator)
    return redirect(goes_on_to, HTTPStatus.SEE_OTHER)


def _code() -> str:
    return request.form.get("code", "")[:_MAX_CODE]


def _code_page(problem: str | None, status: HTTPStatus) -> Response:
    return make_response(render_template("code.html", problem=problem), status)


def _enrolment_page(
    operator: Operator, problem: str | None, status: HTTPStatus
) -> Response:
    try:
        enrolment = services().second_factors.enrol(operator.name)
    except SignInError:
        problem = problem or _("You have a second factor already; give its code.")
        return _code_page(problem, status)
    picture = segno.make(enrolment.uri, error="m").svg_data_uri(scale=5, border=2)
    page = render_template(
        "enrol.html", picture=picture, secret=enrolment.secret, problem=problem
    )
    return make_response(page, status)
