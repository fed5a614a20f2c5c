"""Style and scripts of the console, served from here and from nowhere else."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, send_from_directory

from web.routing import public

FOLDER = Path(__file__).parents[1] / "static"
#: Found by where this file is, so that a command may be run from any folder.
TEMPLATES = Path(__file__).parents[1] / "templates"

bp = Blueprint("assets", __name__, url_prefix="/static", template_folder=str(TEMPLATES))

_ONE_HOUR_S = 3_600


@bp.get("/<path:name>")
@public
def file(name: str) -> Response:
    """One file; a browser may keep it for an hour."""
    return send_from_directory(FOLDER, name, max_age=_ONE_HOUR_S)
