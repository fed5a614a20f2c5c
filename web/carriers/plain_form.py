"""A carrier's form read from the request as it stands, where that is plain enough.

Carriers send a form of some hundred bytes whose length they say. Anything else (other
types, bodies in chunks, lengths that are none) is left to ``signed.read_form``, which
this is held to by the same tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from werkzeug.exceptions import ClientDisconnected

from telephony.callbacks.intake import SignedForm

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, WSGIEnvironment

FORM = "application/x-www-form-urlencoded"
_SIGNATURE = "HTTP_X_TWILIO_SIGNATURE"


def read_plain(
    environ: WSGIEnvironment, *, max_bytes: int, max_fields: int
) -> SignedForm | None:
    """Read a form whose path holds nothing that needs quoting.

    Returns
    -------
    SignedForm or None
        None if the request is not plainly such a form; nothing is read of it then.

    Raises
    ------
    ClientDisconnected
        If the body ends before its length.
    ValueError
        If there are too many fields.
    """
    length = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE") != FORM or "HTTP_TRANSFER_ENCODING" in environ:
        return None
    # A handful of digits: nothing that a number could be written as otherwise.
    if not (length.isascii() and length.isdigit() and 0 < int(length) <= max_bytes):
        return None
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    return SignedForm(
        path_and_query=f"{path}?{query}" if query else path,
        form=fields_of(_read(environ["wsgi.input"], int(length)), most=max_fields),
        signature=environ.get(_SIGNATURE, ""),
    )


def fields_of(body: bytes, *, most: int) -> list[tuple[str, str]]:
    """Fields of a form in order, blank values kept; as ``urllib.parse.parse_qsl``.

    A fourth of its time: hardly any name or value holds anything to decode.

    Raises
    ------
    ValueError
        If there are more than ``most``.
    """
    text = body.decode("utf-8", "replace")
    if text.count("&") >= most:
        raise ValueError(f"The form has more than {most} fields.")
    fields = []
    for field in text.split("&"):
        if field:
            name, _, value = field.partition("=")
            fields.append((_decoded(name), _decoded(value)))
    return fields


def _decoded(text: str) -> str:
    return unquote_plus(text) if "%" in text or "+" in text else text


def _read(stream: InputStream, n_bytes: int) -> bytes:
    """Read exactly so many bytes.

    Raises
    ------
    ClientDisconnected
        If there are fewer.
    """
    body: bytes = stream.read(n_bytes)
    while len(body) < n_bytes:
        piece = stream.read(n_bytes - len(body))
        if not piece:
            raise ClientDisconnected
        body += piece
    return body
