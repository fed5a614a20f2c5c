"""Volunteers and AEDs over the API."""

from __future__ import annotations

from http import HTTPStatus
from typing import NoReturn

from accounts.operators import Operator, Role
from responders.roster.aed_file import read_aeds
from responders.roster.aeds import AedId
from responders.roster.import_report import FileReport
from responders.roster.responder_file import read_responders
from responders.roster.volunteer import ResponderId
from web.api.answering import Answer, created
from web.api.cursors import decode_number, page
from web.api.declaration import Api
from web.bodies import Raw, read_bytes
from web.ids import number_of
from web.models.case_forms import responder_facts, responder_of, responder_out
from web.models.cases import (
    AedOrderIn,
    FileImportOut,
    PositionIn,
    RegisteredOut,
    ResponderIn,
    ResponderList,
    ResponderOut,
    UnreachableList,
    UnreachableOut,
    UnreachablePage,
    UnusedLineOut,
)
from web.models.schemas import Page
from web.problems import NOT_FOUND, ProblemError
from web.services import options, services

CSV = "text/csv"
GEOJSON = "application/geo+json"

responders = Api("responders")
aeds = Api("aeds")

_STEP = (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


@responders.operation(
    "POST",
    "/responders",
    role=Role.DISPATCHER,
    summary="Register one volunteer",
    body=ResponderIn,
    answer=RegisteredOut,
    status=HTTPStatus.CREATED,
    also={HTTPStatus.OK: "The number was known; what the organisation says is new"},
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def add_responder(*, by: Operator, body: ResponderIn) -> Answer[RegisteredOut]:
    """A code goes to the phone; nobody is called before it came back from there."""
    known = services().cases.volunteers
    rules = known.entry_rules()
    registered = known.add(responder_of(body, rules), by=by.name)
    facts = responder_facts(registered.responder, rules.now)
    answer = RegisteredOut.model_validate(facts | {"is_new": registered.is_new})
    return created(answer, is_new=registered.is_new)


@responders.operation(
    "GET",
    "/responders",
    role=Role.DISPATCHER,
    summary="List volunteers",
    query=Page,
    answer=ResponderList,
)
def list_responders(*, by: Operator, query: Page) -> ResponderList:
    """By id; no numbers and no names."""
    del by
    now = services().now()
    found = services().cases.volunteers.page(
        after=decode_number(query.cursor), limit=query.limit + 1
    )
    shown, cursor = page(found, query.limit, lambda one: str(one.responder_id))
    items = [responder_out(person, now) for person in shown]
    return ResponderList(items=items, next_cursor=cursor)


@responders.operation(
    "GET",
    "/responders/unreachable",
    role=Role.DISPATCHER,
    summary="List volunteers who have not answered the monthly test",
    query=UnreachablePage,
    answer=UnreachableList,
)
def list_unreachable(*, by: Operator, query: UnreachablePage) -> UnreachableList:
    """With name and number, so that somebody can ask by other means."""
    del by
    found = services().cases.reachability.unreachable(limit=query.limit)
    return UnreachableList(
        items=[
            UnreachableOut(
                id=str(person.responder_id),
                name=person.name,
                phone=person.phone,
                tests_missed=reach.n_missed,
                asked_at=reach.asked_at,
                heard_at=reach.heard_at,
            )
            for reach, person in found
            if reach.asked_at is not None
        ]
    )


@responders.operation(
    "POST",
    "/responders/<responder_id>/test",
    role=Role.DISPATCHER,
    summary="Ask a volunteer now whether the phone is with them",
    status=HTTPStatus.NO_CONTENT,
    problems=_STEP,
)
def test_responder(responder_id: str, *, by: Operator) -> None:
    """The answer shows in the list of those who cannot be reached."""
    number = ResponderId(number_of(responder_id, "responder"))
    services().cases.reachability.test(number, by=by.name)


@responders.operation(
    "POST",
    "/responders/import",
    role=Role.DISPATCHER,
    summary="Register everybody in a CSV file",
    body={CSV: Raw("A CSV file; columns in docs/how-to/import-responders.md")},
    answer=FileImportOut,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def import_responders(*, by: Operator, body: str) -> FileImportOut:
    """Good lines are taken, every other line is reported with its reason."""
    del body
    known = services().cases.volunteers
    data = read_bytes(options().max_upload_bytes)
    lines = read_responders(data, known.entry_rules())
    return _report(known.import_lines(lines, by=by.name))


@responders.operation(
    "PUT",
    "/responders/<responder_id>/position",
    role=Role.DISPATCHER,
    summary="Note where a volunteer is",
    body=PositionIn,
    answer=ResponderOut,
    problems=_STEP,
)
def set_position(responder_id: str, *, by: Operator, body: PositionIn) -> ResponderOut:
    """Holds for twelve hours and is deleted after a day."""
    del by
    number = ResponderId(number_of(responder_id, "responder"))
    known = services().cases.volunteers
    person = known.set_position(number, lon=body.lon, lat=body.lat, at=body.at)
    return responder_out(person, services().now())


@responders.operation(
    "POST",
    "/responders/<responder_id>/confirm",
    role=Role.DISPATCHER,
    summary="Confirm a volunteer",
    answer=ResponderOut,
    problems=_STEP,
)
def confirm_responder(responder_id: str, *, by: Operator) -> ResponderOut:
    """Who signed up by phone, or was suspended, may be asked from here on."""
    number = ResponderId(number_of(responder_id, "responder"))
    person = services().cases.volunteers.confirm(number, by=by.name)
    return responder_out(person, services().now())


@responders.operation(
    "POST",
    "/responders/<responder_id>/suspend",
    role=Role.DISPATCHER,
    summary="Suspend a volunteer",
    answer=ResponderOut,
    problems=_STEP,
)
def suspend_responder(responder_id: str, *, by: Operator) -> ResponderOut:
    """They are asked no more until they are confirmed again."""
    number = ResponderId(number_of(responder_id, "responder"))
    person = services().cases.volunteers.suspend(number, by=by.name)
    return responder_out(person, services().now())


@responders.operation(
    "DELETE",
    "/responders/<responder_id>",
    role=Role.DISPATCHER,
    summary="Erase a volunteer",
    status=HTTPStatus.NO_CONTENT,
    problems=(HTTPStatus.NOT_FOUND,),
)
def erase_responder(responder_id: str, *, by: Operator) -> None:
    """Their data are gone for good; old cases still add up."""
    number = ResponderId(number_of(responder_id, "responder"))
    services().cases.volunteers.erase(number, by=by.name)


@aeds.operation(
    "POST",
    "/aeds/import",
    role=Role.DISPATCHER,
    summary="Register every AED in a file",
    body={
        GEOJSON: Raw("A FeatureCollection of points with OpenStreetMap's tags"),
        CSV: Raw("A CSV file; columns in docs/how-to/import-responders.md"),
    },
    answer=FileImportOut,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def import_aeds(*, by: Operator, body: str) -> FileImportOut:
    """Opening hours that nobody can evaluate are reported and not taken."""
    del body
    lines = read_aeds(read_bytes(options().max_upload_bytes))
    return _report(services().cases.volunteers.import_aeds(lines, by=by.name))


@aeds.operation(
    "PUT",
    "/aeds/<aed_id>/order",
    role=Role.DISPATCHER,
    summary="Say whether an AED works",
    body=AedOrderIn,
    status=HTTPStatus.NO_CONTENT,
    problems=(HTTPStatus.NOT_FOUND,),
)
def set_aed_order(aed_id: str, *, by: Operator, body: AedOrderIn) -> None:
    """Nobody is sent to one that is out of order."""
    number = AedId(number_of(aed_id, "AED"))
    known = services().cases.volunteers
    if not known.set_aed_order(number, is_working=body.is_working, by=by.name):
        _refuse_aed()


def _refuse_aed() -> NoReturn:
    raise ProblemError(NOT_FOUND, "There is no AED of this id.")


def _report(report: FileReport) -> FileImportOut:
    return FileImportOut(
        read=report.read,
        added=report.added,
        updated=report.updated,
        rejected=[UnusedLineOut.model_validate(line) for line in report.rejected],
    )
