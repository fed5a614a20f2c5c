"""Who is signed in to the console: a signed cookie, a CSRF token, an end.

The cookie says who and since when; whether that operator may still work here is asked
anew at every page.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import g, redirect, request, session, url_for

from accounts.operators import Operator, Role
from web.problems import BAD_CSRF, FORBIDDEN, ProblemError
from web.routing import View, mark, needs
from web.services import options, services

CSRF_FIELD = "csrf_token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def begin(operator: Operator) -> None:
    """Sign an operator in; whatever the cookie held before is gone."""
    session.clear()
    session["name"] = operator.name
    session["since"] = services().now().isoformat()
    session["csrf"] = secrets.token_urlsafe(16)


def end() -> None:
    """Sign out."""
    session.clear()


def current_operator() -> Operator | None:
    """Return who is signed in; None when nobody is, or their time is over."""
    name, since = session.get("name"), session.get("since")
    if not isinstance(name, str) or not isinstance(since, str):
        return None
    age = services().now() - datetime.fromisoformat(since)
    if age > timedelta(minutes=options().session_minutes):
        session.clear()
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
                return redirect(url_for("sign_in.show"), 303)
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
