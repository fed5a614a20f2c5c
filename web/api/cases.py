"""Cases over the API: for dispatchers and for the ambulance's computer."""

from __future__ import annotations

from http import HTTPStatus

from accounts.operators import Operator, Role
from responders.case import CaseId
from responders.roster.volunteer import ResponderId
from web.api.answering import Answer, created
from web.api.cursors import decode, page
from web.api.declaration import Api
from web.ids import number_of
from web.models.case_forms import (
    case_facts,
    case_out,
    correction_of,
    detail_out,
    new_case,
)
from web.models.cases import (
    CaseDetailOut,
    CaseIn,
    CaseList,
    CaseOut,
    CasePage,
    CorrectionIn,
    FollowUpList,
    FollowUpOut,
    MergeIn,
    OpenedOut,
    ReasonIn,
)
from web.services import services

api = Api("cases")

_STEP = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


@api.operation(
    "POST",
    "/cases",
    role=Role.DISPATCHER,
    summary="Report a cardiac arrest",
    body=CaseIn,
    answer=OpenedOut,
    status=HTTPStatus.CREATED,
    also={HTTPStatus.OK: "The number of the ambulance's computer was known"},
    problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def open_case(*, by: Operator, body: CaseIn) -> Answer[OpenedOut]:
    """The nearest volunteers are rung within seconds, if the scene is safe."""
    cases = services().cases
    report = new_case(body, cases.volunteers.parse_phone)
    opened = cases.desk.open(report, by=by.name)
    answer = OpenedOut.model_validate(
        case_facts(opened.case)
        | {
            "is_new": opened.is_new,
            "duplicates": [str(one.case_id) for one in opened.duplicates],
        }
    )
    return created(answer, at=f"cases/{answer.id}", is_new=opened.is_new)


@api.operation(
    "GET",
    "/cases",
    role=Role.DISPATCHER,
    summary="List cases, newest first",
    query=CasePage,
    answer=CaseList,
)
def list_cases(*, by: Operator, query: CasePage) -> CaseList:
    """Open ones alone with ``open=1``."""
    del by
    board = services().cases.board
    if query.open:
        return CaseList(items=[case_out(one) for one in board.open()], next_cursor=None)
    found = board.list(before=decode(query.cursor), limit=query.limit + 1)
    shown, cursor = page(found, query.limit, lambda case: str(case.case_id))
    return CaseList(items=[case_out(one) for one in shown], next_cursor=cursor)


@api.operation(
    "GET",
    "/cases/follow-ups",
    role=Role.DISPATCHER,
    summary="List volunteers who wait for a call",
    answer=FollowUpList,
)
def list_follow_ups(*, by: Operator) -> FollowUpList:
    """Who said after a case that they are much affected, injured, or want a call."""
    del by
    waiting = services().cases.follow_ups.open()
    return FollowUpList(
        items=[
            FollowUpOut(
                case=str(offer.case_id),
                responder=str(offer.responder_id),
                name=person.name,
                phone=person.phone,
                feeling=offer.feeling.name.lower() if offer.feeling else "",
            )
            for offer, person in waiting
        ]
    )


@api.operation(
    "GET",
    "/cases/<case_id>",
    role=Role.DISPATCHER,
    summary="Show one case: offers, clock, explanation",
    answer=CaseDetailOut,
    problems=(HTTPStatus.NOT_FOUND,),
)
def get_case(case_id: CaseId, *, by: Operator) -> CaseDetailOut:
    """Volunteers are an id and a tier until they have said yes."""
    del by
    return detail_out(services().cases.board.get(case_id))


@api.operation(
    "POST",
    "/cases/<case_id>/correct",
    role=Role.DISPATCHER,
    summary="Correct a case",
    body=CorrectionIn,
    answer=CaseOut,
    problems=_STEP,
)
def correct_case(case_id: CaseId, *, by: Operator, body: CorrectionIn) -> CaseOut:
    """Whoever is on the way hears of a new address at once."""
    cases = services().cases
    scene = cases.board.get(case_id).case.scene
    return case_out(cases.desk.correct(case_id, correction_of(body, scene), by=by.name))


@api.operation(
    "POST",
    "/cases/<case_id>/cancel",
    role=Role.DISPATCHER,
    summary="Withdraw a case",
    body=ReasonIn,
    answer=CaseOut,
    problems=_STEP,
)
def cancel_case(case_id: CaseId, *, by: Operator, body: ReasonIn) -> CaseOut:
    """Everybody who may still come is told at once."""
    desk = services().cases.desk
    return case_out(desk.cancel(case_id, by=by.name, reason=body.reason or ""))


@api.operation(
    "POST",
    "/cases/<case_id>/close",
    role=Role.DISPATCHER,
    summary="End a case",
    body=ReasonIn,
    answer=CaseOut,
    problems=_STEP,
)
def close_case(case_id: CaseId, *, by: Operator, body: ReasonIn) -> CaseOut:
    """The ambulance is there; the volunteers are thanked or stood down."""
    desk = services().cases.desk
    return case_out(desk.close(case_id, by=by.name, reason=body.reason or ""))


@api.operation(
    "POST",
    "/cases/<case_id>/offers/<responder_id>/vouch",
    role=Role.DISPATCHER,
    summary="Open the address of a home to a volunteer without a PIN",
    answer=CaseOut,
    problems=_STEP,
)
def vouch_for_responder(case_id: CaseId, responder_id: str, *, by: Operator) -> CaseOut:
    """The dispatcher has rung them and knows that it is they."""
    number = ResponderId(number_of(responder_id, "responder"))
    return case_out(services().cases.desk.vouch(case_id, number, by=by.name))


@api.operation(
    "POST",
    "/cases/<case_id>/merge",
    role=Role.DISPATCHER,
    summary="Say that a case is the same patient as another",
    body=MergeIn,
    answer=CaseOut,
    problems=_STEP,
)
def merge_case(case_id: CaseId, *, by: Operator, body: MergeIn) -> CaseOut:
    """Volunteers on the way go on for the other case."""
    desk = services().cases.desk
    return case_out(desk.merge(case_id, CaseId(body.into), by=by.name))


@api.operation(
    "POST",
    "/cases/<case_id>/follow-ups/<responder_id>/done",
    role=Role.DISPATCHER,
    summary="Note that a volunteer was called",
    status=HTTPStatus.NO_CONTENT,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def follow_up_done(case_id: CaseId, responder_id: str, *, by: Operator) -> None:
    """They leave the list of those who wait."""
    number = ResponderId(number_of(responder_id, "responder"))
    services().cases.follow_ups.done(case_id, number, by=by.name)
