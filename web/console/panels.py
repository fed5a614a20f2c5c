"""Alerts as screens show them: words, counters, areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import lazy_gettext as _

from warning.alert import AlertCase, AlertState
from warning.cap import CapStatus
from warning.progress import Progress
from warning.recipients import RecipientState
from web.services import Services

#: Closed alerts shown below the open ones.
N_CLOSED = 3
#: Areas shown of one alert; there may be thousands, and they are told every second.
N_AREAS = 25
_OPEN = (AlertState.LIVE, AlertState.SUBMITTED)
_CLOSED = (AlertState.ENDED, AlertState.CANCELLED)
_STATES = {state.name.lower(): state for state in RecipientState}
#: The worst first; one whose severity nobody knows may be anything.
_RANKS = {"Extreme": -4, "Severe": -3, "Unknown": -2, "Moderate": -1, "Minor": 0}


class AreaLine(NamedTuple):
    """One area of one alert. Up to ``confirmed`` each figure includes the next."""

    #: Said in the reader's language when it is shown, where there is no name.
    name: str
    affected: int
    reached: int
    heard: int
    confirmed: int
    unreachable: int
    needs_help: int
    #: As it was imported; empty for none known.
    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """One alert as the page shows it."""

    case: AlertCase
    event: str
    headline: str
    severity: str
    is_drill: bool
    progress: Progress | None
    #: People; each figure includes those to its right.
    reached: int
    heard: int
    #: Everything failed, and people who are sent nothing.
    unreachable: int
    left_out: int
    #: Those with most people who have not confirmed first.
    areas: Sequence[AreaLine]

    @property
    def worst_areas(self) -> Sequence[AreaLine]:
        """As many as a screen shows."""
        return self.areas[:N_AREAS]


def panels(known: Services) -> list[Panel]:
    """The alerts that matter now: open ones, the worst first, then closed ones."""
    names = known.areas.names()
    opened = [panel_of(known, case, names) for case in known.board.list(states=_OPEN)]
    closed = known.board.list(states=_CLOSED, limit=N_CLOSED)
    opened.sort(key=lambda panel: (panel.is_drill, _RANKS.get(panel.severity, 0)))
    return opened + [panel_of(known, case, names) for case in closed]


def panel_of(known: Services, case: AlertCase, names: Mapping[str, str]) -> Panel:
    """Put together what is shown of one alert."""
    has_started = case.state is not AlertState.SUBMITTED and case.approved_at
    progress = known.board.progress(case.alert_id) if has_started else None
    first = case.cap.infos[0] if case.cap.infos else None
    states = progress.by_state if progress else {}
    return Panel(
        case=case,
        event=first.event if first else "",
        headline=(first.headline or first.event) if first else case.cap.identifier,
        severity=first.severity.value if first else "Unknown",
        is_drill=case.cap.status is not CapStatus.ACTUAL,
        progress=progress,
        reached=_at_least(states, RecipientState.REACHED),
        heard=_at_least(states, RecipientState.HEARD),
        unreachable=states.get(RecipientState.UNREACHABLE.name.lower(), 0),
        left_out=sum(progress.excluded.values()) if progress else 0,
        areas=_area_lines(progress, names) if progress else [],
    )


def _area_lines(progress: Progress, names: Mapping[str, str]) -> list[AreaLine]:
    """One line an area, that with most people who have not confirmed first.

    By their share a village with one silent person would stand before a town.
    """
    lines = [
        _area_line(code, names.get(code) or code or _("no known area"), states)
        for code, states in progress.by_area.items()
    ]
    return sorted(
        lines, key=lambda line: (line.confirmed - line.affected, str(line.name))
    )


def _area_line(code: str, name: str, states: Mapping[str, int]) -> AreaLine:
    """In one walk over the states: there may be thousands of areas, each second."""
    affected = reached = heard = confirmed = 0
    for word, n in states.items():
        state = _STATES[word]
        affected += n
        if state >= RecipientState.REACHED:
            reached += n
            if state >= RecipientState.HEARD:
                heard += n
                if state >= RecipientState.CONFIRMED:
                    confirmed += n
    unreachable, needs_help = states.get("unreachable", 0), states.get("needs_help", 0)
    return AreaLine(
        name, affected, reached, heard, confirmed, unreachable, needs_help, code
    )


def _at_least(states: Mapping[str, int], floor: RecipientState) -> int:
    return sum(n for word, n in states.items() if _STATES[word] >= floor)
