"""Prepared plans over the API."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from flask import Response

from accounts.operators import Operator, Role
from warning.sources import plan_json
from warning.sources.plans import Plan
from web.api.answering import Answer, created
from web.api.cursors import read_page
from web.api.declaration import Api
from web.models.alert_forms import alert_out, form_of
from web.models.answers import AlertOut
from web.models.schemas import Page
from web.models.sources import PlanIn, PlanList, PlanOut
from web.services import services

api = Api("plans")

_NOT_FOUND = (HTTPStatus.NOT_FOUND,)


@api.operation(
    "POST",
    "/plans",
    role=Role.OPERATOR,
    summary="Keep a prepared plan",
    body=PlanIn,
    answer=PlanOut,
    status=HTTPStatus.CREATED,
    also={HTTPStatus.OK: "A plan of this name was there and is replaced"},
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def save_plan(*, by: Operator, body: PlanIn) -> Answer[PlanOut]:
    """Write now what is said when there is no time to write."""
    plan = Plan(
        name=body.name,
        title=body.title,
        form=form_of(body),
        lasts=timedelta(seconds=body.lasts_s),
    )
    is_new = services().sources.plans.save(plan, by=by.name)
    return created(plan_out(plan), at=f"plans/{plan.name}", is_new=is_new)


@api.operation(
    "GET",
    "/plans",
    role=Role.VIEWER,
    summary="List prepared plans",
    query=Page,
    answer=PlanList,
)
def list_plans(*, by: Operator, query: Page) -> PlanList:
    """By name."""
    del by
    plans = services().sources.plans
    shown, cursor = read_page(plans.list, query, lambda plan: plan.name)
    return PlanList(items=[plan_out(plan) for plan in shown], next_cursor=cursor)


@api.operation(
    "GET",
    "/plans/<name>",
    role=Role.VIEWER,
    summary="Show a prepared plan",
    answer=PlanOut,
    problems=_NOT_FOUND,
)
def get_plan(name: str, *, by: Operator) -> PlanOut:
    """With everything that would be said."""
    del by
    return plan_out(services().sources.plans.get(name))


@api.operation(
    "DELETE",
    "/plans/<name>",
    role=Role.OPERATOR,
    summary="Remove a prepared plan",
    status=HTTPStatus.NO_CONTENT,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def remove_plan(name: str, *, by: Operator) -> Response:
    """Refused while a sensor drafts from it."""
    services().sources.plans.remove(name, by=by.name)
    return Response(status=HTTPStatus.NO_CONTENT)


@api.operation(
    "POST",
    "/plans/<name>/draft",
    role=Role.OPERATOR,
    summary="Make a draft of a prepared plan",
    answer=AlertOut,
    status=HTTPStatus.CREATED,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def draft_plan(name: str, *, by: Operator) -> AlertOut:
    """It reaches nobody until two people have agreed."""
    return alert_out(services().sources.plans.draft(name, by=by.name))


def plan_out(plan: Plan) -> PlanOut:
    """Turn a plan into what is answered."""
    return PlanOut.model_validate(plan_json.to_json(plan))
