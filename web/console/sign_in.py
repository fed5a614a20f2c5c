"""The door of the console: name and password, slowly for those who guess."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import cast

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from accounts.errors import SignInError
from accounts.operators import Role
from web import sessions
from web.routing import public
from web.services import services
from web.throttle import SignInThrottle

logger = logging.getLogger(__name__)

bp = Blueprint("sign_in", __name__)

#: The key under which the throttle hangs on the application.
THROTTLE = "sign_in_throttle"
_MAX_FORM_BYTES = 8 * 1024
_MAX_NAME = 100
#: argon2 reads it all; nobody types more.
_MAX_PASSWORD = 1_000


@bp.get("/sign-in")
@public
def show() -> AnyResponse:
    """The form; who is signed in already goes straight on."""
    if sessions.current_operator() is not None:
        return redirect(url_for("situation.show"), HTTPStatus.SEE_OTHER)
    return _form("", None, HTTPStatus.OK)


@bp.post("/sign-in")
@public
def sign_in() -> AnyResponse:
    """Check name and password."""
    request.max_content_length = _MAX_FORM_BYTES
    sessions.check_csrf()
    name = request.form.get("name", "").strip()[:_MAX_NAME]
    password = request.form.get("password", "")[:_MAX_PASSWORD]
    throttle = cast("SignInThrottle", current_app.extensions[THROTTLE])
    address = request.remote_addr or ""
    wait_s = throttle.wait_s(name, address)
    if wait_s:
        sentence = f"Too many tries. Wait {wait_s} s, then try again."
        answer = _form(name, sentence, HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(wait_s)
        return answer
    try:
        operator = services().accounts.sign_in(name, password)
    except SignInError:
        throttle.failed(name, address)
        logger.warning("A sign-in from %s failed", address)
        sentence = "Name or password is wrong. Check both and try again."
        return _form(name, sentence, HTTPStatus.UNAUTHORIZED)
    throttle.succeeded(name, address)
    sessions.begin(operator)
    return redirect(url_for("situation.show"), HTTPStatus.SEE_OTHER)


@bp.post("/sign-out")
@sessions.signed_in(Role.VIEWER)
def sign_out(**_operator: object) -> AnyResponse:
    """End the session."""
    sessions.end()
    return redirect(url_for("sign_in.show"), HTTPStatus.SEE_OTHER)


def _form(name: str, problem: str | None, status: HTTPStatus) -> Response:
    page = render_template("sign_in.html", name=name, problem=problem)
    return make_response(page, status)
