"""Beside alerts: open cases, and where the people of live alerts are. Counts alone."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from responders.case import CardiacCase, CaseState
from warning.alert import AlertState
from warning.recipients import RecipientState
from web.console.panels import Panel
from web.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenCase:
    """One open case without its address: everybody at a desk may see this."""

    case: CardiacCase
    minutes: int
    n_asked: int
    n_coming: int

    @property
    def is_alarming(self) -> bool:
        """Whether somebody was asked and nobody comes."""
        is_waiting = self.case.state in {CaseState.ALERTING, CaseState.NO_RESPONSE}
        return is_waiting and not self.n_coming


def open_cases(known: Services) -> list[OpenCase]:
    """Open cases, those with nobody coming first, then the oldest."""
    now = known.now()
    found = []
    for case in known.cases.board.open():
        view = known.cases.board.get(case.case_id)
        since = now - case.stamps.call_received_at
        found.append(
            OpenCase(
                case=view.case,
                minutes=int(since.total_seconds() // 60),
                n_asked=len(view.offers),
                n_coming=view.n_engaged,
            )
        )
    return sorted(found, key=lambda one: (not one.is_alarming, -one.minutes))


def people_by_area(panels: Iterable[Panel], *, is_live_only: bool = True) -> str:
    """People of live alerts by area and state, as JSON by area code.

    Someone whom two alerts concern counts twice, as in the alerts' own figures.
    """
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for panel in panels:
        if panel.progress is None:
            continue
        if is_live_only and panel.case.state is not AlertState.LIVE:
            continue
        for code, states in panel.progress.by_area.items():
            sums[code].update(_told(states))
    return json.dumps(sums, sort_keys=True)


def on_map(panels: Sequence[Panel]) -> str:
    """A text that changes whenever an alert on the map does."""
    return ",".join(f"{panel.case.alert_id}:{panel.case.state}" for panel in panels)


def _told(states: Mapping[str, int]) -> dict[str, int]:
    by_state = {RecipientState[word.upper()]: n for word, n in states.items()}

    def at_least(floor: RecipientState) -> int:
        return sum(n for state, n in by_state.items() if state >= floor)

    return {
        "people": sum(by_state.values()),
        "reached": at_least(RecipientState.REACHED),
        "confirmed": at_least(RecipientState.CONFIRMED),
        "help": by_state.get(RecipientState.NEEDS_HELP, 0),
        "failed": by_state.get(RecipientState.UNREACHABLE, 0),
    }
