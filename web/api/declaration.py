"""The one way to declare a route of the API: checked, served and described from it.

An operation names its role, what it reads and what it answers. The same declaration
makes the server validate, and ``web.api.openapi`` describe; neither can be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Blueprint, Response
from pydantic import BaseModel

from accounts.operators import Role
from web.api.bearer import caller
from web.bodies import JSON, Bodies, Raw, media_type_of, read_model, read_query
from web.routing import View, mark, needs

PREFIX = "/api/v1"

#: A view keeps its own type, so that a test may call it.
V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One method of one path, as it is served and described."""

    name: str
    method: str
    #: Flask's rule, below the prefix.
    rule: str
    role: Role
    #: One line, and the rest.
    summary: str
    description: str
    tag: str
    query: type[BaseModel] | None
    bodies: Bodies
    status: HTTPStatus
    #: Media type → model, or a description of what it is; empty for no content.
    answers: Mapping[str, type[BaseModel] | str]
    #: Further statuses of success.
    also: Mapping[HTTPStatus, str] = field(default_factory=dict)
    #: Statuses of problems beyond those that every operation has.
    problems: tuple[HTTPStatus, ...] = ()


class Api:
    """The operations of one topic.

    Parameters
    ----------
    tag : str
        The topic's name, also that of the blueprint.
    """

    def __init__(self, tag: str) -> None:
        self.blueprint = Blueprint(f"api_{tag}", __name__, url_prefix=PREFIX)
        self.operations: list[Operation] = []
        self._tag = tag

    def operation(
        self,
        method: str,
        rule: str,
        *,
        role: Role,
        summary: str,
        query: type[BaseModel] | None = None,
        body: Bodies | type[BaseModel] | None = None,
        answer: type[BaseModel] | Mapping[str, type[BaseModel] | str] | None = None,
        status: HTTPStatus = HTTPStatus.OK,
        also: Mapping[HTTPStatus, str] | None = None,
        problems: tuple[HTTPStatus, ...] = (),
    ) -> Callable[[V], V]:
        """Declare a view as an operation.

        The view is called with ``by`` (the operator), the variables of the rule,
        ``query`` when there is one, and for a body ``body``: the model, or the media
        type of a raw body that the view reads itself. It returns a model, a
        ``(model, status, headers)``, a response, or None.
        """

        def declare(view: V) -> V:
            operation = Operation(
                name=view.__name__,
                method=method,
                rule=rule,
                role=role,
                summary=summary,
                description=_description(view),
                tag=self._tag,
                query=query,
                bodies={JSON: body} if isinstance(body, type) else dict(body or {}),
                status=status,
                answers={JSON: answer} if isinstance(answer, type) else answer or {},
                also=also or {},
                problems=problems,
            )
            self.operations.append(operation)
            served = mark(_serve(operation, view), needs(role))
            self.blueprint.add_url_rule(
                rule, view.__name__, served, methods=[method], strict_slashes=True
            )
            return view

        return declare


def _description(view: View) -> str:
    """The view's docstring as running text."""
    return " ".join((view.__doc__ or "").split())


def _serve(operation: Operation, view: View) -> View:
    def serve(**arguments: Any) -> Response:
        arguments["by"] = caller(operation.role)
        if operation.query is not None:
            arguments["query"] = read_query(operation.query)
        if operation.bodies:
            arguments["body"] = _read_body(operation.bodies)
        return _respond(operation, view(**arguments))

    return serve


def _read_body(bodies: Bodies) -> BaseModel | str:
    media_type = media_type_of(tuple(bodies))
    body = bodies[media_type]
    return media_type if isinstance(body, Raw) else read_model(body)


def _respond(operation: Operation, result: Any) -> Response:
    """Write what a view returned."""
    if isinstance(result, Response):
        return result
    status, headers = operation.status, {}
    if isinstance(result, tuple):
        result, status, headers = result
    if result is None:
        return Response(status=status, headers=headers)
    return Response(result.model_dump_json(), status, headers=headers, mimetype=JSON)
