"""Alerts over the API: in as a form or as CAP, through four eyes, out as figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from http import HTTPStatus

from flask import Response
from pydantic import BaseModel

from accounts.operators import Operator, Role
from warning.alert import AlertCase, AlertId
from warning.errors import DuplicateAlertError
from web.api.answering import Answer, answered, created
from web.api.cursors import decode, decode_number, page
from web.api.declaration import Api, V
from web.bodies import JSON, Raw, read_bytes
from web.models.alert_forms import alert_out, delivery_out, form_of
from web.models.answers import (
    AlarmOut,
    AlertList,
    AlertOut,
    BoardOut,
    CapCheckOut,
    DeliveryList,
)
from web.models.schemas import AlertIn, AlertPage, Approval, DryRun, Page
from web.services import services

CAP = "application/cap+xml"
#: The largest real CAP file seen is 1.7 MB.
MAX_CAP_BYTES = 10 * 1024 * 1024

api = Api("alerts")


@api.operation(
    "POST",
    "/alerts",
    role=Role.OPERATOR,
    summary="Take an alert in as a draft",
    query=DryRun,
    body={JSON: AlertIn, CAP: Raw("A CAP 1.2 document")},
    answer=AlertOut,
    status=HTTPStatus.CREATED,
    also={HTTPStatus.OK: "With dry_run the verdict; else the same CAP, known already"},
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT),
)
def create_alert(
    *, by: Operator, query: DryRun, body: AlertIn | str
) -> Answer[AlertOut] | Answer[CapCheckOut]:
    """Reach nobody until two people have agreed.

    The same CAP document, sent again, answers the alert that it became. Another one
    with its sender, identifier and sent time is refused. One that says what another of
    its sender said within the hour is kept and marked as its duplicate.
    """
    intake = services().intake
    if isinstance(body, AlertIn):
        form = form_of(body)
        if query.dry_run:
            return _verdict(intake.check_form(form))
        return _drafted(intake.draft_from_form(form, by=by.name))
    data = read_bytes(MAX_CAP_BYTES)
    if query.dry_run:
        return _verdict(intake.check_cap(data))
    try:
        return _drafted(intake.draft_from_cap(data, by=by.name))
    except DuplicateAlertError as error:
        case = services().board.get(AlertId(error.alert_id))
        return _drafted(case, is_new=False)


@api.operation(
    "GET",
    "/alerts",
    role=Role.VIEWER,
    summary="List alerts, newest first",
    query=AlertPage,
    answer=AlertList,
)
def list_alerts(*, by: Operator, query: AlertPage) -> AlertList:
    """Alerts of one state, or of all."""
    del by
    states = [query.state] if query.state else []
    before = decode(query.cursor)
    newest = sorted(services().board.list(states=states), key=_age, reverse=True)
    older = [case for case in newest if not before or _age(case) < before]
    shown, cursor = page(older[: query.limit + 1], query.limit, _age)
    came = services().intake.arrivals([case.alert_id for case in shown])
    items = [alert_out(case, came.get(case.alert_id)) for case in shown]
    return AlertList(items=items, next_cursor=cursor)


@api.operation(
    "GET",
    "/alerts/<alert_id>",
    role=Role.VIEWER,
    summary="Show one alert",
    answer=AlertOut,
    problems=(HTTPStatus.NOT_FOUND,),
)
def get_alert(alert_id: AlertId, *, by: Operator) -> AlertOut:
    """An alert and its life so far."""
    del by
    return _out(services().board.get(alert_id))


def _step(
    name: str, role: Role, summary: str, query: type[BaseModel] | None = None
) -> Callable[[V], V]:
    return api.operation(
        "POST",
        f"/alerts/<alert_id>/{name}",
        role=role,
        summary=summary,
        query=query,
        answer=AlertOut,
        problems=(
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
    )


@_step("submit", Role.OPERATOR, "Hand a draft to a second person")
def submit_alert(alert_id: AlertId, *, by: Operator) -> AlertOut:
    """Refused when nobody would be told."""
    return alert_out(services().alerts.submit(alert_id, by=by.name))


@_step("approve", Role.APPROVER, "Make a submitted alert live", Approval)
def approve_alert(alert_id: AlertId, *, by: Operator, query: Approval) -> AlertOut:
    """From here on people are reached. Whoever wrote or submitted it may not."""
    return alert_out(
        services().alerts.approve(
            alert_id, by=by.name, accept_fallback=query.accept_fallback
        )
    )


@_step("reject", Role.APPROVER, "Send a submitted alert back to its author")
def reject_alert(alert_id: AlertId, *, by: Operator) -> AlertOut:
    """It is a draft again."""
    return alert_out(services().alerts.reject(alert_id, by=by.name))


@_step("cancel", Role.OPERATOR, "Withdraw an alert")
def cancel_alert(alert_id: AlertId, *, by: Operator) -> AlertOut:
    """What has not left never will.

    ``follow_up`` is the message to those who were told; a second person approves it.
    """
    answer = alert_out(services().alerts.cancel(alert_id, by=by.name))
    waiting = services().board.waiting_to_follow(alert_id)
    return answer.model_copy(update={"follow_up": waiting})


@api.operation(
    "GET",
    "/alerts/<alert_id>/progress",
    role=Role.VIEWER,
    summary="Show how far an alert has come",
    answer=BoardOut,
    problems=(HTTPStatus.NOT_FOUND,),
)
def alert_progress(alert_id: AlertId, *, by: Operator) -> BoardOut:
    """Reached is a receipt or pick-up, heard is a person, confirmed a key or reply."""
    del by
    board = BoardOut.model_validate(services().board.progress(alert_id))
    checks = services().health.readiness().checks
    alarms = [
        AlarmOut(name=one.name, sentence=one.sentence) for one in checks if not one.ok
    ]
    return board.model_copy(update={"alarms": alarms})


@api.operation(
    "GET",
    "/alerts/<alert_id>/deliveries",
    role=Role.OPERATOR,
    summary="List the deliveries of an alert",
    query=Page,
    answer=DeliveryList,
    problems=(HTTPStatus.NOT_FOUND,),
)
def alert_deliveries(alert_id: AlertId, *, by: Operator, query: Page) -> DeliveryList:
    """One person and channel each, by id; no phone numbers."""
    del by
    lines = services().board.deliveries(
        alert_id, after=decode_number(query.cursor), limit=query.limit + 1
    )
    shown, cursor = page(lines, query.limit, lambda line: str(line.delivery_id))
    items = [delivery_out(line) for line in shown]
    return DeliveryList(items=items, next_cursor=cursor)


@api.operation(
    "GET",
    "/alerts/<alert_id>/cap",
    role=Role.VIEWER,
    summary="Show an alert as CAP 1.2",
    answer={CAP: "A CAP 1.2 document"},
    problems=(HTTPStatus.NOT_FOUND,),
)
def alert_cap(alert_id: AlertId, *, by: Operator) -> Response:
    """As XML, for other systems."""
    del by
    return Response(services().board.cap_xml(alert_id), mimetype=CAP)


def _age(case: AlertCase) -> str:
    """Sorts alerts by age; two of one moment by id."""
    at = case.created_at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"{at} {case.alert_id}"


def _out(case: AlertCase) -> AlertOut:
    """An alert, and how it came in."""
    came = services().intake.arrivals([case.alert_id])
    return alert_out(case, came.get(case.alert_id))


def _verdict(check: object) -> Answer[CapCheckOut]:
    return answered(CapCheckOut.model_validate(check), HTTPStatus.OK)


def _drafted(case: AlertCase, *, is_new: bool = True) -> Answer[AlertOut]:
    return created(_out(case), at=f"alerts/{case.alert_id}", is_new=is_new)
