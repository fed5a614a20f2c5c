"""Who may do what, by which password and which token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

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

from accounts.errors import AccountError
from accounts.operators import Operator, Role, chance_password
from web.console.refusals import sentence_of
from web.services import services
from web.sessions import signed_in

bp = Blueprint("administering", __name__)

_DAYS = (1, 7, 30, 90, 365)
_MAX_PASSWORD = 1_000


@bp.get("/settings")
@signed_in(Role.ADMIN)
def settings(by: Operator) -> str:
    """Operators and tokens."""
    return _settings_page(by)


@bp.post("/settings/operators")
@signed_in(Role.ADMIN)
def add_operator(by: Operator) -> AnyResponse:
    """Add somebody; their first password is shown this once."""
    name, role = request.form.get("name", ""), request.form.get("role", "")
    if role not in set(Role):
        return _refused(by, _("Choose one of the list."))
    password = chance_password()
    try:
        made = services().accounts.add(
            name, role=Role(role), password=password, by=by.name
        )
    except AccountError as error:
        return _refused(by, sentence_of(error))
    return _shown_once(
        by, _("The first password of %(name)s", name=made.name), password
    )


@bp.post("/settings/operators/<name>/password")
@signed_in(Role.ADMIN)
def reset_password(name: str, by: Operator) -> AnyResponse:
    """Give somebody who forgot theirs a new password, shown this once."""
    try:
        password = services().accounts.reset_password(name, by=by.name)
    except AccountError as error:
        return _refused(by, sentence_of(error))
    return _shown_once(by, _("The new password of %(name)s", name=name), password)


@bp.post("/settings/operators/<name>/<step>")
@signed_in(Role.ADMIN)
def change_operator(name: str, step: str, by: Operator) -> AnyResponse:
    """Disable or enable an operator, change their role, reset their second factor."""
    known = services()
    admin = known.sources.administration
    role = request.form.get("role", "")

    def reset(name: str, *, by: str) -> object:
        return known.second_factors.reset(name, by=by)

    def set_role(name: str, *, by: str) -> object:
        return admin.set_role(name, Role(role), by=by)

    steps: dict[str, Callable[..., object]] = {
        "disable": admin.disable,
        "enable": admin.enable,
        "reset-factor": reset,
    }
    if role in set(Role):
        steps["role"] = set_role
    if step not in steps:
        return _refused(by, _("This cannot be done to an operator."))
    return _done(by, lambda: steps[step](name, by=by.name))


@bp.post("/settings/tokens")
@signed_in(Role.ADMIN)
def create_token(by: Operator) -> AnyResponse:
    """Make a token; it is shown this once."""
    name, role = request.form.get("operator", ""), request.form.get("role", "")
    days = request.form.get("days", type=int)
    if role not in set(Role) or days not in _DAYS:
        return _refused(by, _("Choose one of the list."))
    try:
        token = services().accounts.create_token(
            name, role=Role(role), lasts=timedelta(days=days), by=by.name
        )
    except AccountError as error:
        return _refused(by, sentence_of(error))
    return _shown_once(by, _("The new token of %(name)s", name=name), token)


@bp.post("/settings/tokens/<token_id>/revoke")
@signed_in(Role.ADMIN)
def revoke(token_id: str, by: Operator) -> AnyResponse:
    """Let a token in no more."""
    administration = services().sources.administration
    return _done(by, lambda: administration.revoke(token_id, by=by.name))


@bp.get("/password")
@signed_in(Role.VIEWER)
def password(by: Operator) -> str:
    """One's own password."""
    del by
    return render_template("console/password.html", problem=None)


@bp.post("/password")
@signed_in(Role.VIEWER)
def change_password(by: Operator) -> AnyResponse:
    """Choose another one."""
    typed = {
        field: request.form.get(field, "")[:_MAX_PASSWORD]
        for field in ("old", "new", "again")
    }
    problem = None
    if typed["new"] != typed["again"]:
        problem = _("The two new passwords differ.")
    else:
        try:
            services().accounts.change_password(
                by.name, old=typed["old"], new=typed["new"]
            )
        except AccountError as error:
            problem = sentence_of(error)
    if problem is None:
        flash(_("Your password is changed."))
        return redirect(url_for("administering.password"), HTTPStatus.SEE_OTHER)
    page = render_template("console/password.html", problem=problem)
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _done(by: Operator, step: Callable[[], object]) -> AnyResponse:
    try:
        step()
    except AccountError as error:
        return _refused(by, sentence_of(error))
    flash(_("Done."))
    return redirect(url_for("administering.settings"), HTTPStatus.SEE_OTHER)


def _refused(by: Operator, sentence: str) -> AnyResponse:
    page = _settings_page(by, problem=sentence)
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _shown_once(by: Operator, title: str, secret: str) -> AnyResponse:
    answer = make_response(_settings_page(by, secret=(title, secret)))
    answer.cache_control.no_store = True
    return answer


def _settings_page(
    by: Operator, secret: tuple[str, str] | None = None, problem: str = ""
) -> str:
    known = services()
    return render_template(
        "console/settings.html",
        operators=known.sources.administration.operators(),
        tokens=known.sources.administration.tokens(),
        now=known.now(),
        roles=list(Role),
        days=_DAYS,
        secret=secret,
        problem=problem,
        has_factor=known.second_factors.is_enrolled,
        me=by.name,
    )
