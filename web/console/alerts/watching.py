"""What whoever watches a live alert sees beside its counters, and takes away."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from flask import Blueprint, Response, render_template

from accounts.operators import Operator, Role
from warning.alert import AlertCase, AlertId, AlertState
from warning.citizens.help_requests import HelpRequest
from warning.figures.report import ReportStep
from warning.figures.watch import all_tried_at, silent_by_area
from web.console.csv_files import csv_file
from web.console.panels import AreaLine, Panel, panel_of
from web.services import Services, services
from web.sessions import signed_in

bp = Blueprint("watching", __name__, url_prefix="/alerts")

#: People who need help and areas that are silent, as many as one can act upon.
N_HELP = 200
N_SILENT = 10
_PAGE = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """Beside the counters of one alert."""

    #: When everybody will have been tried; None when everybody was.
    all_tried_at: datetime | None
    #: Without number and name for those who may only look.
    help_wanted: Sequence[HelpRequest]
    may_call: bool
    #: Area name and people, the most first.
    silent: Sequence[tuple[str, int]]
    steps: Sequence[ReportStep]
    is_live: bool


def watched(known: Services, case: AlertCase, panel: Panel, by: Operator) -> Watched:
    """Put together what the page of an alert shows beside its counters."""
    names = known.areas.names()
    progress = panel.progress
    silent = silent_by_area(progress)[:N_SILENT] if progress else []
    return Watched(
        all_tried_at=all_tried_at(progress, now=known.now()) if progress else None,
        help_wanted=(
            known.help_desk.pending(owner_ref=case.owner_ref)[:N_HELP]
            if progress
            else []
        ),
        may_call=by.may(Role.OPERATOR),
        silent=[(names.get(code) or code, n) for code, n in silent],
        steps=known.reports.report(case.alert_id).steps,
        is_live=case.state is AlertState.LIVE,
    )


@bp.get("/<alert_id>/curves.json")
@signed_in(Role.VIEWER)
def curves(alert_id: AlertId, by: Operator) -> Response:
    """How it spread: seconds since 1970, and the sums up to then."""
    del by
    found = asdict(services().watch.curves(alert_id))
    found["at"] = [round(at.timestamp()) for at in found["at"]]
    return Response(json.dumps(found), mimetype="application/json")


@bp.get("/<alert_id>/groups/now")
@signed_in(Role.VIEWER)
def groups(alert_id: AlertId, by: Operator) -> str:
    """By language and by carrier: a part of the page, for whoever unfolds it."""
    del by
    return render_template(
        "console/_groups.html", groups=services().groups.groups(alert_id)
    )


@bp.get("/<alert_id>/areas.csv")
@signed_in(Role.VIEWER)
def areas_csv(alert_id: AlertId, by: Operator) -> Response:
    """The figures by area."""
    del by
    known = services()
    panel = panel_of(known, known.board.get(alert_id), known.areas.names())
    rows = [[str(line.name), *line[1:]] for line in panel.areas]
    return csv_file(f"alert-{alert_id}-areas", list(AreaLine._fields), rows)


@bp.get("/<alert_id>/deliveries.csv")
@signed_in(Role.OPERATOR)
def deliveries_csv(alert_id: AlertId, by: Operator) -> Response:
    """Every text and call; people by their number here, not by telephone number."""
    del by
    known = services()
    known.board.get(alert_id)
    columns = ["delivery", "person", "channel", "language", "state", "tries", "code"]
    return csv_file(
        f"alert-{alert_id}-deliveries", [*columns, "at"], _lines(known, alert_id)
    )


def _lines(known: Services, alert_id: AlertId) -> Iterator[Sequence[object]]:
    after = 0
    while lines := known.board.deliveries(alert_id, after=after, limit=_PAGE):
        for line in lines:
            yield (
                line.delivery_id,
                line.subscriber_id,
                line.channel.word,
                line.language,
                line.state.name.lower(),
                line.attempts,
                line.code or "",
                line.updated_at.isoformat(),
            )
        after = lines[-1].delivery_id
