"""The after-action report as a PDF file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Blueprint, Response
from flask_babel import gettext as _

from accounts.operators import Operator, Role
from warning.alert import AlertId
from warning.cap import CapStatus
from warning.intake.intake import geometry_of
from web.console.alerts.starting import outline_of_code
from web.console.frame import local
from web.console.languages import direction, figure, language_name, span
from web.console.panels import Panel, panel_of
from web.console.situation.overview import people_by_area
from web.report_pdf.pages import Pages, Table
from web.services import services
from web.sessions import signed_in

if TYPE_CHECKING:
    from warning.figures.report import AlertReport

bp = Blueprint("report_file", __name__, url_prefix="/alerts")

#: Areas around the alert that a map of this size can show apart.
_MAX_AREAS = 400
_OUTLINE_LEVEL = 1


@bp.get("/<alert_id>/report.pdf")
@signed_in(Role.VIEWER)
def pdf(alert_id: AlertId, by: Operator) -> Response:
    """Figures, map, texts, times and what was done, to print and to file."""
    del by
    from web.report_pdf.document import render  # noqa: PLC0415 - a second of fonts

    known = services()
    made = known.reports.report(alert_id)
    panel = panel_of(known, made.case, known.areas.names())
    answer = Response(render(_pages(made, panel)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="alert-{made.case.alert_id}.pdf"'
    )
    return answer


def _pages(made: AlertReport, panel: Panel) -> Pages:
    case = made.case
    areas = services().areas.list(level=_OUTLINE_LEVEL, after="", limit=_MAX_AREAS)
    status = _(case.cap.status.value).upper()
    is_drill = case.cap.status is not CapStatus.ACTUAL
    return Pages(
        title=panel.headline,
        lines=[
            f"{_(panel.severity)} · {panel.event} · {_(case.state.value)}",
            local(made.made_at, "%Y-%m-%d %H:%M:%S %Z"),
        ],
        drill=f"{status}: {_('not for the public')}" if is_drill else "",
        figures=_figures(made, panel),
        notes=_notes(made),
        outline=geometry_of(case.cap, lookup=outline_of_code),
        areas=areas,
        people=json.loads(people_by_area([panel], is_live_only=False)),
        map_title=_("Where, and who confirmed"),
        tables=[_by_area(panel), _by_language(made)],
        texts_title=_("What was said"),
        texts=[
            (
                language_name(info.language),
                [t for t in (info.headline or info.event, info.instruction) if t],
            )
            for info in case.cap.infos
        ],
        steps=_steps(made),
        foot=f"Tocsin · {case.alert_id} · {{page}} / {{pages}}",
        made_at=made.made_at,
        is_right_to_left=direction() == "rtl",
    )


def _figures(made: AlertReport, panel: Panel) -> dict[str, str]:
    progress = made.progress
    figures = (
        (_("Inside"), progress.affected),
        (_("Reached"), panel.reached),
        (_("Heard"), panel.heard),
        (_("Confirmed"), progress.confirmed),
        (_("Need help"), progress.needs_help),
        (_("Failed"), panel.unreachable),
    )
    return {str(name): figure(n) for name, n in figures}


def _notes(made: AlertReport) -> list[str]:
    progress, notes = made.progress, []
    if made.is_balanced:
        notes.append(_("Told and left out make up everybody whom it concerned."))
    else:
        notes.append(_("Told and left out do not make up everybody whom it concerned."))
    if made.drafting_s is not None:
        words = span(made.drafting_s)
        notes.append(_("Written and approved in %(span)s.", span=words))
    if progress.first_message_s is not None and progress.last_message_s is not None:
        notes.append(
            _(
                "First message after %(first)s, last after %(last)s.",
                first=span(progress.first_message_s),
                last=span(progress.last_message_s),
            )
        )
    left_out = [
        f"{_(reason.replace('_', ' '))} {figure(n)}"
        for reason, n in progress.excluded.items()
        if n
    ]
    if left_out:
        notes.append(f"{_('Left out')}: {', '.join(left_out)}")
    return [str(note) for note in notes]


def _by_area(panel: Panel) -> Table:
    return Table(
        title=_("By area, most without confirmation first"),
        head=[
            _("Area"),
            _("People"),
            _("Reached"),
            _("Heard"),
            _("Confirmed"),
            _("Failed"),
        ],
        rows=[
            [
                line.name,
                figure(line.affected),
                figure(line.reached),
                figure(line.heard),
                figure(line.confirmed),
                figure(line.unreachable),
            ]
            for line in panel.areas
        ],
        widths=(35, 13, 13, 13, 13, 13),
    )


def _by_language(made: AlertReport) -> Table:
    return Table(
        title=_("By language"),
        head=[_("Language"), _("People")],
        rows=[
            [language_name(language), figure(n)]
            for language, n in made.progress.by_language.items()
        ],
        widths=(35, 13),
    )


def _steps(made: AlertReport) -> Table:
    return Table(
        title=_("What was done"),
        head=[_("When"), _("Who"), _("What")],
        rows=[
            [local(step.at, "%Y-%m-%d %H:%M:%S"), step.actor, step.action]
            for step in made.steps
        ],
        widths=(30, 30, 40),
        is_figures=False,
    )
