"""Sounds that calls play: fetched without a signature, under names nobody guesses.

A carrier fetches what it plays as a browser would, with no credentials. The name of a
sound is the SHA-256 of what it holds or says: who knows it knows the sound already.
"""

from __future__ import annotations

from flask import Blueprint, Response, send_file

from web.routing import public
from web.services import services

bp = Blueprint("audio", __name__, url_prefix="/telephony/audio")

#: Under one name there is one sound for ever.
_MAX_AGE_S = 365 * 86_400


@bp.get("/<digest>.wav")
@public
def sound(digest: str) -> Response:
    """One sound: WAV, 8 kHz, mono, 16 bit."""
    path = services().recordings.sound_file(digest)
    response = send_file(path.absolute(), mimetype="audio/wav", etag=digest)
    response.headers["Cache-Control"] = f"public, max-age={_MAX_AGE_S}, immutable"
    # The page of a simulated phone, on another port, plays what a call plays.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
