"""What carriers report: the state of messages and calls, and texts from people.

A status is answered when it is durable and not before; an answer other than 2xx makes
the carrier come again. Most of them are answered by ``fast_hooks``, just as here.
"""

from __future__ import annotations

from flask import Blueprint, Response

from telephony.callbacks.intake import SignedForm
from telephony.delivery import AttemptId
from web.carriers.signed import signed
from web.services import services

bp = Blueprint("hooks", __name__, url_prefix="/telephony/<carrier>")

XML = "text/xml"
#: A database's key; a larger number was never an attempt of ours.
ATTEMPT = f"<int(max={2**63 - 1}):attempt_id>"
MESSAGE_STATUS = f"/messages/{ATTEMPT}/status"
CALL_STATUS = f"/calls/{ATTEMPT}/status"
CALL_ANSWERER = f"/calls/{ATTEMPT}/answerer"


@bp.post(MESSAGE_STATUS)
@signed
def message_status(carrier: str, attempt_id: int, form: SignedForm) -> Response:
    """Keep the state of a message."""
    services().callbacks.message_status(carrier, AttemptId(attempt_id), form)
    return Response(status=204)


@bp.post(CALL_STATUS)
@signed
def call_status(carrier: str, attempt_id: int, form: SignedForm) -> Response:
    """Keep the state of a call."""
    services().callbacks.call_status(carrier, AttemptId(attempt_id), form)
    return Response(status=204)


@bp.post(CALL_ANSWERER)
@signed
def call_answerer(carrier: str, attempt_id: int, form: SignedForm) -> Response:
    """Keep who took a call."""
    services().callbacks.call_answerer(carrier, AttemptId(attempt_id), form)
    return Response(status=204)


@bp.post("/inbound/message")
@signed
def inbound_message(carrier: str, form: SignedForm) -> Response:
    """Keep a text that somebody sent us."""
    answer = services().callbacks.inbound_message(carrier, form)
    return Response(answer, mimetype=XML)
