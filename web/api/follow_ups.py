"""What follows an alert, and when it is sent: update, all-clear, correction, schedule.

Also what approving would do, and what an alert came to.
"""

from __future__ import annotations

from http import HTTPStatus

from accounts.operators import Operator, Role
from warning.alert import AlertCase, AlertId
from web.api.alerts import CAP, MAX_CAP_BYTES
from web.api.answering import Answer, answered, created
from web.api.declaration import Api
from web.bodies import JSON, Raw, read_bytes
from web.models.alert_forms import alert_out, form_of
from web.models.answers import AlertOut
from web.models.follow_up_answers import PreviewOut, ReportOut
from web.models.follow_up_forms import preview_out, report_out, schedule_of
from web.models.follow_up_schemas import ScheduleIn
from web.models.schemas import AlertIn
from web.services import services

api = Api("follow_ups")

_REFUSED = (
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
_NOBODY = {HTTPStatus.OK: "Nobody had been told, so nobody need be: the alert, closed"}


@api.operation(
    "POST",
    "/alerts/<alert_id>/update",
    role=Role.OPERATOR,
    summary="Draft what is to take a live alert's place",
    body={JSON: AlertIn, CAP: Raw("A CAP 1.2 document")},
    answer=AlertOut,
    status=HTTPStatus.CREATED,
    problems=_REFUSED,
)
def update_alert(
    alert_id: AlertId, *, by: Operator, body: AlertIn | str
) -> Answer[AlertOut]:
    """The alert goes on until a second person has approved the draft.

    Then it speaks to the newly inside, to those still inside and to those no longer
    inside, each in their own words.
    """
    follow_ups = services().follow_ups
    if isinstance(body, AlertIn):
        draft = follow_ups.update_from_form(alert_id, form_of(body), by=by.name)
    else:
        data = read_bytes(MAX_CAP_BYTES)
        draft = follow_ups.update_from_cap(alert_id, data, by=by.name)
    return _created(draft)


@api.operation(
    "POST",
    "/alerts/<alert_id>/all-clear",
    role=Role.OPERATOR,
    summary="Say that the danger is over",
    answer=AlertOut,
    status=HTTPStatus.CREATED,
    also=_NOBODY,
    problems=_REFUSED,
)
def all_clear_alert(alert_id: AlertId, *, by: Operator) -> Answer[AlertOut]:
    """What is queued stops at once; exactly those who were told will be told.

    Answers the message to them, which a second person approves.
    """
    return _closing(alert_id, services().follow_ups.all_clear(alert_id, by=by.name))


@api.operation(
    "POST",
    "/alerts/<alert_id>/correction",
    role=Role.OPERATOR,
    summary="Say that it was a false alarm",
    answer=AlertOut,
    status=HTTPStatus.CREATED,
    also=_NOBODY,
    problems=_REFUSED,
)
def correct_alert(alert_id: AlertId, *, by: Operator) -> Answer[AlertOut]:
    """As all-clear; also of an alert that was cancelled or has ended."""
    return _closing(alert_id, services().follow_ups.correct(alert_id, by=by.name))


@api.operation(
    "PUT",
    "/alerts/<alert_id>/schedule",
    role=Role.OPERATOR,
    summary="Say when a draft is sent, and how often again",
    body=ScheduleIn,
    answer=AlertOut,
    problems=_REFUSED,
)
def schedule_alert(alert_id: AlertId, *, by: Operator, body: ScheduleIn) -> AlertOut:
    """Only a draft's times change: whoever approves it must know them."""
    case = services().alerts.plan(alert_id, schedule_of(body), by=by.name)
    return alert_out(case)


@api.operation(
    "GET",
    "/alerts/<alert_id>/preview",
    role=Role.VIEWER,
    summary="Show what approving would do",
    answer=PreviewOut,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def preview_alert(alert_id: AlertId, *, by: Operator) -> PreviewOut:
    """Who would be told what, at what cost, how fast; what is new; what overlaps."""
    del by
    return preview_out(services().board.preview(alert_id))


@api.operation(
    "GET",
    "/alerts/<alert_id>/report",
    role=Role.VIEWER,
    summary="Show what an alert came to",
    answer=ReportOut,
    problems=(HTTPStatus.NOT_FOUND,),
)
def alert_report(alert_id: AlertId, *, by: Operator) -> ReportOut:
    """Every step with who took it, every figure, and what followed."""
    del by
    return report_out(services().reports.report(alert_id))


def _closing(alert_id: AlertId, case: AlertCase) -> Answer[AlertOut]:
    if case.alert_id == alert_id:
        return answered(alert_out(case), HTTPStatus.OK)
    return _created(case)


def _created(case: AlertCase) -> Answer[AlertOut]:
    return created(alert_out(case), at=f"alerts/{case.alert_id}")
