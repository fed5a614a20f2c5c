"""Where other systems push their alerts: CAP Composer's webhook and its kin."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, request

from warning.errors import PushSecretError
from warning.sources.feed_state import Outcome
from web.api.alerts import CAP
from web.bodies import media_type_of, read_bytes
from web.carriers.signed import note_refusal
from web.models.sources import ReceiptOut
from web.problems import TOO_LARGE, Kind, ProblemError
from web.routing import SIGNED, mark
from web.services import services

bp = Blueprint("pushed", __name__, url_prefix="/intake")

#: ``warning.cap_documents.tree`` reads no more either.
MAX_BYTES = 5_000_000
#: How systems label the raw CAP that they post.
MEDIA_TYPES = (CAP, "application/xml", "text/xml")
_STATUS = {Outcome.KNOWN: HTTPStatus.OK}
REFUSED = Kind(
    HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-alert", "The alert cannot be used"
)


def pushed(source: str) -> Response:
    """Take one alert in; the same one again is answered as the first.

    Raises
    ------
    PushSecretError
        If the secret does not fit.
    ProblemError
        413 if it is too large, 415 if it is no XML, 422 if it cannot be used.
    """
    intake = services().sources.pushed
    try:
        pusher = intake.require_known(source, request.headers.get)
    except PushSecretError as error:
        note_refusal(request.url_rule, error)
        raise
    media_type_of(MEDIA_TYPES)
    if (request.content_length or 0) > MAX_BYTES:
        raise ProblemError(
            TOO_LARGE, f"The most that is read here is {MAX_BYTES:,} bytes."
        )
    receipt = intake.take(pusher, read_bytes(MAX_BYTES))
    if receipt.outcome is Outcome.REFUSED:
        raise ProblemError(REFUSED, receipt.sentence)
    answer = ReceiptOut.model_validate(receipt)
    status = _STATUS.get(receipt.outcome, HTTPStatus.CREATED)
    return Response(answer.model_dump_json(), status, mimetype="application/json")


# The secret is checked above, before a byte of the body is read.
bp.add_url_rule("/cap/<source>", "pushed", mark(pushed, SIGNED), methods=["POST"])
