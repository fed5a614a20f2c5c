"""The API's description is valid, complete and true."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.web.alert_bodies import body
from tests.web.fakes import FakeServices, delivery_line
from warning.alert import AlertState
from web.registration import operations

URL = "/api/v1/openapi.json"


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get(URL)
    assert answer.mimetype == "application/json"
    loaded: dict[str, Any] = json.loads(answer.data)
    return loaded


def test_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    """The document satisfies the specification's own schema."""
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == "1.2.3"


def test_every_route_is_in_it(app: Flask, document: dict[str, Any]) -> None:
    """Every route under /api/v1 is described, and nothing else is."""
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.rule != URL
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (f"/api/v1{path}", method)
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert described == served


def test_operations_are_told_apart(document: dict[str, Any]) -> None:
    """Every operation has a name of its own, a summary, its role and its problems."""
    found = [one for path in document["paths"].values() for one in path.values()]

    assert len({one["operationId"] for one in found}) == len(found) == len(operations())
    for one in found:
        assert one["summary"]
        assert "Needs the role" in one["description"]
        assert {"401", "403", "default"} <= set(one["responses"])


def test_references_lead_somewhere(document: dict[str, Any]) -> None:
    """Every reference names a schema that is there."""
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))

    assert names
    assert names <= set(document["components"]["schemas"])


def test_settings_of_the_server_are_in_it(document: dict[str, Any]) -> None:
    """Limits that the server enforces stand in the description."""
    parameters = document["paths"]["/alerts"]["get"]["parameters"]
    limit = next(one for one in parameters if one["name"] == "limit")
    state = next(one for one in parameters if one["name"] == "state")

    assert (limit["schema"]["minimum"], limit["schema"]["maximum"]) == (1, 1_000)
    assert "live" in json.dumps(state)
    severity = document["components"]["schemas"]["Severity"]["enum"]
    assert severity == ["Extreme", "Severe", "Moderate", "Minor", "Unknown"]


def _calls(alert_id: str) -> list[tuple[str, str, dict[str, Any]]]:
    person = {"phone": "+85510000000", "language": "km", "places": [{"area": "KH-8"}]}
    url = f"/alerts/{alert_id}"
    return [
        ("POST", "/subscribers", {"json": person}),
        ("POST", "/subscribers/import", {"data": b"a\n", "content_type": "text/csv"}),
        ("DELETE", "/subscribers/99", {}),
        ("GET", "/areas?limit=1", {}),
        ("POST", "/audience", {"json": body()["area"]}),
        ("POST", "/audience", {"json": {"type": "Point", "coordinates": [1, 2]}}),
        ("POST", "/alerts", {"json": body()}),
        ("POST", "/alerts?dry_run=1", {"json": body()}),
        ("GET", "/alerts?state=live", {}),
        ("GET", url, {}),
        ("GET", f"{url}/progress", {}),
        ("GET", f"{url}/deliveries", {}),
        ("POST", f"{url}/approve", {}),
        ("POST", f"{url}/cancel", {}),
        ("GET", "/alerts/none", {}),
        ("POST", "/alerts", {"json": {}}),
        ("POST", "/alerts", {"data": b"{", "content_type": "application/json"}),
        ("POST", "/alerts", {"data": b"", "content_type": "text/plain"}),
    ]


@pytest.mark.parametrize("number", range(len(_calls("a1"))))
def test_answers_are_as_described(
    client: FlaskClient,
    services: FakeServices,
    document: dict[str, Any],
    admin: dict[str, str],
    number: int,
) -> None:
    """What the server really answers is what the description says."""
    case = services.alert(AlertState.LIVE)
    services.board.lines = [delivery_line(1)]
    method, path, options = _calls(case.alert_id)[number]

    answer = client.open(f"/api/v1{path}", method=method, headers=admin, **options)

    described = _described(document, path, method)[str(answer.status_code)]
    if answer.status_code == 204:
        assert "content" not in described
        return
    schema = described["content"][answer.mimetype].get("schema", {})
    components = {"components": document["components"]}
    OAS31Validator({**schema, **components}).validate(answer.json)


def _described(document: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    """The answers that the description has for a real path."""
    path = path.partition("?")[0]
    for template, methods in document["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            responses: dict[str, Any] = methods.get(method.lower(), {}).get("responses")
            if responses and ("{" not in template or "/import" not in path):
                return responses
    pytest.fail(f"{method} {path} is not described")
