"""What anybody may read: alerts as Atom, RSS, GeoJSON and CAP."""

from __future__ import annotations

from flask import Blueprint, Response, request

from warning.alert import AlertId
from warning.publishing.publication import Published
from web.routing import public
from web.services import services

bp = Blueprint("feeds", __name__, url_prefix="/feeds")

#: Seconds for which an answer may be kept: a warning must not wait in a cache.
_MAX_AGE_S = 10


@bp.get("/cap.atom")
@public
def atom() -> Response:
    """The newest alerts, each with a link to its CAP."""
    return _answer(services().sources.publication.atom())


@bp.get("/cap.rss")
@public
def rss() -> Response:
    """The same for readers of RSS."""
    return _answer(services().sources.publication.rss())


@bp.get("/alerts.geojson")
@public
def geojson() -> Response:
    """The live alerts on a map."""
    return _answer(services().sources.publication.geojson())


@bp.get("/cap/<alert_id>.xml")
@public
def cap(alert_id: str) -> Response:
    """One alert that the public may read."""
    return _answer(services().sources.publication.cap(AlertId(alert_id)))


def _answer(published: Published) -> Response:
    response = Response(published.body, mimetype=published.media_type)
    response.set_etag(published.etag)
    response.last_modified = published.changed_at
    response.headers["Cache-Control"] = f"public, max-age={_MAX_AGE_S}"
    # Other sites may show our warnings; there is nothing else to read here.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.make_conditional(request)
    return response
