"""What follows a text that nobody confirmed: read, and written anew.

Every severity has its row of calls. What is typed stays on the page whatever comes of
it; who saves over what somebody else has kept is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from accounts.operators import Operator, Role
from warning.cap import Severity
from warning.errors import AlertError, StaleRulesError
from warning.escalation.escalation_plans import MAX_STEPS, MAX_WAIT_MIN
from warning.escalation_ports import Rules
from web.console.alerts.warning_form import FormError
from web.console.refusals import sentence_of
from web.console.words import noted
from web.services import services
from web.sessions import signed_in

bp = Blueprint("escalation", __name__, url_prefix="/settings/escalation")

#: Calls that a form has room for.
CALLS = range(1, MAX_STEPS)
#: Who is left in peace → how that is said.
UNLESS: Mapping[str, str] = {
    "confirmed": noted("they have not confirmed"),
    "heard": noted("they have not listened to a call"),
    "reached": noted("nothing has reached them"),
}
#: Where something stands that is no field of the form.
_WHOLE = ""


@bp.get("")
@signed_in(Role.ADMIN)
def show(by: Operator) -> AnyResponse:
    """The rules that are in force, as a form."""
    del by
    return _page(_fields(services().escalation_rules.desk.rules().rules), {})


@bp.post("")
@signed_in(Role.ADMIN)
def save(by: Operator) -> AnyResponse:
    """Keep what was written, unless somebody else changed it meanwhile."""
    typed = request.form
    seen = max(typed.get("seen", default=0, type=int), 0)
    try:
        services().escalation_rules.desk.save(_rules(typed), seen=seen, by=by.name)
    except FormError as error:
        return _page(typed, {error.field: str(error)})
    except StaleRulesError as error:
        return _page(typed, {_WHOLE: sentence_of(error)}, HTTPStatus.CONFLICT)
    except AlertError as error:
        return _page(typed, {_WHOLE: sentence_of(error)})
    flash(_("The steps are kept. They hold for warnings submitted from now on."))
    return redirect(url_for("escalation.show"), HTTPStatus.SEE_OTHER)


@bp.post("/back")
@signed_in(Role.ADMIN)
def bring_back(by: Operator) -> AnyResponse:
    """Go back to the rules of the release."""
    seen = max(request.form.get("seen", default=0, type=int), 0)
    desk = services().escalation_rules.desk
    try:
        desk.bring_back(seen=seen, by=by.name)
    except StaleRulesError as error:
        fields = _fields(desk.rules().rules)
        return _page(fields, {_WHOLE: sentence_of(error)}, HTTPStatus.CONFLICT)
    flash(_("The steps are those of the release again."))
    return redirect(url_for("escalation.show"), HTTPStatus.SEE_OTHER)


def _rules(typed: Mapping[str, str]) -> dict[str, Any]:
    """Read the form.

    Raises
    ------
    FormError
        If a field cannot be read.
    """
    return {
        severity.value: _plan(typed, severity.value)
        for severity in Severity
        if severity is Severity.SEVERE or typed.get(f"{severity.value}-own")
    }


def _plan(typed: Mapping[str, str], name: str) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"channel": "sms"}]
    for number in CALLS:
        wait = _minutes(typed, f"{name}-wait-{number}")
        if wait is not None:
            unless = typed.get(f"{name}-unless-{number}", "confirmed")
            if unless not in UNLESS:
                raise FormError(f"{name}-unless-{number}", _("Choose one of the list."))
            steps.append({"channel": "voice", "after_min": wait, "unless": unless})
    focal = _minutes(typed, f"{name}-focal")
    if focal is None:
        return {"steps": steps}
    tells = bool(typed.get(f"{name}-phones"))
    return {"steps": steps, "focal_points": {"after_min": focal, "tell_phones": tells}}


def _minutes(typed: Mapping[str, str], field: str) -> float | None:
    """A wait; None if there is none.

    Raises
    ------
    FormError
        If it is no number of minutes of a day.
    """
    written = typed.get(field, "").strip()
    if not written:
        return None
    try:
        number = float(written)
    except ValueError:
        number = -1
    if not 0 <= number <= MAX_WAIT_MIN:
        raise FormError(field, _("Write minutes from 0 to %(n)s.", n=int(MAX_WAIT_MIN)))
    return number


def _fields(rules: Rules) -> dict[str, str]:
    """What rules say, as fields of the form; severities without any say Severe's."""
    fields: dict[str, str] = {}
    for severity in Severity:
        name = severity.value
        if name in rules:
            fields[f"{name}-own"] = "1"
        plan = rules.get(name, rules[Severity.SEVERE.value])
        for number, step in enumerate(plan["steps"][1:], start=1):
            fields[f"{name}-wait-{number}"] = f"{step.get('after_min', 0):g}"
            fields[f"{name}-unless-{number}"] = step.get("unless", "confirmed")
        focal = plan.get("focal_points")
        if focal is not None:
            fields[f"{name}-focal"] = f"{focal['after_min']:g}"
            fields[f"{name}-phones"] = "1" if focal.get("tell_phones") else ""
    return fields


def _page(
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    status: HTTPStatus | None = None,
) -> AnyResponse:
    known = services().escalation_rules
    page = render_template(
        "console/escalation.html",
        now=known.desk.rules(),
        pace=known.book.pace,
        typed=typed,
        problems=problems,
        problem=problems.get(_WHOLE, ""),
        severities=list(Severity),
        calls=CALLS,
        unless=UNLESS,
        most=int(MAX_WAIT_MIN),
    )
    if status is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return make_response(page, status)
