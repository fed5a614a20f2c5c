"""Style, scripts and packages of the console, served from here and nowhere else."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory

from web.routing import public

FOLDER = Path(__file__).parents[1] / "static"
#: Found by where this file is, so that a command may be run from any folder.
TEMPLATES = Path(__file__).parents[1] / "templates"
#: What npm installed at set-up, by the lock file.
NODE_MODULES = Path(__file__).parents[2] / "node_modules"

#: Name in the browser → file of a package. Nothing else of the packages is served.
PACKAGED: Mapping[str, str] = {
    "land.json": "world-atlas/countries-50m.json",
    "maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "terra-draw-maplibre-gl-adapter.js": (
        "terra-draw-maplibre-gl-adapter/dist/terra-draw-maplibre-gl-adapter.umd.js"
    ),
    "terra-draw.js": "terra-draw/dist/terra-draw.umd.js",
    "topojson-client.js": "topojson-client/dist/topojson-client.min.js",
    "uplot.css": "uplot/dist/uPlot.min.css",
    "uplot.js": "uplot/dist/uPlot.iife.min.js",
}
_MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
}

bp = Blueprint("assets", __name__, url_prefix="/static", template_folder=str(TEMPLATES))

_ONE_HOUR_S = 3_600
_ONE_WEEK_S = 7 * 24 * _ONE_HOUR_S


@bp.get("/<path:name>")
@public
def file(name: str) -> Response:
    """One file of ours; a browser may keep it for an hour."""
    return send_from_directory(FOLDER, name, max_age=_ONE_HOUR_S)


@bp.get("/lib/<name>")
@public
def packaged(name: str) -> Response:
    """One file of a package; compressed, for the map's library is large."""
    if name not in PACKAGED:
        abort(HTTPStatus.NOT_FOUND)
    path = NODE_MODULES / PACKAGED[name]
    if not path.is_file():
        # The console says what to do; the rest of the product needs no package.
        abort(HTTPStatus.NOT_FOUND, "Browser packages are missing; run: make setup")
    answer = Response(mimetype=_MEDIA_TYPES[path.suffix])
    answer.cache_control.public = True
    answer.cache_control.max_age = _ONE_WEEK_S
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        answer.content_encoding = "gzip"
        answer.set_data(_compressed(path, path.stat().st_mtime_ns))
    else:
        answer.set_data(path.read_bytes())
    return answer


@lru_cache(maxsize=len(PACKAGED))
def _compressed(path: Path, _changed_at_ns: int) -> bytes:
    """A file as gzip, kept until it changes: packed once, not at every load."""
    return gzip.compress(path.read_bytes(), mtime=0)
