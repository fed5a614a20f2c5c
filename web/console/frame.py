"""What every page of the console has: strip, rail, language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import g, request, url_for

from accounts.operators import Operator, Role
from web.console.languages import (
    LANGUAGES,
    direction,
    figure,
    language,
    language_name,
    span,
)
from web.console.situation.strip import Strip, strip_of
from web.services import options, services


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One word of the rail."""

    #: English, translated where it is shown.
    word: str
    endpoint: str
    #: Who may go there.
    role: Role
    #: ``g`` and this letter go there.
    key: str


ENTRIES = (
    Entry(word="Situation", endpoint="situation.show", role=Role.VIEWER, key="s"),
    Entry(word="New warning", endpoint="new_alert.show", role=Role.OPERATOR, key="n"),
    Entry(word="Alerts", endpoint="alerts.show_all", role=Role.VIEWER, key="a"),
    Entry(word="Cases", endpoint="cases.show_all", role=Role.DISPATCHER, key="c"),
    Entry(word="Reports", endpoint="reports.show_all", role=Role.VIEWER, key="r"),
    Entry(word="Responders", endpoint="roster.show", role=Role.DISPATCHER, key="v"),
    Entry(word="People", endpoint="people.show", role=Role.OPERATOR, key="p"),
    Entry(word="Scripts", endpoint="scripts.show_all", role=Role.VIEWER, key="o"),
    Entry(word="Telco", endpoint="telco.show", role=Role.VIEWER, key="t"),
    Entry(word="Settings", endpoint="administering.settings", role=Role.ADMIN, key="e"),
    Entry(word="Audit", endpoint="record.audit", role=Role.ADMIN, key="u"),
)


def context() -> dict[str, object]:
    """What the frame shows; nothing to whom is not signed in."""
    shown: dict[str, object] = {
        "lang": language(),
        "direction": direction(),
        "console_languages": LANGUAGES,
        "language_name": language_name,
        "figure": figure,
        "span": span,
    }
    operator = g.get("operator")
    if isinstance(operator, Operator):
        shown |= {
            "operator": operator,
            "rail": [entry for entry in ENTRIES if operator.may(entry.role)],
            "here": here,
            "strip": _strip(),
            "local": local,
            "strip_now": services().now().astimezone(options().zone),
        }
    return shown


def here(rail: Iterable[Entry]) -> Entry | None:
    """The word under which this page stands: that of the nearest page above it."""
    above = [
        (len(path), entry)
        for entry in rail
        if request.path == (path := url_for(entry.endpoint))
        or (path != "/" and request.path.startswith(f"{path.rstrip('/')}/"))
    ]
    return max(above, key=lambda one: one[0])[1] if above else None


def _strip() -> Strip:
    """The strip, looked at once a request however many parts a page is made of."""
    if "strip" not in g:
        g.strip = strip_of(services())
    found: Strip = g.strip
    return found


def local(moment: datetime | None, pattern: str = "%H:%M:%S") -> str:
    """A moment in the installation's zone; empty for none."""
    if moment is None:
        return ""
    return moment.astimezone(options().zone).strftime(pattern)
