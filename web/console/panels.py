"""Alerts as screens show them: words, counters, areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from warning.alert import AlertCase, AlertState
from warning.cap import CapStatus
from warning.progress import Progress
from warning.recipients import RecipientState
from web.services import Services

#: Closed alerts shown below the open ones.
N_CLOSED = 3
_OPEN = (AlertState.LIVE, AlertState.SUBMITTED)
_CLOSED = (AlertState.ENDED, AlertState.CANCELLED)
#: The worst first; one whose severity nobody knows may be anything.
_RANKS = {"Extreme": -4, "Severe": -3, "Unknown": -2, "Moderate": -1, "Minor": 0}


@dataclass(frozen=True, kw_only=True, slots=True)
class AreaLine:
    """One area of one alert. Each figure includes those to its right."""

    #: Said in the reader's language when it is shown, where there is no name.
    name: str
    affected: int
    reached: int
    heard: int
    confirmed: int
    unreachable: int


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
    areas: Sequence[AreaLine]


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
    """One line an area, the least confirmed share first: there something is wrong."""
    lines = [
        AreaLine(
            name=names.get(code) or code or _("no known area"),
            affected=sum(states.values()),
            reached=_at_least(states, RecipientState.REACHED),
            heard=_at_least(states, RecipientState.HEARD),
            confirmed=_at_least(states, RecipientState.CONFIRMED),
            unreachable=states.get(RecipientState.UNREACHABLE.name.lower(), 0),
        )
        for code, states in progress.by_area.items()
    ]
    return sorted(
        lines, key=lambda line: (line.confirmed / max(line.affected, 1), str(line.name))
    )


def _at_least(states: Mapping[str, int], floor: RecipientState) -> int:
    return sum(n for word, n in states.items() if RecipientState[word.upper()] >= floor)
