"""Beside alerts: open cases, and where the people of live alerts are. Counts alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from responders.case import CardiacCase, CaseState
from warning.alert import AlertState
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
    """People of live alerts by area, as JSON by area code: all, confirmed, in need.

    Someone whom two alerts concern counts twice, as in the alerts' own figures.
    """
    sums: dict[str, tuple[int, int, int]] = {}
    for panel in panels:
        if is_live_only and panel.case.state is not AlertState.LIVE:
            continue
        for line in panel.areas:
            people, confirmed, help_ = sums.get(line.code, (0, 0, 0))
            sums[line.code] = (
                people + line.affected,
                confirmed + line.confirmed,
                help_ + line.needs_help,
            )
    told = {
        code: {"people": people, "confirmed": confirmed, "help": help_}
        for code, (people, confirmed, help_) in sums.items()
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def on_map(panels: Sequence[Panel]) -> str:
    """A text that changes whenever an alert on the map does."""
    return ",".join(f"{panel.case.alert_id}:{panel.case.state}" for panel in panels)
