"""Routes for carriers: a form, bounded in size, with a signature over it.

What is read here is exactly what was sent; whether the signature fits is decided by
``telephony.callbacks.intake``, which knows the tokens. A view cannot get at the form
but through ``signed``.
"""

from __future__ import annotations

import logging
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request

from telephony.callbacks.intake import SignedForm
from telephony.errors import SignatureError
from web.bodies import media_type_of
from web.carriers.plain_form import FORM, fields_of, read_plain
from web.problems import TOO_LARGE, ProblemError
from web.routing import SIGNED, View, mark

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

logger = logging.getLogger(__name__)

SIGNATURE_HEADER = "X-Twilio-Signature"
#: Real callbacks have about 30 fields and 1.5 kB; a text message adds up to 5 kB.
MAX_BYTES = 64 * 1024
MAX_FIELDS = 200


def signed(view: View) -> View:
    """Serve a carrier: the view gets the form as ``form``.

    Raises
    ------
    SignatureError
        Out of the view, when the signature does not fit.
    """

    @wraps(view)
    def serve(**arguments: Any) -> Any:
        form = read_form(request)
        try:
            return view(**arguments, form=form)
        except SignatureError as error:
            note_refusal(request.url_rule, error)
            raise

    return mark(serve, SIGNED)


def note_refusal(rule: object, error: Exception) -> None:
    """Log that somebody did not sign, by the rule: a forger may write any path."""
    logger.warning("Refused %s: %s", rule, error)


def read_form(asked: Request) -> SignedForm:
    """Read a request as a carrier signed it.

    Parameters
    ----------
    asked : Request
        Flask's, or a plain one where there is no Flask around it.

    Raises
    ------
    ProblemError
        415 if it is not a form, 413 if it is too large.
    """
    media_type_of((FORM,), asked)
    return SignedForm(
        path_and_query=path_and_query(asked),
        form=_fields(_body(asked)),
        signature=asked.headers.get(SIGNATURE_HEADER, ""),
    )


def read_ahead(environ: WSGIEnvironment) -> SignedForm:
    """Read a request ahead of Flask; its path holds nothing that needs quoting.

    Raises
    ------
    ProblemError
        As ``read_form``.
    """
    try:
        form = read_plain(environ, max_bytes=MAX_BYTES, max_fields=MAX_FIELDS)
    except ValueError as error:
        raise ProblemError(TOO_LARGE, str(error)) from None
    return read_form(Request(environ)) if form is None else form


def path_and_query(asked: Request) -> str:
    """Path and query as they came; our own URLs hold nothing that needs quoting."""
    path = quote(asked.path, safe="/~")
    query = asked.query_string.decode("latin-1")
    return f"{path}?{query}" if query else path


def _body(asked: Request) -> bytes:
    asked.max_content_length = MAX_BYTES
    try:
        return asked.get_data(cache=False)
    except RequestEntityTooLarge:
        raise ProblemError(
            TOO_LARGE, f"The most that is read here is {MAX_BYTES:,} bytes."
        ) from None


def _fields(body: bytes) -> list[tuple[str, str]]:
    try:
        return fields_of(body, most=MAX_FIELDS)
    except ValueError as error:
        raise ProblemError(TOO_LARGE, str(error)) from None
