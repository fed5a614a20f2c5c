"""Alerts: all of them, one of them, and the two-person approval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from accounts.operators import Operator, Role
from warning.alert import AlertCase, AlertId, AlertState
from warning.cap import CapStatus
from warning.errors import AlertError, UnrecordedError
from warning.escalation.escalation_steps import EscalationStep
from warning.validity import valid_until
from web.console.alerts.watching import watched
from web.console.panels import panel_of
from web.services import services
from web.sessions import signed_in

bp = Blueprint("alerts", __name__, url_prefix="/alerts")

#: By how much an alert is offered to be extended.
_HALF_DAY = timedelta(hours=12)


@bp.get("/")
@signed_in(Role.VIEWER)
def show_all(by: Operator) -> str:
    """Every alert, newest first."""
    del by
    return render_template("console/alerts.html", cases=services().board.list())


@bp.get("/<alert_id>")
@signed_in(Role.VIEWER)
def show(alert_id: AlertId, by: Operator) -> str:
    """One alert: how it stands, or what approving it would do."""
    return _page(services().board.get(alert_id), by, problem=None)


@bp.get("/<alert_id>/report")
@signed_in(Role.VIEWER)
def report(alert_id: AlertId, by: Operator) -> str:
    """What it came to: for reading, and for printing as it is."""
    del by
    known = services()
    made = known.reports.report(alert_id)
    return render_template(
        "console/report.html",
        case=made.case,
        report=made,
        panel=panel_of(known, made.case, known.areas.names()),
        is_drill=made.case.cap.status is not CapStatus.ACTUAL,
    )


@bp.post("/<alert_id>/all-clear")
@signed_in(Role.OPERATOR)
def all_clear(alert_id: AlertId, by: Operator) -> AnyResponse:
    """Stop it, and prepare the all-clear for those who were told."""
    return _done(alert_id, by, services().follow_ups.all_clear)


@bp.post("/<alert_id>/correction")
@signed_in(Role.OPERATOR)
def correct(alert_id: AlertId, by: Operator) -> AnyResponse:
    """Stop it, and prepare the correction for exactly those who were told."""
    return _done(alert_id, by, services().follow_ups.correct)


@bp.post("/<alert_id>/approve")
@signed_in(Role.APPROVER)
def approve(alert_id: AlertId, by: Operator) -> AnyResponse:
    """Make it live; for the public, only who typed the event's name means it."""
    case = services().board.get(alert_id)
    typed = request.form.get("confirmation", "").strip()
    if case.cap.status is CapStatus.ACTUAL and typed.casefold() != _word(case):
        sentence = _("Type the name of the event as it stands above: %(event)s.")
        return make_response(
            _page(case, by, problem=sentence % {"event": event_of(case)}),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    accepts = request.form.get("accept_fallback") == "1"
    step = partial(services().alerts.approve, accept_fallback=accepts)
    return _done(alert_id, by, step)


@bp.post("/<alert_id>/submit")
@signed_in(Role.OPERATOR)
def submit(alert_id: AlertId, by: Operator) -> AnyResponse:
    """Hand a draft to a second person."""
    return _done(alert_id, by, services().alerts.submit)


@bp.post("/<alert_id>/reject")
@signed_in(Role.APPROVER)
def reject(alert_id: AlertId, by: Operator) -> AnyResponse:
    """Give it back to its author."""
    return _done(alert_id, by, services().alerts.reject)


@bp.post("/<alert_id>/cancel")
@signed_in(Role.OPERATOR)
def cancel(alert_id: AlertId, by: Operator) -> AnyResponse:
    """Withdraw it: what has not left never will."""
    return _done(alert_id, by, services().alerts.cancel)


def event_of(case: AlertCase) -> str:
    """What the alert warns of, in its first language."""
    return case.cap.infos[0].event if case.cap.infos else ""


def _word(case: AlertCase) -> str:
    return event_of(case).strip().casefold()


def _done(
    alert_id: AlertId, by: Operator, step: Callable[..., AlertCase]
) -> AnyResponse:
    try:
        done = step(alert_id, by=by.name)
    except UnrecordedError:
        page = _page(
            services().board.get(alert_id),
            by,
            problem=_("Some would hear no word of it"),
        )
        return make_response(page, HTTPStatus.CONFLICT)
    except AlertError as error:
        case = services().board.get(alert_id)
        page = _page(case, by, problem=str(error))
        return make_response(page, HTTPStatus.CONFLICT)
    # What now waits for approval may be another alert: the one that follows.
    return redirect(
        url_for("alerts.show", alert_id=done.alert_id), HTTPStatus.SEE_OTHER
    )


def _page(case: AlertCase, by: Operator, *, problem: str | None) -> str:
    known = services()
    is_waiting = case.state in {AlertState.DRAFT, AlertState.SUBMITTED}
    preview = known.board.preview(case.alert_id) if is_waiting else None
    panel = panel_of(known, case, known.areas.names())
    is_own = by.name in {case.created_by, case.submitted_by}
    may_approve = by.may(Role.APPROVER) and not is_own
    is_asked = may_approve and case.state is AlertState.SUBMITTED
    return render_template(
        "console/alert.html",
        case=case,
        panel=panel,
        preview=preview,
        waiting=known.board.waiting_to_follow(case.alert_id),
        problem=problem,
        unheard=known.alerts.unheard(case.alert_id) if is_asked else (),
        is_drill=case.cap.status is not CapStatus.ACTUAL,
        may_approve=may_approve,
        is_own=is_own,
        may_operate=by.may(Role.OPERATOR),
        may_extend=by.may(Role.APPROVER),
        valid_until=valid_until(case),
        half_day=_HALF_DAY,
        event=event_of(case),
        watch=None if is_waiting else watched(known, case, panel, by),
        area_names=known.areas.names(),
        field_words=_field_words(),
        # Nobody need answer what tells of an end.
        steps=() if case.kind.is_closing else _calls(case),
    )


def _calls(case: AlertCase) -> Sequence[EscalationStep]:
    """The calls to whoever does not confirm."""
    return services().escalation_rules.book.of(case).steps[1:]


def _field_words() -> dict[str, str]:
    """What changes of an alert, as people call it."""
    return {
        "event": _("Hazard"),
        "headline": _("What happens"),
        "description": _("What is known"),
        "instruction": _("What to do"),
        "urgency": _("How soon"),
        "severity": _("Severity"),
        "certainty": _("How certain"),
        "response_types": _("What people should do"),
        "effective": _("Holds from"),
        "onset": _("Begins"),
        "expires": _("Until"),
    }
