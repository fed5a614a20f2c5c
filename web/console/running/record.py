"""The record of what was done: searched, filtered, and checked as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from flask import Blueprint, render_template, request

from accounts.audit import AuditEntry
from accounts.operators import Operator, Role
from web.console.service_words import verdict_sentence
from web.services import options, services
from web.sessions import signed_in

bp = Blueprint("record", __name__)

N_ENTRIES = 100
#: Entries that a filter looks through for one page.
_MAX_LOOKED_AT = 5_000
_MAX_TYPED = 80
FIELDS = ("q", "actor", "action", "day")


@bp.get("/audit")
@signed_in(Role.ADMIN)
def audit(by: Operator) -> str:
    """The record, newest first; with ``verify`` the whole chain is looked at."""
    del by
    wanted = {
        field: request.args.get(field, "").strip()[:_MAX_TYPED] for field in FIELDS
    }
    verdict = None
    if "verify" in request.args:
        verdict = services().sources.administration.verify()
    entries, before = _entries(
        matcher(wanted), request.args.get("before", type=int), _day(wanted["day"])
    )
    return render_template(
        "console/audit.html",
        entries=entries,
        before=before,
        wanted=wanted,
        verdict=verdict,
        told=verdict_sentence(verdict) if verdict else "",
    )


def matcher(wanted: dict[str, str]) -> Callable[[AuditEntry], bool]:
    """Whether an entry is among those that are looked for."""
    word = wanted["q"].casefold()
    actor, action = wanted["actor"].casefold(), wanted["action"].casefold()
    day = _day(wanted["day"])

    def fits(entry: AuditEntry) -> bool:
        told = f"{entry.actor} {entry.action} {entry.subject} {entry.details}"
        is_on_day = day is None or entry.at.astimezone(options().zone).date() == day
        return (
            word in told.casefold()
            and actor in entry.actor.casefold()
            and entry.action.casefold().startswith(action)
            and is_on_day
        )

    return fits


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _entries(
    fits: Callable[[AuditEntry], bool], before: int | None, day: date | None
) -> tuple[list[AuditEntry], int | None]:
    """A page of entries that fit, and where the next one begins."""
    administration = services().sources.administration
    # Nothing older than the day that is asked for can fit.
    floor = (
        datetime.combine(day, time.min, options().zone) - timedelta(days=1)
        if day
        else None
    )
    found: list[AuditEntry] = []
    n_looked_at = 0
    while len(found) < N_ENTRIES and n_looked_at < _MAX_LOOKED_AT:
        page = administration.newest_before(before, limit=N_ENTRIES)
        if not page or (floor is not None and page[0].at < floor):
            return found, None
        for entry in page:
            before = entry.seq
            n_looked_at += 1
            if fits(entry):
                found.append(entry)
            if len(found) == N_ENTRIES:
                break
    return found, before
