"""``tocsin demo``: from a CAP file to confirmed phones, over real HTTP.

Three processes are started as an installation would run them: the built-in telco, the
web server and the worker. The demo then does through the API what two operators do, and
watches. Whatever dies is started again.
"""

from __future__ import annotations

import json
import secrets
import signal
import socket
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import SecretStr
from rich.console import Console
from rich.live import Live

from accounts.operators import Role
from ops.api_client import ApiClient
from ops.cli_context import opened
from ops.clock import Clock
from ops.console_output import progress as progress_bar
from ops.demo_result import final_table, live_view, result_of
from ops.demo_world import (
    ALERT_FILE,
    World,
    alert_for,
    make_population,
    settle,
    start_from,
)
from ops.errors import ApiCallError, DemoError
from ops.private_config import write_config
from ops.settings import Settings
from ops.simulated_carrier import NAME, CarrierPace, simulated_carrier
from ops.single_instance import single_instance
from ops.supervisor import Supervisor

if TYPE_CHECKING:
    from ops.cli_context import Factory
    from ops.services import Services

#: Pace of the demo's telco: a large one.
_PACE = CarrierPace(sms_per_s=2_000, calls_per_s=400, concurrent_calls=2_000)
#: A minute of ringing and listening passes in two seconds.
_TIME_SCALE = 30.0
#: Everybody must have been reached, or explained, by then, seconds.
_DEADLINE_S = 600.0
_WATCH_S = 0.5
#: The services must listen by then, seconds.
_START_S = 30.0
#: Of the population's file, for the progress bar.
_BYTES_A_PERSON = 100
#: Who works in the demo.
_CREW = {"anna": Role.OPERATOR, "boran": Role.APPROVER, "chea": Role.VIEWER}


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoOptions:
    """What can be chosen."""

    n_people: int = 100_000
    seed: int = 1
    is_fresh: bool = False
    alert_file: Path = ALERT_FILE
    folder: Path = Path("var/demo")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Operators:
    """Two people: the one who writes may not approve."""

    author: ApiClient
    approver: ApiClient
    password: str


def run(factory: Factory, options: DemoOptions, *, stay: bool) -> None:
    """Play the demo.

    Parameters
    ----------
    stay : bool
        Whether the service stays up after the result, until Ctrl-C.

    Raises
    ------
    DemoError
        If somebody is not accounted for, or it took too long.
    """
    world = World(folder=options.folder, n_people=options.n_people, seed=options.seed)
    world.folder.mkdir(parents=True, exist_ok=True)
    with single_instance(world.folder / "demo.lock", what="The demo"):
        _prepare(factory, world, is_fresh=options.is_fresh)
        settings = _settings(world)
        config = write_config(settings, world.folder / "tocsin.toml")
        with opened(factory, settings=settings) as services:
            operators = _operators(services, settings)
            n_people = services.people.count()
        supervisor = Supervisor(world.folder / "log", monotonic=Clock().monotonic)
        try:
            _start(supervisor, settings, config, seed=options.seed)
            document = alert_for(
                Clock().now(), file=options.alert_file, identifier=uuid.uuid4().urn
            )
            result = _play(operators, document, supervisor, n_people, settings)
            _report(result, world.folder / "result.json")
            if stay:
                _stay(settings, operators, config, supervisor)
        finally:
            supervisor.stop()
    if not (result["balanced"] and result["settled"]):
        raise DemoError("Somebody is not accounted for; see var/demo/result.json.")


def _prepare(factory: Factory, world: World, *, is_fresh: bool) -> None:
    """Make the population unless it is there, and start from a copy of it."""
    if is_fresh or not world.population.exists():
        unfinished = world.population.with_suffix(".part")
        for suffix in ("", "-wal", "-shm"):
            Path(f"{unfinished}{suffix}").unlink(missing_ok=True)
        settings = Settings(
            database_url=SecretStr(f"sqlite:///{unfinished}"), data_dir=world.folder
        )
        size = world.n_people * _BYTES_A_PERSON
        with (
            opened(factory, settings=settings, must_be_current=False) as services,
            progress_bar("Making the population", size) as show,
        ):
            make_population(world, services, show)
        settle(unfinished)
        unfinished.rename(world.population)
    start_from(world)


