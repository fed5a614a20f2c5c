"""A call in progress, whoever rang: which words come next, as TwiML.

Where the call stands travels in the URL, so any process can answer and a restart loses
nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response

from telephony.callbacks.intake import SignedForm
from telephony.delivery import AttemptId
from web.carriers.hooks import ATTEMPT, XML
from web.carriers.signed import signed
from web.services import services

bp = Blueprint("ivr", __name__, url_prefix="/telephony/<carrier>")


#: Where a call that was just answered begins, and where it goes on.
FIRST = f"/calls/{ATTEMPT}/script"
STEP = f"{FIRST}/<position>"


@bp.post(FIRST, defaults={"position": None})
@bp.post(STEP)
@signed
def call_step(
    carrier: str, attempt_id: int, position: str | None, form: SignedForm
) -> Response:
    """Say the next thing; without a position the call was just answered."""
    answer = services().callbacks.call_step(
        carrier, AttemptId(attempt_id), position, form
    )
    return Response(answer, mimetype=XML)


@bp.post("/inbound/call")
@signed
def inbound_call(carrier: str, form: SignedForm) -> Response:
    """Answer somebody who calls: registration, or their own settings."""
    return Response(services().inbound_calls.answer(carrier, form), mimetype=XML)


@bp.post("/inbound/report")
@signed
def inbound_report(carrier: str, form: SignedForm) -> Response:
    """Answer somebody who calls the number for reports."""
    return Response(services().inbound_calls.take_report(carrier, form), mimetype=XML)


@bp.post("/inbound/missed-call")
@signed
def missed_call(carrier: str, form: SignedForm) -> Response:
    """Do not answer, so that the call costs nothing; the worker rings back."""
    return Response(services().inbound_calls.miss(carrier, form), mimetype=XML)


@bp.post("/inbound/call/<script>/<position>")
@signed
def inbound_step(
    carrier: str, script: str, position: str, form: SignedForm
) -> Response:
    """Say the next thing to somebody who called."""
    answer = services().inbound_calls.step(carrier, script, position, form)
    return Response(answer, mimetype=XML)
