"""Who is signed in to the console: a signed cookie, a CSRF token, an end.

The cookie says who and since when; whether that operator may still work here is asked
anew at every page.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import g, redirect, request, session, url_for

from accounts.operators import Operator, Role
from web.problems import BAD_CSRF, FORBIDDEN, ProblemError
from web.routing import View, mark, needs
from web.services import options, services

CSRF_FIELD = "csrf_token"
#: The language somebody chose; it outlives signing in and out.
LANGUAGE = "language"
#: Between the password and the code.
SECOND_STEP = timedelta(minutes=10)
#: One slash, then what our own addresses are made of.
_OUR_PATH = re.compile(r"/(?:[A-Za-z0-9._~%-][A-Za-z0-9._~%/-]*)?")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def begin(operator: Operator) -> None:
    """Sign an operator in; of what the cookie held before, the language stays."""
    end()
    session["name"] = operator.name
    session["since"] = services().now().isoformat()
    session["csrf"] = secrets.token_urlsafe(16)


def begin_second_step(operator: Operator, goes_on_to: str) -> None:
    """Note whose password was right; nobody is signed in yet."""
    end()
    session["pending"] = operator.name
    session["pending_since"] = services().now().isoformat()
    session["goes_on_to"] = safe_path(goes_on_to)
    session["csrf"] = secrets.token_urlsafe(16)


def pending_operator() -> Operator | None:
    """Return whose password was right; None when nobody's, or too long ago."""
    name, since = session.get("pending"), session.get("pending_since")
    if not isinstance(name, str) or not isinstance(since, str):
        return None
    if services().now() - datetime.fromisoformat(since) > SECOND_STEP:
        end()
        return None
    return services().accounts.by_name(name)


def goes_on_to() -> str:
    """Where whoever is about to be signed in wanted to go."""
    return safe_path(str(session.get("goes_on_to", "")))


def safe_path(path: str) -> str:
    r"""Return a path of ours, else the first page: no link leads out through the door.

    Examples
    --------
    >>> safe_path("/alerts/new"), safe_path("//evil.example"), safe_path("/\\\\evil")
    ('/alerts/new', '/', '/')
    """
    is_ours = _OUR_PATH.fullmatch(path) is not None
    return path if is_ours else "/"


def end() -> None:
    """Sign out."""
    chosen = session.get(LANGUAGE)
    session.clear()
    if chosen is not None:
        session[LANGUAGE] = chosen


def current_operator() -> Operator | None:
    """Return who is signed in; None when nobody is, or their time is over."""
    name, since = session.get("name"), session.get("since")
    if not isinstance(name, str) or not isinstance(since, str):
        return None
    age = services().now() - datetime.fromisoformat(since)
    if age > timedelta(minutes=options().session_minutes):
        end()
        return None
    return services().accounts.by_name(name)


def csrf_token() -> str:
    """Return the token that every form of this session must carry."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(16)
    return str(session["csrf"])


def check_csrf() -> None:
    """Refuse a form that another site, or an older session, made.

    Raises
    ------
    ProblemError
        403 if the token is missing or wrong.
    """
    expected = str(session.get("csrf", ""))
    given = request.form.get(CSRF_FIELD, "")
    if not expected or not hmac.compare_digest(expected.encode(), given.encode()):
        raise ProblemError(
            BAD_CSRF, "Load the page again, then send the form once more."
        )


def signed_in(role: Role) -> Callable[[View], View]:
    """Serve a page to operators who may do what ``role`` may do, others sign in first.

    The view gets the operator as ``by``. Forms must carry the session's token.

    Raises
    ------
    ProblemError
        403 if the role is not enough.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def serve(**arguments: Any) -> Any:
            operator = current_operator()
            if operator is None:
                return redirect(_way_to_the_door(), 303)
            if not operator.may(role):
                raise ProblemError(
                    FORBIDDEN, f"This needs the role {role}; yours is {operator.role}."
                )
            if request.method not in _SAFE_METHODS:
                check_csrf()
            g.operator = operator
            return view(**arguments, by=operator)

        return mark(serve, needs(role))

    return declare


def _way_to_the_door() -> str:
    """The sign-in page; from there back to the page that was asked for.

    A form is not sent again by itself: from it the way leads back to its page.
    """
    door = url_for("sign_in.show")
    is_page = request.method == "GET"
    path = request.path if is_page else safe_path(urlsplit(request.referrer or "").path)
    return door if path == "/" else f"{door}?{urlencode({'next': path})}"
