"""Cases in the console: the list, and one case with its offers and its clock."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.operators import Operator, Role
from responders.case import CaseId
from responders.cases.board import NearAed
from responders.roster.aeds import AED_REACH_M
from responders.roster.volunteer import ResponderId
from web.console.cases.case_view import running
from web.ids import number_of
from web.services import Services, options, services
from web.sessions import signed_in

bp = Blueprint("cases", __name__, url_prefix="/cases")

N_SHOWN = 100
N_AEDS = 20
_PAGE = "console/case.html"
_MAX_REASON = 200


@bp.get("/")
@signed_in(Role.DISPATCHER)
def show_all(by: Operator) -> str:
    """Cases, newest first."""
    del by
    cases = services().cases.board.list(limit=N_SHOWN)
    return render_template("console/cases.html", cases=cases)


@bp.get("/<case_id>")
@signed_in(Role.DISPATCHER)
def show(case_id: CaseId, by: Operator) -> str:
    """One case; it is looked at anew every few seconds while it is open."""
    del by
    return _shown(_PAGE, case_id)


@bp.get("/<case_id>/now")
@signed_in(Role.DISPATCHER)
def now(case_id: CaseId, by: Operator) -> str:
    """What moves on that page, for its script."""
    del by
    return _shown("console/_case_now.html", case_id)


@bp.post("/<case_id>/cancel")
@signed_in(Role.DISPATCHER)
def cancel(case_id: CaseId, by: Operator) -> AnyResponse:
    """Withdraw it; everybody who may still come is told at once."""
    services().cases.desk.cancel(case_id, by=by.name, reason=_reason())
    return redirect(url_for("cases.show", case_id=case_id), 303)


@bp.post("/<case_id>/close")
@signed_in(Role.DISPATCHER)
def close(case_id: CaseId, by: Operator) -> AnyResponse:
    """End it: the ambulance is there."""
    services().cases.desk.close(case_id, by=by.name, reason=_reason())
    return redirect(url_for("cases.show", case_id=case_id), 303)


@bp.post("/<case_id>/vouch/<responder_id>")
@signed_in(Role.DISPATCHER)
def vouch(case_id: CaseId, responder_id: str, by: Operator) -> AnyResponse:
    """Open the address to a volunteer who was rung and recognised."""
    number = ResponderId(number_of(responder_id, "responder"))
    services().cases.desk.vouch(case_id, number, by=by.name)
    return redirect(url_for("cases.show", case_id=case_id), 303)


def _aeds_near(known: Services, case_id: CaseId) -> Sequence[NearAed]:
    scene = known.cases.board.get(case_id).case.scene
    local = known.now().astimezone(options().zone)
    return known.cases.board.aeds_near(
        scene.lon, scene.lat, within_m=AED_REACH_M, local=local
    )[:N_AEDS]


def _shown(template: str, case_id: CaseId) -> str:
    known = services()
    view = known.cases.board.get(case_id)
    return render_template(
        template,
        case=view.case,
        running=running(known, view),
        aeds=_aeds_near(known, case_id) if template == _PAGE else [],
        is_drill=view.case.is_exercise,
    )


def _reason() -> str:
    return request.form.get("reason", "").strip()[:_MAX_REASON]
