"""The API's description (OpenAPI 3.1), from the declarations that the server obeys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.api.declaration import PREFIX, Operation
from web.bodies import Raw
from web.models.answers import ProblemOut
from web.problems import MEDIA_TYPE

_REF = "#/components/schemas/{model}"
_VARIABLE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_SECURITY = "token"

Schema = dict[str, Any]
_Use = Literal["validation", "serialization"]


def describe(operations: Sequence[Operation], *, version: str) -> Schema:
    """Return the whole document.

    Parameters
    ----------
    operations : sequence of Operation
        In the order in which they are shown.
    version : str
        Of the product.
    """
    refs, schemas = _schemas(operations)
    paths: dict[str, Schema] = {}
    for operation in operations:
        path = paths.setdefault(path_of(operation), {})
        path[operation.method.lower()] = _describe(operation, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tocsin",
            "version": version,
            "description": "Early warning and mobilisation by text and phone call.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": PREFIX}],
        "security": [{_SECURITY: []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(o.tag for o in operations)],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {_SECURITY: {"type": "http", "scheme": "bearer"}},
        },
    }


def path_of(operation: Operation) -> str:
    """The path as OpenAPI writes it: ``/alerts/{alert_id}``."""
    return _VARIABLE.sub(r"{\1}", operation.rule)


def _schemas(
    operations: Sequence[Operation],
) -> tuple[dict[tuple[type[BaseModel], _Use], Schema], Schema]:
    """Return a reference for each model and use, and the schemas they refer to."""
    problem: tuple[type[BaseModel], _Use] = (ProblemOut, "serialization")
    uses = list(dict.fromkeys((*_models(operations), problem)))
    found, definitions = models_json_schema(uses, ref_template=_REF)
    refs = {(model, use): found[model, use] for model, use in uses}
    return refs, definitions.get("$defs", {})


def _models(operations: Iterable[Operation]) -> Iterator[tuple[type[BaseModel], _Use]]:
    for operation in operations:
        for body in operation.bodies.values():
            model = body.model if isinstance(body, Raw) else body
            if model is not None:
                yield model, "validation"
        for answer in operation.answers.values():
            if isinstance(answer, type):
                yield answer, "serialization"


def _describe(
    operation: Operation, refs: Mapping[tuple[type[BaseModel], _Use], Schema]
) -> Schema:
    described: Schema = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": f"{operation.description} Needs the role {operation.role}.",
        "parameters": [*_path_parameters(operation), *_query_parameters(operation)],
        "responses": _responses(operation, refs),
    }
    if operation.bodies:
        described["requestBody"] = {
            "required": True,
            "content": {
                media_type: {"schema": _body(body, refs)}
                for media_type, body in operation.bodies.items()
            },
        }
    return described


def _body(
    body: type[BaseModel] | Raw,
    refs: Mapping[tuple[type[BaseModel], _Use], Schema],
) -> Schema:
    model = body.model if isinstance(body, Raw) else body
    if model is None:
        assert isinstance(body, Raw)
        return {"description": body.description}
    return refs[model, "validation"]


def _answer(
    answer: type[BaseModel] | str,
    refs: Mapping[tuple[type[BaseModel], _Use], Schema],
) -> Schema:
    if isinstance(answer, str):
        return {"description": answer}
    return refs[answer, "serialization"]


def _path_parameters(operation: Operation) -> list[Schema]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _VARIABLE.findall(operation.rule)
    ]


def _query_parameters(operation: Operation) -> list[Schema]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema(ref_template=_REF)
    required = schema.get("required", [])
    definitions = schema.get("$defs", {})
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": shape.get("description", ""),
            "schema": _inlined(shape, definitions),
        }
        for name, shape in schema["properties"].items()
    ]


def _inlined(shape: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """A parameter's schema with what it refers to in its place."""
    kept = {key: value for key, value in shape.items() if key != "description"}
    if "$ref" in kept:
        return dict(definitions[kept["$ref"].rpartition("/")[2]])
    if "anyOf" in kept:
        kept["anyOf"] = [_inlined(option, definitions) for option in kept["anyOf"]]
    return kept


def _responses(
    operation: Operation, refs: Mapping[tuple[type[BaseModel], _Use], Schema]
) -> Schema:
    content = {
        media_type: {"schema": _answer(answer, refs)}
        for media_type, answer in operation.answers.items()
    }
    success = {"description": operation.status.phrase, "content": content}
    if not content:
        del success["content"]
    responses: Schema = {str(operation.status.value): success}
    for status, meaning in operation.also.items():
        responses[str(status.value)] = {**success, "description": meaning}
        if status is HTTPStatus.OK and operation.query is not None:
            responses[str(status.value)]["content"] = {"application/json": {}}
    problem = {
        MEDIA_TYPE: {"schema": refs[ProblemOut, "serialization"]},
    }
    for status in sorted({*_always(operation), *operation.problems}):
        responses[str(status.value)] = {
            "description": status.phrase,
            "content": problem,
        }
    responses["default"] = {"description": "Any other problem", "content": problem}
    return responses


def _always(operation: Operation) -> Iterator[HTTPStatus]:
    """The problems that every operation of this kind can have."""
    yield HTTPStatus.UNAUTHORIZED
    yield HTTPStatus.FORBIDDEN
    if operation.query is not None:
        yield HTTPStatus.UNPROCESSABLE_ENTITY
    if operation.bodies:
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        yield HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        yield HTTPStatus.BAD_REQUEST
