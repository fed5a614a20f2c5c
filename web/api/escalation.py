"""What follows a text that nobody confirmed, over the API."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from accounts.operators import Operator, Role
from web.api.declaration import Api
from web.models.escalation import (
    EscalationIn,
    EscalationOut,
    EscalationSeenIn,
    RulesIn,
)
from web.services import services

api = Api("escalation")


@api.operation(
    "GET",
    "/escalation",
    role=Role.VIEWER,
    summary="Show what follows a text that nobody confirmed",
    answer=EscalationOut,
)
def get_escalation(*, by: Operator) -> EscalationOut:
    """By severity, in minutes after the step before."""
    del by
    return _out()


@api.operation(
    "PUT",
    "/escalation",
    role=Role.ADMIN,
    summary="Change what follows a text that nobody confirmed",
    body=EscalationIn,
    answer=EscalationOut,
    problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def change_escalation(*, by: Operator, body: EscalationIn) -> EscalationOut:
    """Warnings that are submitted keep the rules they have."""
    desk = services().escalation_rules.desk
    desk.save(_rules(body.rules), seen=body.seen, by=by.name)
    return _out()


@api.operation(
    "POST",
    "/escalation/bring-back",
    role=Role.ADMIN,
    summary="Go back to the rules of the release",
    body=EscalationSeenIn,
    answer=EscalationOut,
    problems=(HTTPStatus.CONFLICT,),
)
def bring_back_escalation(*, by: Operator, body: EscalationSeenIn) -> EscalationOut:
    """What was written in their place stays in the record."""
    services().escalation_rules.desk.bring_back(seen=body.seen, by=by.name)
    return _out()


def _rules(body: RulesIn) -> dict[str, Any]:
    """As a plan file has them."""
    return body.model_dump(exclude_none=True)


def _out() -> EscalationOut:
    known = services().escalation_rules
    now = known.desk.rules()
    last = now.changes[0] if now.changes else None
    return EscalationOut(
        revision=now.revision,
        brought=now.is_brought,
        changed_by=None if last is None else last.by,
        changed_at=None if last is None else last.at,
        pace=known.book.pace,
        rules=RulesIn.model_validate(dict(now.rules)),
    )
