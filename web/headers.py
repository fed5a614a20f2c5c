"""Headers of every answer: what a browser may do with it. Nothing comes from elsewhere.

No inline script or style, no frame, no other host: the console works with no internet
at all, and a text that somebody smuggled into an alert stays a text.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_ALWAYS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_ONE_YEAR = "max-age=31536000"


def secure(response: Response, *, is_https: bool) -> Response:
    """Put the headers on an answer; pages and figures are never kept by a cache."""
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if is_https:
        response.headers.setdefault("Strict-Transport-Security", _ONE_YEAR)
    return response
