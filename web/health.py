"""For those who watch the service: alive, ready, figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, Response

from ops.health import Check
from web.exposition import MEDIA_TYPE, exposition
from web.routing import public
from web.services import services

bp = Blueprint("health", __name__)


@bp.get("/health/live")
@public
def live() -> Response:
    """The process answers; restart it when this does not."""
    return _json({"status": "live"}, HTTPStatus.OK)


@bp.get("/health/ready")
@public
def ready() -> Response:
    """Alerts can be sent now, or why not."""
    readiness = services().health.readiness()
    status = HTTPStatus.OK if readiness.is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    document = {
        "status": "ready" if readiness.is_ready else "not ready",
        "checks": [
            {"name": check.name, "ok": check.ok, "sentence": check.sentence}
            for check in readiness.checks
        ],
        # They bring alerts in; whether alerts can be sent does not hang on them.
        "feeds": [
            {"name": check.name, "ok": check.ok, "sentence": check.sentence}
            for check in _feed_checks(is_ready=readiness.is_ready)
        ],
    }
    return _json(document, status)


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Figures for Prometheus; none of them can name a person."""
    known = services()
    figures = (*known.health.metrics(), *known.sources.metrics())
    return Response(exposition(figures), content_type=MEDIA_TYPE)


def _feed_checks(*, is_ready: bool) -> Sequence[Check]:
    """How feeds are, if there is a database that can be asked."""
    return services().sources.feed_checks() if is_ready else []


def _json(document: object, status: HTTPStatus) -> Response:
    body = json.dumps(document, ensure_ascii=False)
    return Response(body, status, mimetype="application/json")
