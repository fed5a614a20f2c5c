"""Subscribers over the API: one, a file of them, and the removal of one."""

from __future__ import annotations

from http import HTTPStatus
from typing import NoReturn

from accounts.operators import Operator, Role
from warning.people.registration import NewPlace, NewSubscriber
from web.api.answering import Answer, created
from web.api.declaration import Api
from web.bodies import Raw, spooled
from web.models.answers import ImportOut, RejectedOut, SubscriberOut
from web.models.schemas import DryRun, SubscriberIn
from web.problems import NOT_FOUND, ProblemError
from web.services import options, services

CSV = "text/csv"
#: What fits into a database's key.
_MAX_DIGITS = 18

api = Api("subscribers")


@api.operation(
    "POST",
    "/subscribers",
    role=Role.OPERATOR,
    summary="Register one person",
    body=SubscriberIn,
    answer=SubscriberOut,
    status=HTTPStatus.CREATED,
    also={HTTPStatus.OK: "The number was known; its entry is replaced"},
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def add_subscriber(*, by: Operator, body: SubscriberIn) -> Answer[SubscriberOut]:
    """A person who has opted out stays opted out."""
    registered = services().people.add(_person(body), by=by.name)
    is_new = registered.is_new
    answer = SubscriberOut(id=str(registered.subscriber_id), is_new=is_new)
    return created(answer, is_new=is_new)


@api.operation(
    "POST",
    "/subscribers/import",
    role=Role.OPERATOR,
    summary="Register everybody in a CSV file",
    query=DryRun,
    body={CSV: Raw("A CSV file with a header row; columns in docs/api.md")},
    answer=ImportOut,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def import_subscribers(*, by: Operator, query: DryRun, body: str) -> ImportOut:
    """Good lines are taken, every other line is reported with its number and reason."""
    del body
    with spooled(options().max_upload_bytes) as stream:
        report = services().people.import_csv(stream, dry_run=query.dry_run, by=by.name)
    return ImportOut(
        dry_run=query.dry_run,
        read=report.read,
        added=report.added,
        updated=report.updated,
        places=report.places,
        rejected=[RejectedOut.model_validate(line) for line in report.rejected],
        notes=[RejectedOut.model_validate(line) for line in report.notes],
    )


@api.operation(
    "DELETE",
    "/subscribers/<subscriber_id>",
    role=Role.OPERATOR,
    summary="Erase a person",
    status=HTTPStatus.NO_CONTENT,
    problems=(HTTPStatus.NOT_FOUND,),
)
def erase_subscriber(subscriber_id: str, *, by: Operator) -> None:
    """Their data are gone for good; old reports still add up."""
    if not services().people.erase(_number(subscriber_id), by=by.name):
        _refuse_id()


def _number(text: str) -> int:
    """Return the number behind an id; ids are opaque to those outside."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        _refuse_id()
    return int(text)


def _refuse_id() -> NoReturn:
    raise ProblemError(NOT_FOUND, "There is no person of this id.")


def _person(body: SubscriberIn) -> NewSubscriber:
    return NewSubscriber(
        phone=body.phone,
        language=body.language,
        places=[
            NewPlace(lon=place.lon, lat=place.lat, area=place.area)
            for place in body.places
        ],
        name=body.name,
        channels=body.channels,
        groups=body.groups,
        vulnerable=body.vulnerable,
        consent_at=body.consent_at.isoformat() if body.consent_at else None,
    )