def _settings(world: World) -> Settings:
    """An installation of its own beside whatever else runs here."""
    web_port, telco_port = _free_port(), _free_port()
    return Settings(
        database_url=SecretStr(f"sqlite:///{world.database}"),
        data_dir=world.folder,
        port=web_port,
        simulator_port=telco_port,
        carriers={NAME: simulated_carrier(telco_port, _PACE)},
        default_language="km",
        cap_sender="demo.tocsin.invalid",
        # Half a minute of the simulated world passes in a second.
        escalate_after_s=8,
        sms_attempts=2,
        call_attempts=2,
        retry_gap_s=3,
        retry_later_s=4,
        silent_after_s=10,
        unknown_after_s=5,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _operators(services: Services, settings: Settings) -> _Operators:
    """Anna writes, Boran approves, Chea looks on; all three are new each time."""
    password = secrets.token_urlsafe(12)
    for name, role in _CREW.items():
        services.accounts.add(name, role=role, password=password)

    def client(name: str) -> ApiClient:
        return ApiClient(settings.callback_url, services.accounts.create_token(name))

    return _Operators(
        author=client("anna"), approver=client("boran"), password=password
    )


def _start(
    supervisor: Supervisor, settings: Settings, config: Path, *, seed: int
) -> None:
    environment = {"TOCSIN_CONFIG": str(config)}
    telco = ["simulator", "--time-scale", str(_TIME_SCALE), "--seed", str(seed)]
    supervisor.start("simulator", telco, environment)
    supervisor.start("web", ["web"], environment)
    supervisor.start("worker", ["worker"], environment)
    _wait_for(settings.port, supervisor)
    _wait_for(settings.simulator_port, supervisor)


def _wait_for(port: int, supervisor: Supervisor) -> None:
    """Return when something listens on a port of this machine.

    Raises
    ------
    DemoError
        If nothing does after a while.
    """
    pause, deadline = threading.Event(), Clock().monotonic() + _START_S
    while Clock().monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        supervisor.watch()
        pause.wait(0.05)
    raise DemoError("The service did not start; see the files in var/demo/log/.")


def _play(
    operators: _Operators,
    document: bytes,
    supervisor: Supervisor,
    subscribers: int,
    settings: Settings,
) -> dict[str, Any]:
    """Draft, submit, approve, watch; return the result."""
    draft = operators.author.post("/alerts", document, "application/cap+xml")
    path = f"/alerts/{draft['id']}"
    operators.author.post(f"{path}/submit")
    click.echo(
        f"Alert {draft['id']} written by anna, submitted; boran approves. "
        f"Watch it at {settings.callback_url}/ "
        f"(sign in as chea with {operators.password})"
    )
    operators.approver.post(f"{path}/approve")
    progress = _watch(operators.author, path, supervisor, Clock())
    areas = {
        area["code"]: area["name"]
        for area in operators.author.get("/areas?level=1")["items"]
    }
    return result_of(draft["id"], subscribers, progress, areas)


def _watch(
    api: ApiClient, path: str, supervisor: Supervisor, clock: Clock
) -> dict[str, Any]:
    """Show the figures until everybody is accounted for, or it has taken too long."""
    console = Console()
    start, pause = clock.monotonic(), threading.Event()
    progress: dict[str, Any] = {}
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while not progress.get("settled") and clock.monotonic() - start < _DEADLINE_S:
            for name in supervisor.watch():
                console.print(f"{name} had ended and was started again.")
            try:
                progress = api.get(f"{path}/progress")
            except ApiCallError as error:
                console.print(f"(asking again: {error})")
            else:
                live.update(
                    live_view(progress, clock.monotonic() - start), refresh=True
                )
            pause.wait(_WATCH_S)
    return progress


def _report(result: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(result, ensure_ascii=False, indent=2), encoding="utf-8")
    Console().print(final_table(result))
    click.echo(f"Written to {path}")


def _stay(
    settings: Settings, operators: _Operators, config: Path, supervisor: Supervisor
) -> None:
    """Keep the service up until Ctrl-C or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo(
        f"The service stays up at {settings.callback_url}/ (Ctrl-C ends it); sign in "
        f"as anna, boran or chea with {operators.password}\n"
        f"Other commands reach it with TOCSIN_CONFIG={config}"
    )
    while not stop.wait(_WATCH_S):
        supervisor.watch()
