"""The page on which a warning is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flask import render_template

from web.console.alerts.warning_form import choices
from web.console.situation.layers import LEVEL, MAX_AREAS
from web.services import services

if TYPE_CHECKING:
    from warning.intake.drafts import Draft
    from warning.texts.message_preview import TextPreview

#: Drafts and plans that are offered to go on with.
_OFFERED = 20


def page_of(
    typed: Mapping[str, str],
    *,
    problems: Mapping[str, str] | None = None,
    texts: Sequence[TextPreview] = (),
    draft: Draft | None = None,
    lines: Sequence[object] = (),
) -> str:
    """Render the form with what was typed.

    Parameters
    ----------
    typed : mapping
        Field → text.
    problems : mapping, optional
        Field → what is wrong with it.
    texts : sequence of TextPreview, optional
        What people would read.
    draft : Draft, optional
        Where it is kept.
    lines : sequence of Line, optional
        Where it differs from what somebody else saved.
    """
    known = services()
    areas = known.areas.list(level=LEVEL, after="", limit=MAX_AREAS)
    is_blank = draft is None and not typed.get("area_desc")
    return render_template(
        "console/new_alert.html",
        typed=typed,
        problems=problems or {},
        choices=choices(),
        areas=sorted(areas, key=lambda area: area.name),
        texts=texts,
        is_drill=typed.get("drill") != "0",
        has_drill_switch=True,
        draft=draft,
        lines=lines,
        drafts=known.drafts.list(limit=_OFFERED) if is_blank else [],
        plans=known.sources.plans.list(after="", limit=_OFFERED) if is_blank else [],
        follows=_followed(draft),
        pace=_pace(),
    )


def _followed(draft: Draft | None) -> object:
    """The alert that a draft is to update."""
    if draft is None or draft.follows is None:
        return None
    return services().board.get(draft.follows)


def _pace() -> tuple[float, float]:
    """Texts and calls a second that the carriers take, those in trouble left out."""
    well = [line for line in services().carriers.lines() if not line.trouble]
    return (
        sum(line.sms_per_s for line in well if line.has_sms),
        sum(line.calls_per_s for line in well if line.has_voice),
    )
