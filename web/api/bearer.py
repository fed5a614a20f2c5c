"""API callers: a bearer token, and the role it carries.

The API never reads a cookie, so no other site can make a browser call it.
"""

from __future__ import annotations

import math

from flask import current_app, request

from accounts.operators import Operator, Role
from web.api.rate_limit import RateLimit
from web.problems import FORBIDDEN, TOO_MANY, UNAUTHORIZED, ProblemError
from web.services import services

#: The key under which the limit hangs on the application.
LIMIT = "api_rate_limit"
_REALM = 'Bearer realm="tocsin"'


def caller(role: Role) -> Operator:
    """Return who is calling.

    Raises
    ------
    ProblemError
        401 without a valid token, 403 if its role is not enough, 429 if its operator
        asks too much.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ProblemError(
            UNAUTHORIZED,
            "Send Authorization: Bearer TOKEN. `tocsin token create` makes a token.",
            headers={"WWW-Authenticate": _REALM},
        )
    operator = services().accounts.by_token(token.strip())
    if operator is None:
        raise ProblemError(
            UNAUTHORIZED,
            "This token is not known here or no longer valid; make a new one.",
            headers={"WWW-Authenticate": f'{_REALM}, error="invalid_token"'},
        )
    _require_patience(operator)
    if not operator.may(role):
        raise ProblemError(
            FORBIDDEN,
            f"This needs the role {role}; yours is {operator.role}.",
            headers={"WWW-Authenticate": f'{_REALM}, error="insufficient_scope"'},
        )
    return operator


def _require_patience(operator: Operator) -> None:
    """Let one caller not crowd out the others.

    Raises
    ------
    ProblemError
        429, with the seconds to wait.
    """
    limit: RateLimit = current_app.extensions[LIMIT]
    wait_s = limit.wait_s(operator.name)
    if wait_s > 0:
        seconds = math.ceil(wait_s)
        raise ProblemError(
            TOO_MANY,
            f"{operator.name} asks too often; ask again in {seconds} s, or raise "
            "api_requests_per_s in the settings.",
            headers={"Retry-After": str(seconds)},
        )
