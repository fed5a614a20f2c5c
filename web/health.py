"""For those who watch the service: alive, ready, figures."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Blueprint, Response

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
    }
    return _json(document, status)


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Figures for Prometheus; none of them can name a person."""
    return Response(exposition(services().health.metrics()), content_type=MEDIA_TYPE)


def _json(document: object, status: HTTPStatus) -> Response:
    body = json.dumps(document, ensure_ascii=False)
    return Response(body, status, mimetype="application/json")
