"""Who may do what, by which token; feeds, plans; and the record of what was done."""

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

from accounts.audit import AuditEntry
from accounts.errors import AccountError
from accounts.operators import Operator, Role
from web.services import services
from web.sessions import signed_in

bp = Blueprint("administering", __name__)

N_ENTRIES = 100
#: Entries that a filter looks through for one page.
_MAX_LOOKED_AT = 5_000
_DAYS = (1, 7, 30, 90, 365)


@bp.get("/settings")
@signed_in(Role.ADMIN)
def settings(by: Operator) -> str:
    """Operators, tokens, feeds, plans."""
    del by
    return _settings_page()


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
        return _refused(_("This cannot be done to an operator."))
    return _done(lambda: steps[step](name, by=by.name))


@bp.post("/settings/tokens")
@signed_in(Role.ADMIN)
def create_token(by: Operator) -> AnyResponse:
    """Make a token; it is shown this once."""
    name, role = request.form.get("operator", ""), request.form.get("role", "")
    days = request.form.get("days", type=int)
    if role not in set(Role) or days not in _DAYS:
        return _refused(_("Choose one of the list."))
    try:
        token = services().accounts.create_token(
            name, role=Role(role), lasts=timedelta(days=days), by=by.name
        )
    except AccountError as error:
        return _refused(str(error))
    answer = make_response(_settings_page(token=token))
    answer.cache_control.no_store = True
    return answer


@bp.post("/settings/tokens/<token_id>/revoke")
@signed_in(Role.ADMIN)
def revoke(token_id: str, by: Operator) -> AnyResponse:
    """Let a token in no more."""
    administration = services().sources.administration
    return _done(lambda: administration.revoke(token_id, by=by.name))


@bp.get("/audit")
@signed_in(Role.ADMIN)
def audit(by: Operator) -> str:
    """The record, newest first; with ``verify`` the whole chain is looked at."""
    del by
    known = services()
    wanted = request.args.get("q", "").strip()[:80].casefold()
    entries, before = _entries(wanted, request.args.get("before", type=int))
    is_asked = "verify" in request.args
    return render_template(
        "console/audit.html",
        entries=entries,
        before=before,
        wanted=wanted,
        verdict=known.sources.administration.verify() if is_asked else None,
    )


def _entries(wanted: str, before: int | None) -> tuple[list[AuditEntry], int | None]:
    """A page of entries that have a word in them, and where the next one begins."""
    administration = services().sources.administration
    found: list[AuditEntry] = []
    n_looked_at = 0
    while len(found) < N_ENTRIES and n_looked_at < _MAX_LOOKED_AT:
        page = administration.newest_before(before, limit=N_ENTRIES)
        if not page:
            return found, None
        for entry in page:
            before = entry.seq
            n_looked_at += 1
            if wanted in f"{entry.actor} {entry.action} {entry.subject}".casefold():
                found.append(entry)
            if len(found) == N_ENTRIES:
                break
    return found, before


def _done(step: Callable[[], object]) -> AnyResponse:
    try:
        step()
    except AccountError as error:
        return _refused(str(error))
    flash(_("Done."))
    return redirect(url_for("administering.settings"), HTTPStatus.SEE_OTHER)


def _refused(sentence: str) -> AnyResponse:
    page = _settings_page(problem=sentence)
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _settings_page(token: str = "", problem: str = "") -> str:
    known = services()
    return render_template(
        "console/settings.html",
        operators=known.sources.administration.operators(),
        tokens=known.sources.administration.tokens(),
        now=known.now(),
        feeds=known.sources.feeds.lines(),
        plans=known.sources.plans.list(after="", limit=N_ENTRIES),
        roles=list(Role),
        days=_DAYS,
        token=token,
        problem=problem,
        has_factor=known.second_factors.is_enrolled,
    )
