"""Volunteers: who may be rung, page by page. Names are for dispatchers alone."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from accounts.operators import Operator, Role
from responders.roster.eligibility import skills_of
from responders.roster.reach import Reach
from responders.roster.skills import skill_words
from responders.roster.volunteer import Responder
from web.services import services
from web.sessions import signed_in

bp = Blueprint("roster", __name__, url_prefix="/responders")

N_SHOWN = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One volunteer."""

    person: Responder
    skills: tuple[str, ...]
    is_verified: bool
    is_on: bool
    reach: Reach | None
    is_missed: bool


@bp.get("/")
@signed_in(Role.DISPATCHER)
def show(by: Operator) -> str:
    """A page of them, by number."""
    del by
    known = services()
    after = request.args.get("after", default=0, type=int)
    now = known.now()
    people = known.cases.volunteers.page(after=max(after, 0), limit=N_SHOWN + 1)
    shown = people[:N_SHOWN]
    reach = known.cases.reachability.of([one.responder_id for one in shown])
    lines = [
        Line(
            person=person,
            skills=tuple(skill_words(skills_of(person, now))),
            is_verified=person.has_verified_number(now),
            is_on=not person.availability.is_paused(now),
            reach=(known_reach := reach.get(person.responder_id)),
            is_missed=known_reach is not None and known_reach.is_missed(now),
        )
        for person in shown
    ]
    has_more = len(people) > N_SHOWN
    return render_template(
        "console/roster.html",
        lines=lines,
        next_after=lines[-1].person.responder_id if has_more else None,
        is_first=after <= 0,
    )
