"""What two operators do in the demo, through the API, and what comes of it."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click
from rich.console import Console
from rich.live import Live

from accounts.operators import Role
from ops.clock import Clock
from ops.demo.api_client import ApiClient
from ops.demo.result import final_table, live_view, plain_line, result_of
from ops.errors import ApiCallError, DemoError

if TYPE_CHECKING:
    from ops.config.settings import Settings
    from ops.processes.supervisor import Supervisor
    from ops.wiring.services import Services

#: Everybody must have been reached, or explained, by then, seconds.
DEADLINE_S = 600.0
_WATCH_S = 0.5
#: Where there is no terminal, a line is printed as often, seconds.
_PLAIN_S = 5.0
#: Who works in the demo.
_ROLES = {
    "anna": Role.OPERATOR,
    "boran": Role.APPROVER,
    "chea": Role.VIEWER,
    "dara": Role.ADMIN,
}


class Api(Protocol):
    """What the demo asks of an installation; ``ApiClient`` fits."""

    def get(self, path: str) -> Any:
        """Ask for something."""
        ...

    def post(self, path: str, body: bytes = ..., content_type: str = ...) -> Any:
        """Do something."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Crew:
    """Two people: the one who writes may not approve."""

    author: Api
    approver: Api
    #: Of everybody, for the console.
    password: str


def hire(services: Services, settings: Settings) -> Crew:
    """Anna writes, Boran approves, Chea looks on; all three are new each time."""
    password = secrets.token_urlsafe(12)
    for name, role in _ROLES.items():
        services.accounts.add(name, role=role, password=password)

    def client(name: str) -> ApiClient:
        return ApiClient(settings.callback_url, services.accounts.create_token(name))

    return Crew(author=client("anna"), approver=client("boran"), password=password)


def play(
    crew: Crew,
    document: bytes,
    supervisor: Supervisor,
    subscribers: int,
    settings: Settings,
) -> dict[str, Any]:
    """Draft, submit, approve, watch; return the result.

    Raises
    ------
    ApiCallError
        If a step is refused.
    DemoError
        If the service never says how far it is.
    """
    draft = crew.author.post("/alerts", document, "application/cap+xml")
    path = f"/alerts/{draft['id']}"
    crew.author.post(f"{path}/submit")
    click.echo(
        f"Alert {draft['id']} written by anna, submitted; boran approves. "
        f"Watch it at {settings.callback_url}/ (sign in as chea with {crew.password})"
    )
    # Nobody has recorded the demo's languages, and whoever plays it knows.
    crew.approver.post(f"{path}/approve?accept_fallback=1")
    progress = watch(crew.author, path, supervisor, Clock().monotonic)
    areas = {
        area["code"]: area["name"]
        for area in crew.author.get("/areas?level=1")["items"]
    }
    return result_of(draft["id"], subscribers, progress, areas)


def watch(
    api: Api,
    path: str,
    supervisor: Supervisor,
    monotonic: Callable[[], float],
    *,
    pause: Callable[[float], object] | None = None,
) -> dict[str, Any]:
    """Show the figures until everybody is accounted for, or it has taken too long.

    Raises
    ------
    DemoError
        If the service never said how far it is.
    """
    console = Console()
    pause = pause or threading.Event().wait
    start, said_at = monotonic(), -_PLAIN_S
    progress: dict[str, Any] = {}
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while not progress.get("settled") and monotonic() - start < DEADLINE_S:
            for name in supervisor.watch():
                console.print(f"{name} had ended and was started again.")
            try:
                progress = api.get(f"{path}/progress")
            except ApiCallError as error:
                console.print(f"(asking again: {error})")
            else:
                seconds = monotonic() - start
                if console.is_terminal:
                    live.update(live_view(progress, seconds), refresh=True)
                elif seconds - said_at >= _PLAIN_S:
                    said_at = seconds
                    click.echo(plain_line(progress, seconds), err=True)
            pause(_WATCH_S)
    if not progress:
        raise DemoError("The service never said how far it is; see its logs.")
    return progress


def report(result: dict[str, Any], path: Path) -> None:
    """Write the result for machines, print it for people."""
    path.write_text(json.dumps(result, ensure_ascii=False, indent=2), encoding="utf-8")
    Console().print(final_table(result))
    click.echo(f"Written to {path}")
