"""API callers: a bearer token, and the role it carries.

The API never reads a cookie, so no other site can make a browser call it.
"""

from __future__ import annotations

from flask import request

from accounts.operators import Operator, Role
from web.problems import FORBIDDEN, UNAUTHORIZED, ProblemError
from web.services import services

_REALM = 'Bearer realm="tocsin"'


def caller(role: Role) -> Operator:
    """Return who is calling.

    Raises
    ------
    ProblemError
        401 without a valid token, 403 if its role is not enough.
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
    if not operator.may(role):
        raise ProblemError(
            FORBIDDEN,
            f"This needs the role {role}; yours is {operator.role}.",
            headers={"WWW-Authenticate": f'{_REALM}, error="insufficient_scope"'},
        )
    return operator
