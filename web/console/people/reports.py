"""What citizens report and who needs help: an inbox beside the map."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from accounts.operators import Operator, Role
from telephony.errors import InvalidNumberError
from warning.citizens.citizen_reports import CitizenReport, ReportState, distance_m
from warning.citizens.report_desk import Incident
from warning.errors import AlertError
from web.console.refusals import sentence_of
from web.services import services
from web.sessions import signed_in

bp = Blueprint("reports", __name__, url_prefix="/reports")

#: Incidents that the inbox and the map show.
N_SHOWN = 200
#: Incidents that another one is offered to be put together with.
N_NEAR = 8
_MAX_OUTCOME = 200
_MAX_NUMBER = 40
_STATES = {"verify": ReportState.VERIFIED, "dismiss": ReportState.DISMISSED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """Another incident, and how far away it is."""

    incident: Incident
    away_m: float


@bp.get("/")
@signed_in(Role.VIEWER)
def show_all(by: Operator) -> str:
    """The inbox, newest first; above it, who needs help."""
    return _inbox("console/reports.html", by)


@bp.get("/now")
@signed_in(Role.VIEWER)
def now(by: Operator) -> str:
    """What moves on that page, for its script."""
    return _inbox("console/_reports_now.html", by)


@bp.get("/<int:number>")
@signed_in(Role.VIEWER)
def show(number: int, by: Operator) -> AnyResponse:
    """One incident: everything that was said of it, and what can be done."""
    return _incident_page(number, by, None)


@bp.post("/<int:number>/<step>")
@signed_in(Role.OPERATOR)
def judge(number: int, step: str, by: Operator) -> AnyResponse:
    """Confirm it or put it aside."""
    if step not in _STATES:
        abort(HTTPStatus.NOT_FOUND)
    services().report_desk.judge(number, _STATES[step], by=by.name)
    return redirect(url_for("reports.show", number=number), HTTPStatus.SEE_OTHER)


@bp.post("/<int:number>/merge")
@signed_in(Role.OPERATOR)
def merge(number: int, by: Operator) -> AnyResponse:
    """Say that it is the same thing as another one."""
    other = request.form.get("other", default=0, type=int)
    desk = services().report_desk

    def put_together() -> int:
        kept = desk.merge(number, other, by=by.name).first.number
        flash(_("Put together: what was said of both stands here."))
        return kept or number

    return _done(number, by, put_together)


@bp.post("/<int:number>/answer")
@signed_in(Role.OPERATOR)
def answer(number: int, by: Operator) -> AnyResponse:
    """Write to everybody who reported it."""
    words = request.form.get("words", "")

    def write() -> int:
        n = services().report_desk.answer(number, words, by=by.name)
        flash(_("Your answer is on its way to %(n)s phones.", n=n))
        return number

    return _done(number, by, write)


@bp.post("/help/<int:number>/<step>")
@signed_in(Role.OPERATOR)
def care(number: int, step: str, by: Operator) -> AnyResponse:
    """Care for somebody who needs help, or say what became of it."""
    desk = services().help_desk
    outcome = request.form.get("outcome", "").strip()[:_MAX_OUTCOME]
    try:
        if step == "take":
            desk.take(number, by=by.name)
        elif step == "close" and outcome:
            desk.close(number, outcome, by=by.name)
        else:
            flash(_("Say what became of it."))
    except AlertError as error:
        flash(sentence_of(error))
    return redirect(url_for("reports.show_all"), HTTPStatus.SEE_OTHER)


@bp.post("/help/<int:number>/call")
@signed_in(Role.OPERATOR)
def call_back(number: int, by: Operator) -> AnyResponse:
    """Ring the operator, then whoever needs help, and connect them."""
    own = request.form.get("own", "").strip()[:_MAX_NUMBER]
    try:
        services().voice.call_backs.call(number, own, by=by.name)
        flash(_("Your telephone rings in a moment; then we ring them."))
    except (AlertError, InvalidNumberError) as error:
        flash(sentence_of(error))
    return redirect(url_for("reports.show_all"), HTTPStatus.SEE_OTHER)


@bp.get("/notes/<int:number>.wav")
@signed_in(Role.OPERATOR)
def note(number: int, by: Operator) -> AnyResponse:
    """What somebody said after the tone; who listens is written down."""
    path = services().voice.notes.listen(number, by=by.name)
    return send_file(path.absolute(), mimetype="audio/wav")


def _done(number: int, by: Operator, step: Callable[[], int]) -> AnyResponse:
    try:
        number = step()
    except AlertError as error:
        return _incident_page(number, by, sentence_of(error))
    return redirect(url_for("reports.show", number=number), HTTPStatus.SEE_OTHER)


def _inbox(template: str, by: Operator) -> str:
    known = services()
    incidents = known.report_desk.newest(before=None, limit=N_SHOWN)
    may_act = by.may(Role.OPERATOR)
    return render_template(
        template,
        incidents=incidents,
        wanted=known.help_desk.pending() if may_act else [],
        notes_of=known.voice.notes.of_request,
        points=points_of(incidents),
        names=known.areas.names(),
        may_act=may_act,
    )


def _incident_page(number: int, by: Operator, problem: str | None) -> AnyResponse:
    known = services()
    file = known.report_desk.file(number)
    page = render_template(
        "console/incident.html",
        file=file,
        incident=file.incident,
        notes=known.voice.notes.of_reports(number) if by.may(Role.OPERATOR) else [],
        near=nearest(
            file.incident, known.report_desk.newest(before=None, limit=N_SHOWN)
        ),
        points=points_of([file.incident]),
        names=known.areas.names(),
        may_act=by.may(Role.OPERATOR),
        problem=problem,
        words=request.form.get("words", ""),
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return make_response(page, status)


def points_of(incidents: Sequence[Incident]) -> str:
    """What the map shows of incidents, as JSON; phones and words stay here."""
    return json.dumps(
        [
            {
                "id": one.first.number,
                "lon": one.first.where.lon,
                "lat": one.first.where.lat,
                "kind": one.first.kind.value,
                "state": one.first.state.value,
                "hurt": one.is_hurt,
                "n": one.n_reports,
            }
            for one in incidents
            if one.first.where.lon is not None
        ]
    )


def nearest(incident: Incident, others: Sequence[Incident]) -> list[Near]:
    """Other incidents that may be the same thing, the nearest first."""
    found = [
        Near(incident=other, away_m=_apart_m(incident.first, other.first))
        for other in others
        if other.first.number != incident.first.number
    ]
    return sorted(found, key=lambda one: one.away_m)[:N_NEAR]


def _apart_m(one: CitizenReport, other: CitizenReport) -> float:
    """Metres between two reports; infinite where a place is not known."""
    here, there = one.where, other.where
    if here.lon is None or here.lat is None or there.lon is None or there.lat is None:
        return float("inf")
    return distance_m(here.lon, here.lat, there.lon, there.lat)
