"""The few pages for people: a phone to hold, and a list of phones.

Static files; what they show comes as JSON and is put in as text, never as markup. No
inline script or style, nothing from elsewhere: the policy sent with them forbids it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from simulator.errors import ControlError
from simulator.http_protocol import Response

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; media-src http: https:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    ("Content-Security-Policy", _POLICY),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)
_TYPES = {
    "phone.js": "text/javascript; charset=utf-8",
    "index.js": "text/javascript; charset=utf-8",
    "simulator.css": "text/css; charset=utf-8",
}


def index() -> Response:
    """List of phones and counters."""
    return _file("index.html", "text/html; charset=utf-8")


def phone() -> Response:
    """One phone."""
    return _file("phone.html", "text/html; charset=utf-8")


def asset(name: str) -> Response:
    """Script or style by name.

    Raises
    ------
    ControlError
        If there is none of that name.
    """
    if name not in _TYPES:
        raise ControlError("no such file", status=404)
    return _file(name, _TYPES[name])


def _file(name: str, content_type: str) -> Response:
    return Response(body=_content(name), content_type=content_type, headers=_HEADERS)


@cache
def _content(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()
