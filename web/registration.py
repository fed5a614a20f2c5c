"""Puts the web side on an application: the one place that knows every blueprint."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from flask import Blueprint, Flask, Response, request

from web import feeds, health, problems, pushed
from web.api import alerts as api_alerts
from web.api import areas as api_areas
from web.api import cases as api_cases
from web.api import citizens as api_citizens
from web.api import escalation as api_escalation
from web.api import follow_ups as api_follow_ups
from web.api import holding as api_holding
from web.api import message_texts as api_message_texts
from web.api import messages as api_messages
from web.api import people as api_people
from web.api import plans as api_plans
from web.api import recordings as api_recordings
from web.api import responders as api_responders
from web.api import sensors as api_sensors
from web.api import sources as api_sources
from web.api import voice as api_voice
from web.api.bearer import LIMIT
from web.api.declaration import PREFIX, Operation
from web.api.openapi import describe
from web.api.rate_limit import RateLimit
from web.carriers import audio, hooks, ivr
from web.carriers.fast_hooks import FastHooks
from web.console import assets, frame, languages
from web.console.alerts import (
    alerts,
    drafts,
    new_alert,
    outlines,
    report_file,
    steering,
    watching,
)
from web.console.cases import case_desk, cases, roster
from web.console.door import second_step, sign_in
from web.console.people import importing, people, reports
from web.console.running import (
    administering,
    escalation,
    plan_form,
    record,
    scripts,
    sources_pages,
    telco,
    texts,
)
from web.console.situation import layers, live, situation
from web.headers import secure
from web.routing import public, unmarked
from web.services import EXTENSION, OPTIONS, Services, WebOptions
from web.sessions import csrf_token
from web.throttle import SignInThrottle

_TOPICS = (
    api_people.api,
    api_areas.areas,
    api_areas.audience,
    api_alerts.api,
    api_follow_ups.api,
    api_holding.api,
    api_messages.api,
    api_message_texts.api,
    api_plans.api,
    api_escalation.api,
    api_recordings.api,
    api_cases.api,
    api_citizens.api,
    api_voice.api,
    api_responders.responders,
    api_responders.aeds,
    api_sensors.api,
    api_sources.feeds,
    api_sources.webhooks,
    api_sources.audit,
)


class UnmarkedRouteError(Exception):
    """A route does not say who may use it; the application does not start."""


def operations() -> list[Operation]:
    """Every operation of the API, topic by topic."""
    return [operation for topic in _TOPICS for operation in topic.operations]


def blueprints() -> list[Blueprint]:
    """Every blueprint of the product."""
    return [
        *(topic.blueprint for topic in _TOPICS),
        feeds.bp,
        pushed.bp,
        hooks.bp,
        ivr.bp,
        audio.bp,
        health.bp,
        assets.bp,
        sign_in.bp,
        second_step.bp,
        situation.bp,
        alerts.bp,
        watching.bp,
        report_file.bp,
        steering.bp,
        new_alert.bp,
        drafts.bp,
        outlines.bp,
        case_desk.bp,
        cases.bp,
        reports.bp,
        people.bp,
        roster.bp,
        scripts.bp,
        telco.bp,
        administering.bp,
        sources_pages.bp,
        texts.bp,
        escalation.bp,
        plan_form.bp,
        record.bp,
        layers.bp,
        live.bp,
        languages.bp,
    ]


def register(
    app: Flask, *, services: Services, options: WebOptions, version: str
) -> None:
    """Serve everything from an application.

    Parameters
    ----------
    app : Flask
        Made with ``static_folder=None``.
    services : Services
        What the views call.
    options : WebOptions
    version : str
        Of the product, for the API's description.

    Raises
    ------
    UnmarkedRouteError
        If a route does not say who may use it.
    """
    is_https = options.public_url.startswith("https://")
    app.extensions[EXTENSION] = services
    app.extensions[OPTIONS] = options
    app.extensions[LIMIT] = RateLimit(options.api_requests_per_s, services.now)
    app.extensions[sign_in.THROTTLE] = SignInThrottle(services.now)
    app.config.update(
        SECRET_KEY=options.secret_key,
        MAX_CONTENT_LENGTH=options.max_upload_bytes,
        # Outlines are typed, pasted and drawn into forms.
        MAX_FORM_MEMORY_SIZE=options.area_limits.max_bytes,
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=options.session_minutes),
        SESSION_COOKIE_NAME="tocsin",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=is_https,
    )
    app.after_request(_header_writer(is_https=is_https))
    app.context_processor(lambda: {"csrf_token": csrf_token})
    app.context_processor(frame.context)
    languages.install(app)
    live.install(app, time.monotonic)
    importing.install(app, time.monotonic)
    problems.install(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    _serve_description(app, version)
    # As Flask says to wrap it, whatever a type checker thinks of a method.
    app.wsgi_app = FastHooks(app.wsgi_app, services)  # type: ignore[method-assign]
    missing = unmarked(app)
    if missing:
        raise UnmarkedRouteError(
            f"Say who may use {', '.join(missing)}: PUBLIC, a role, or SIGNED."
        )


def _header_writer(*, is_https: bool) -> Callable[[Response], Response]:
    def write(response: Response) -> Response:
        # A carrier is no browser, and at thousands of callbacks a second the headers
        # for browsers cost a fifth of the answer.
        if request.path.startswith("/telephony/"):
            return response
        return secure(response, is_https=is_https)

    return write


def _serve_description(app: Flask, version: str) -> None:
    @cache
    def document() -> str:
        return json.dumps(describe(operations(), version=version))

    def openapi() -> Response:
        return Response(document(), mimetype="application/json")

    app.add_url_rule(f"{PREFIX}/openapi.json", "openapi", public(openapi))
