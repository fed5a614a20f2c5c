"""A call in progress: which words come next, as TwiML.

Where the call stands travels in the URL, so any process can answer and a restart loses
nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response

from telephony.callbacks import SignedForm
from telephony.delivery import AttemptId
from web.hooks import ATTEMPT, XML
from web.services import services
from web.signed import signed

bp = Blueprint("ivr", __name__, url_prefix="/telephony/<carrier>")


@bp.post(f"/calls/{ATTEMPT}/script", defaults={"position": None})
@bp.post(f"/calls/{ATTEMPT}/script/<position>")
@signed
def call_step(
    carrier: str, attempt_id: int, position: str | None, form: SignedForm
) -> Response:
    """Say the next thing; without a position the call was just answered."""
    answer = services().callbacks.call_step(
        carrier, AttemptId(attempt_id), position, form
    )
    return Response(answer, mimetype=XML)
