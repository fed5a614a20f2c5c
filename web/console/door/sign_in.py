"""The door of the console: name and password, slowly for those who guess.

The second step is in ``web.console.door.second_step``.
"""

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
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from accounts.errors import SignInError
from accounts.operators import Role
from web import sessions
from web.routing import public
from web.services import options, services
from web.throttle import SignInThrottle

logger = logging.getLogger(__name__)

bp = Blueprint("sign_in", __name__)

#: The key under which the throttle hangs on the application.
THROTTLE = "sign_in_throttle"
MAX_FORM_BYTES = 8 * 1024
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
    request.max_content_length = MAX_FORM_BYTES
    sessions.check_csrf()
    name = request.form.get("name", "").strip()[:_MAX_NAME]
    password = request.form.get("password", "")[:_MAX_PASSWORD]
    if seconds := wait_s(name):
        return too_often(_form(name, wait_sentence(seconds), HTTPStatus.OK), seconds)
    try:
        operator = services().accounts.sign_in(name, password)
    except SignInError:
        failed(name)
        sentence = _("Name or password is wrong. Check both and try again.")
        return _form(name, sentence, HTTPStatus.UNAUTHORIZED)
    goes_on_to = request.args.get("next", "")
    if services().second_factors.is_enrolled(operator.name):
        sessions.begin_second_step(operator, goes_on_to)
        return redirect(url_for("second_step.show"), HTTPStatus.SEE_OTHER)
    if options().is_second_factor_required:
        sessions.begin_second_step(operator, goes_on_to)
        return redirect(url_for("second_step.show_enrolment"), HTTPStatus.SEE_OTHER)
    succeeded(name)
    sessions.begin(operator)
    return redirect(sessions.safe_path(goes_on_to), HTTPStatus.SEE_OTHER)


@bp.post("/sign-out")
@sessions.signed_in(Role.VIEWER)
def sign_out(**_operator: object) -> AnyResponse:
    """End the session."""
    sessions.end()
    return redirect(url_for("sign_in.show"), HTTPStatus.SEE_OTHER)


def failed(name: str) -> None:
    """Remember a failure."""
    _throttle().failed(name, _address())
    logger.warning("A sign-in from %s failed", _address())


def succeeded(name: str) -> None:
    """Forget the failures of who has come in."""
    _throttle().succeeded(name, _address())


def wait_s(name: str) -> int:
    """Seconds until the next try is heard; 0 for now."""
    return _throttle().wait_s(name, _address())


def wait_sentence(seconds: int) -> str:
    """What is told to who tries too often."""
    return str(_("Too many tries. Wait %(n)s s, then try again.", n=seconds))


def too_often(page: Response, seconds: int) -> Response:
    """Make a page the answer to a try that comes too soon."""
    page.status_code = HTTPStatus.TOO_MANY_REQUESTS
    page.headers["Retry-After"] = str(seconds)
    return page


def _throttle() -> SignInThrottle:
    return cast("SignInThrottle", current_app.extensions[THROTTLE])


def _address() -> str:
    return request.remote_addr or ""


def _form(name: str, problem: str | None, status: HTTPStatus) -> Response:
    page = render_template("sign_in.html", name=name, problem=problem)
    return make_response(page, status)
