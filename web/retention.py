"""What is kept of people, and for how long: the lines of the page that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from responders.cases.aftercare import ADDRESSES_KEPT, POSITIONS_KEPT
from warning.citizens.conversation import FORGOTTEN_AFTER


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """One kind of thing."""

    #: English; ``web.console.words`` notes it for translation.
    what: str
    #: None for what stays until somebody erases it.
    span: timedelta | None
    #: The setting that decides; empty where nothing can be
    setting: str = ""


def retention(
    *,
    session_minutes: int,
    rest_days: int,
    publish_ended_h: int,
    voice_note_days: int,
    draft_days: int,
) -> Sequence[Kept]:
    """Every kind of thing that is kept, the shortest first; by what was chosen."""
    lines = (
        Kept(
            what="Sessions of operators",
            span=timedelta(minutes=session_minutes),
            setting="session_minutes",
        ),
        Kept(what="Where volunteers were in a case", span=POSITIONS_KEPT),
        Kept(
            what="Alerts that are over, in the public feeds",
            span=timedelta(hours=publish_ended_h),
            setting="publish_ended_h",
        ),
        Kept(what="Addresses and callers of cases", span=ADDRESSES_KEPT),
        Kept(what="What citizens texted last", span=FORGOTTEN_AFTER),
        Kept(
            what="What citizens said after the tone",
            span=timedelta(days=voice_note_days),
            setting="voice_note_days",
        ),
        Kept(
            what="Drafts that nobody saves any more",
            span=timedelta(days=draft_days),
            setting="draft_days",
        ),
        Kept(
            what="Rest of numbers that never answer",
            span=timedelta(days=rest_days),
            setting="rest_days",
        ),
    )
    by_person = Kept(
        what="People, their places and what was sent to them, until erased",
        span=None,
    )
    record = Kept(what="The record of what was done", span=None)
    known = sorted(lines, key=lambda line: line.span or timedelta.max)
    return [*known, by_person, record]
