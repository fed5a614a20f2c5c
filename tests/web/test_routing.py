"""Every route says who may use it, and means it."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Rule

from accounts.operators import Role
from tests.web.fakes import FakeServices
from web import WebOptions, register
from web.registration import UnmarkedRouteError, blueprints, operations
from web.routing import access_of, unmarked

#: What anybody may ask; a longer list needs a reason.
PUBLIC = {
    "/api/v1/openapi.json",
    "/feeds/alerts.geojson",
    "/feeds/cap.atom",
    "/feeds/cap.rss",
    "/feeds/cap/<alert_id>.xml",
    "/health/live",
    "/health/ready",
    "/language",
    "/metrics",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/enrol",
    "/static/<path:name>",
    "/static/lib/<name>",
    "/telephony/audio/<digest>.wav",
}
_SAMPLES = {
    "alert_id": "a1",
    "subscriber_id": "1",
    "name": "x",
    "number": "1",
    "carrier": "main",
}


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def url_of(rule: Rule) -> str:
    arguments = {
        name: _SAMPLES.get(name, "7" if name == "attempt_id" else "en.a.1.1")
        for name in rule.arguments
        if name not in (rule.defaults or {})
    }
    built = rule.build({**arguments, **(rule.defaults or {})})
    assert built is not None
    return built[1]


def test_every_route_is_marked(app: Flask) -> None:
    """PUBLIC, a role, or SIGNED: there is no fourth."""
    assert unmarked(app) == []
    assert len(rules(app)) > 25


def test_public_routes_are_these(app: Flask) -> None:
    """Nothing becomes public by accident."""
    public = {
        rule.rule
        for rule in rules(app)
        if (access := access_of(app.view_functions[rule.endpoint]))
        and access.kind == "PUBLIC"
    }
    assert public == PUBLIC


def test_signed_routes_are_the_carriers(app: Flask) -> None:
    """What carriers call and other systems push is signed, and nothing else is."""
    for rule in rules(app):
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None
        is_carriers = rule.rule.startswith(("/telephony/", "/intake/"))
        is_sound = rule.rule.startswith("/telephony/audio/")
        assert (access.kind == "SIGNED") == (is_carriers and not is_sound)


def test_nothing_but_public_routes_answers_a_stranger(app: Flask) -> None:
    """Without token, session or signature every other route refuses."""
    for rule in rules(app):
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            form = {"a": "b"} if access.kind == "SIGNED" else None
            answer = app.test_client().open(url_of(rule), method=method, data=form)
            if access.kind == "SIGNED":
                assert answer.status_code == 403, rule
            elif access.kind == "ROLE" and rule.rule.startswith("/api/"):
                assert answer.status_code == 401, rule
            elif access.kind == "ROLE":
                assert answer.location.partition("?")[0] == "/sign-in", rule


def test_roles_below_the_mark_are_refused(app: Flask) -> None:
    """A role that is not enough gets 403 on every operation of the API."""
    client = app.test_client()
    operators = FakeServices().accounts.operators
    for operation in operations():
        url = f"/api/v1{operation.rule}".replace("<alert_id>", "a1")
        for role in Role:
            if operators[role.value].may(operation.role):
                continue
            answer = client.open(
                url.replace("<subscriber_id>", "1"),
                method=operation.method,
                headers={"Authorization": f"Bearer t-{role}"},
            )
            assert answer.status_code == 403, (operation.name, role)


def test_viewer_changes_nothing() -> None:
    """A viewer may look and count; every change needs more."""
    for operation in operations():
        if operation.method != "GET" and operation.name != "count_audience":
            assert operation.role is not Role.VIEWER, operation.name


def test_unmarked_route_stops_the_start() -> None:
    """An application with a route that says nothing does not start."""
    app = Flask("web", static_folder=None)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secrets")

    with pytest.raises(UnmarkedRouteError, match="/forgotten"):
        register(
            app,
            services=FakeServices(),
            options=WebOptions(secret_key="k" * 32, public_url="http://h"),
            version="1",
        )


def test_every_blueprint_is_served_once() -> None:
    """Two applications in one process do not disturb each other."""
    names = [blueprint.name for blueprint in blueprints()]

    assert len(names) == len(set(names))
