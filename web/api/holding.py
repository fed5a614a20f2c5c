"""A live alert stands still, goes on, or is sent for longer; over the API."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import AwareDatetime, Field

from accounts.operators import Operator, Role
from warning.alert import AlertId
from web.api.declaration import Api
from web.models.alert_forms import alert_out
from web.models.answers import AlertOut
from web.models.schemas import In
from web.services import services

api = Api("holding")

_REFUSED = (
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


class ExtensionIn(In):
    """Until when an alert is sent."""

    until: AwareDatetime = Field(description="Later than its end as it is now.")


@api.operation(
    "POST",
    "/alerts/<alert_id>/pause",
    role=Role.OPERATOR,
    summary="Let nothing more of a live alert leave",
    answer=AlertOut,
    problems=_REFUSED,
)
def pause_alert(alert_id: AlertId, *, by: Operator) -> AlertOut:
    """It stays in force, and what waits keeps its place and its deadline."""
    return alert_out(services().holding.pause(alert_id, by=by.name))


@api.operation(
    "POST",
    "/alerts/<alert_id>/resume",
    role=Role.OPERATOR,
    summary="Let a paused alert go on",
    answer=AlertOut,
    problems=_REFUSED,
)
def resume_alert(alert_id: AlertId, *, by: Operator) -> AlertOut:
    """Where it stood; what became too late meanwhile has expired."""
    return alert_out(services().holding.resume(alert_id, by=by.name))


@api.operation(
    "POST",
    "/alerts/<alert_id>/extend",
    role=Role.APPROVER,
    summary="Send a live alert until later than it says",
    body=ExtensionIn,
    answer=AlertOut,
    problems=_REFUSED,
)
def extend_alert(alert_id: AlertId, *, by: Operator, body: ExtensionIn) -> AlertOut:
    """The words stay as they were approved; another time is told by an update."""
    return alert_out(services().holding.extend(alert_id, body.until, by=by.name))
