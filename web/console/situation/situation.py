"""What is happening, to whom: the alerts that matter now, with their figures."""

from __future__ import annotations

from flask import Blueprint, render_template

from accounts.operators import Operator, Role
from web.console.panels import panels
from web.console.situation import overview
from web.services import services
from web.sessions import signed_in

bp = Blueprint("situation", __name__)


@bp.get("/")
@signed_in(Role.VIEWER)
def show(by: Operator) -> str:
    """The page; ``web.console.situation.live`` keeps it true."""
    del by
    known = services()
    shown = panels(known)
    return render_template(
        "console/situation.html",
        panels=shown,
        people=overview.people_by_area(shown),
        cases=overview.open_cases(known),
    )
