"""``tocsin demo``: from a CAP file to confirmed phones, over real HTTP.

Three processes are started as an installation would run them: the built-in telco, the
web server and the worker. The demo then does through the API what two operators do, and
watches. Whatever dies is started again. Nothing can leave this machine.
"""

from __future__ import annotations

import signal
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import SecretStr

from geofence.compile import compile_kernels
from ops.clock import Clock
from ops.config.private_config import write_config
from ops.config.settings import Settings
from ops.console_output import progress as progress_bar
from ops.demo.play import Crew, hire, play, report
from ops.demo.world import (
    ALERT_FILE,
    World,
    alert_for,
    make_population,
    remove,
    settle,
    start_from,
)
from ops.errors import DemoError
from ops.listening import free_port, is_ready
from ops.processes.single_instance import require_no_worker, single_instance
from ops.processes.startup import await_listening
from ops.processes.supervisor import Supervisor
from ops.wiring.context import opened
from ops.wiring.simulated_carrier import (
    NAME,
    CarrierPace,
    require_loopback,
    simulated_carrier,
)

if TYPE_CHECKING:
    from ops.wiring.context import Factory

#: Pace of the demo's telco: a large one.
_PACE = CarrierPace(sms_per_s=2_000, calls_per_s=400, concurrent_calls=2_000)
#: A minute of ringing and listening passes in two seconds.
_TIME_SCALE = 30.0
_WATCH_S = 0.5
#: Of the population's file, for the progress bar.
_BYTES_A_PERSON = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoOptions:
    """What can be chosen."""

    n_people: int = 100_000
    seed: int = 1
    #: Half a minute of the simulated world passes in a second.
    call_after_s: int = 8
    is_fresh: bool = False
    alert_file: Path = ALERT_FILE
    folder: Path = Path("var/demo")


def run(factory: Factory, options: DemoOptions, *, stay: bool) -> None:
    """Play the demo.

    Parameters
    ----------
    stay : bool
        Whether the service stays up after the result, until Ctrl-C.

    Raises
    ------
    DemoError
        If the alert cannot be read, somebody is not accounted for, or it took too long.
    """
    document = alert_for(
        Clock().now(), file=options.alert_file, identifier=uuid.uuid4().urn
    )
    world = World(folder=options.folder, n_people=options.n_people, seed=options.seed)
    world.folder.mkdir(parents=True, exist_ok=True)
    with (
        ended_as_by_ctrl_c(),
        single_instance(world.folder / "demo.lock", what="The demo"),
    ):
        settings = demo_settings(world, call_after_s=options.call_after_s)
        require_no_worker(settings)
        _prepare(factory, world, is_fresh=options.is_fresh)
        config = write_config(settings, world.folder / "tocsin.toml")
        with opened(factory, settings=settings, must_be_current=False) as services:
            services.database.upgrade()  # the population may be of an older release
            crew = hire(services, settings)
            n_people = services.people.count()
        supervisor = Supervisor(world.folder / "log", monotonic=Clock().monotonic)
        try:
            start_processes(supervisor, settings, config, seed=options.seed)
            result = play(crew, document, supervisor, n_people, settings)
            report(result, world.folder / "result.json")
            if stay:
                _stay(settings, crew, config, supervisor)
        finally:
            supervisor.stop()
    _require_good(result["balanced"], result["settled"], world.folder)


def demo_settings(world: World, *, call_after_s: int = 8) -> Settings:
    """An installation of its own beside whatever else runs here, and safe.

    Raises
    ------
    SettingsError
        If a carrier could reach a real phone.
    """
    web_port, telco_port = free_port(), free_port()
    settings = Settings(
        database_url=SecretStr(f"sqlite:///{world.database}"),
        data_dir=world.folder,
        port=web_port,
        simulator_port=telco_port,
        carriers={NAME: simulated_carrier(telco_port, _PACE)},
        default_language="km",
        cap_sender="demo.tocsin.invalid",
        # Whoever tries the demo has no telephone enrolled.
        second_factor="optional",
        escalate_after_s=call_after_s,
        sms_attempts=2,
        call_attempts=2,
        retry_gap_s=3,
        retry_later_s=4,
        silent_after_s=10,
        unknown_after_s=5,
    )
    require_loopback(settings)
    return settings


def _prepare(factory: Factory, world: World, *, is_fresh: bool) -> None:
    """Make the population unless it is there, and start from a copy of it."""
    if is_fresh or not world.population.exists():
        for old in world.folder.glob("population-*"):
            old.unlink()
        click.echo("Making the geofence ready (once) …", err=True)
        compile_kernels()
        unfinished = world.population.with_suffix(".part")
        remove(unfinished)
        settings = Settings(
            database_url=SecretStr(f"sqlite:///{unfinished}"), data_dir=world.folder
        )
        size = world.n_people * _BYTES_A_PERSON
        with (
            opened(factory, settings=settings, must_be_current=False) as services,
            progress_bar("Making the population", size) as show,
        ):
            make_population(world, services, show)
            show(size, "done")  # the size was a guess
        settle(unfinished)
        unfinished.rename(world.population)
        remove(unfinished)
    start_from(world)


def start_processes(
    supervisor: Supervisor,
    settings: Settings,
    config: Path,
    *,
    seed: int,
    time_scale: float = _TIME_SCALE,
) -> None:
    """Start telco, web server and worker; return when all of them work."""
    environment = {"TOCSIN_CONFIG": str(config)}
    telco = ["simulator", "--time-scale", str(time_scale), "--seed", str(seed)]
    supervisor.start("simulator", telco, environment)
    supervisor.start("web", ["web"], environment)
    supervisor.start("worker", ["worker"], environment)
    await_listening(
        supervisor,
        {"web": settings.port, "simulator": settings.simulator_port},
        monotonic=Clock().monotonic,
        pause=threading.Event().wait,
    )
    # An alert that is approved before anybody can send it says nothing of our speed.
    await_listening(
        supervisor,
        {"worker": settings.port},
        monotonic=Clock().monotonic,
        pause=threading.Event().wait,
        probe=is_ready,
    )


def _stay(settings: Settings, crew: Crew, config: Path, supervisor: Supervisor) -> None:
    """Keep the service up until Ctrl-C or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo(
        f"The service stays up at {settings.callback_url}/ (Ctrl-C ends it); sign in "
        f"as anna, boran, chea or dara with {crew.password}\n"
        f"Other commands reach it with TOCSIN_CONFIG={config}"
    )
    while not stop.wait(_WATCH_S):
        supervisor.watch()


def _require_good(balanced: bool, settled: bool, folder: Path) -> None:
    where = f"see {folder / 'result.json'} and the logs in {folder / 'log'}."
    if not settled:
        raise DemoError(f"Somebody was still waiting when the time was over; {where}")
    if not balanced:
        raise DemoError(f"Somebody is not accounted for; {where}")


@contextmanager
def ended_as_by_ctrl_c() -> Iterator[None]:
    """Let SIGTERM end the block in the same way, children and all."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = {
        number: signal.signal(number, interrupt)
        for number in (signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
