"""Those who need help, and what citizens saw, over the API."""

from __future__ import annotations

from http import HTTPStatus

from accounts.operators import Operator, Role
from warning.alert import AlertId, owner_ref
from warning.citizens.citizen_reports import CitizenReport, ReportKind, ReportState
from warning.citizens.help_requests import HelpRequest
from warning.citizens.report_desk import Incident
from warning.people.whereabout import Whereabout
from web.api.answering import Answer, created
from web.api.cursors import decode_number, page
from web.api.declaration import Api
from web.ids import number_of
from web.models.citizens import (
    CallBackIn,
    CloseIn,
    HelpList,
    HelpOut,
    HelpQuery,
    IncidentList,
    IncidentOut,
    ReportIn,
)
from web.models.schemas import Page
from web.services import services

api = Api("citizens")

_STEP = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


@api.operation(
    "GET",
    "/help",
    role=Role.OPERATOR,
    summary="List those who need help, the most pressing first",
    query=HelpQuery,
    answer=HelpList,
)
def list_help(*, by: Operator, query: HelpQuery) -> HelpList:
    """Whoever is not cared for yet, or is being cared for."""
    del by
    owner = owner_ref(AlertId(query.alert)) if query.alert else ""
    found = services().help_desk.pending(owner_ref=owner)
    return HelpList(items=[_help_out(one) for one in found])


@api.operation(
    "POST",
    "/help/<request_id>/take",
    role=Role.OPERATOR,
    summary="Care for somebody who needs help",
    answer=HelpOut,
    problems=_STEP,
)
def take_help(request_id: str, *, by: Operator) -> HelpOut:
    """Others see that somebody does."""
    number = number_of(request_id, "request for help")
    return _help_out(services().help_desk.take(number, by=by.name))


@api.operation(
    "POST",
    "/help/<request_id>/close",
    role=Role.OPERATOR,
    summary="Say what became of a request for help",
    body=CloseIn,
    answer=HelpOut,
    problems=_STEP,
)
def close_help(request_id: str, *, by: Operator, body: CloseIn) -> HelpOut:
    """If the person asks again, a new one is opened."""
    number = number_of(request_id, "request for help")
    desk = services().help_desk
    return _help_out(desk.close(number, body.outcome, by=by.name))


@api.operation(
    "POST",
    "/help/<request_id>/call",
    role=Role.OPERATOR,
    summary="Be connected with somebody who needs help",
    body=CallBackIn,
    answer=HelpOut,
    status=HTTPStatus.ACCEPTED,
    problems=(*_STEP, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def call_back(request_id: str, *, by: Operator, body: CallBackIn) -> HelpOut:
    """The operator's own phone rings first; the key 1 connects it with the person.

    What came of it is written on the request.
    """
    number = number_of(request_id, "request for help")
    call = services().voice.call_backs.call
    return _help_out(call(number, body.phone, by=by.name))


@api.operation(
    "GET",
    "/reports",
    role=Role.VIEWER,
    summary="List what citizens saw, newest first",
    query=Page,
    answer=IncidentList,
)
def list_reports(*, by: Operator, query: Page) -> IncidentList:
    """Reports of one thing are one line."""
    del by
    before = decode_number(query.cursor) or None
    found = services().report_desk.newest(before=before, limit=query.limit + 1)
    shown, cursor = page(found, query.limit, lambda one: str(one.first.number))
    return IncidentList(items=[_incident_out(one) for one in shown], next_cursor=cursor)


@api.operation(
    "POST",
    "/reports",
    role=Role.OPERATOR,
    summary="Take in what somebody saw",
    body=ReportIn,
    answer=IncidentOut,
    status=HTTPStatus.CREATED,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def add_report(*, by: Operator, body: ReportIn) -> Answer[IncidentOut]:
    """Put with what others saw of the same within 150 m and an hour."""
    parse = services().cases.volunteers.parse_phone
    report = CitizenReport(
        phone=parse(body.phone) if body.phone else "",
        language="en",
        kind=ReportKind(body.kind),
        is_hurt=body.hurt,
        words=body.words,
        where=Whereabout(lon=body.lon, lat=body.lat, accuracy_m=body.accuracy_m),
        reported_at=body.reported_at or services().now(),
    )
    out = _incident_out(services().report_desk.add(report, by=by.name))
    return created(out, at="reports")


@api.operation(
    "POST",
    "/reports/<report_id>/verify",
    role=Role.OPERATOR,
    summary="Confirm what citizens saw, and thank them",
    answer=IncidentOut,
    problems=(HTTPStatus.NOT_FOUND,),
)
def verify_report(report_id: str, *, by: Operator) -> IncidentOut:
    """Each phone that told it hears so once."""
    return _judged(report_id, ReportState.VERIFIED, by)


@api.operation(
    "POST",
    "/reports/<report_id>/dismiss",
    role=Role.OPERATOR,
    summary="Put aside what citizens saw",
    answer=IncidentOut,
    problems=(HTTPStatus.NOT_FOUND,),
)
def dismiss_report(report_id: str, *, by: Operator) -> IncidentOut:
    """Nobody is told."""
    return _judged(report_id, ReportState.DISMISSED, by)


def _judged(report_id: str, state: ReportState, by: Operator) -> IncidentOut:
    number = number_of(report_id, "report")
    return _incident_out(services().report_desk.judge(number, state, by=by.name))


def _help_out(one: HelpRequest) -> HelpOut:
    return HelpOut(
        id=str(one.number),
        phone=one.phone,
        state=one.state.value,
        urgent=one.is_urgent,
        vulnerable=one.vulnerable,
        language=one.language,
        words=one.words,
        lon=one.where.lon,
        lat=one.where.lat,
        area=one.where.area_code,
        opened_at=one.opened_at,
        heard_at=one.heard_at,
        calls=one.n_calls,
        taken_by=one.taken_by,
        closed_by=one.closed_by,
        outcome=one.outcome,
        called_by=one.called_by,
        called_at=one.called_at,
        call_backs=one.n_call_backs,
        call_outcome=(one.call_outcome or "").partition("/")[0] or None,
        talked_s=_talked_s(one.call_outcome or ""),
    )


def _talked_s(outcome: str) -> int | None:
    seconds = outcome.partition("/")[2]
    return int(seconds) if seconds.isdecimal() and int(seconds) else None


def _incident_out(incident: Incident) -> IncidentOut:
    first = incident.first
    return IncidentOut(
        id=str(first.number),
        kind=first.kind.value,
        state=first.state.value,
        hurt=incident.is_hurt,
        words=first.words,
        lon=first.where.lon,
        lat=first.where.lat,
        accuracy_m=first.where.accuracy_m,
        area=first.where.area_code,
        reported_at=first.reported_at,
        reports=incident.n_reports,
        credibility=incident.credibility,
        judged_by=first.judged_by,
    )
