"""``tocsin serve``: web, worker and, if wanted, the built-in telco as one service."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click

from ops.clock import Clock
from ops.config.private_config import write_config
from ops.errors import SettingsError
from ops.listening import LOOPBACK, free_port, require_free
from ops.processes.single_instance import require_no_worker, single_instance
from ops.processes.startup import await_listening
from ops.processes.supervisor import Supervisor
from ops.wiring.context import opened
from ops.wiring.simulated_carrier import (
    NAME,
    CarrierPace,
    simulated_carrier,
    telco_port,
)

if TYPE_CHECKING:
    from ops.config.settings import Settings
    from ops.wiring.context import Factory

#: How often the children are looked at, seconds.
WATCH_S = 1.0
#: Pace of the built-in telco under ``tocsin serve``: a small country's.
_PACE = CarrierPace(sms_per_s=100, calls_per_s=20, concurrent_calls=200)


def serve(factory: Factory, settings: Settings, *, with_simulator: bool) -> None:
    """Run until SIGTERM or SIGINT; what dies meanwhile is started again.

    Raises
    ------
    AlreadyRunningError
        If something works on this database already.
    AddressError
        If a port is taken.
    SettingsError
        If the built-in telco would take messages from real carriers.
    StartError
        If a process ends while it starts.
    """
    settings = with_ports(settings)
    if with_simulator:
        settings = with_simulated_carrier(settings)
    with single_instance(settings.data_dir / "serve.lock", what="tocsin serve"):
        require_no_worker(settings)
        require_free(settings.host, settings.port, setting="TOCSIN_PORT")
        if with_simulator:
            port = telco_port(settings)
            require_free(LOOPBACK, port, setting="TOCSIN_SIMULATOR_PORT")
        with opened(factory, settings=settings, must_be_current=False) as services:
            services.database.upgrade()
        config = write_config(settings, settings.data_dir / "serve.toml")
        _run(settings, {"TOCSIN_CONFIG": str(config)}, with_simulator=with_simulator)


def with_ports(settings: Settings) -> Settings:
    """Settings whose ports are known: for 0 a free one is taken."""
    chosen = {}
    if settings.port == 0:
        chosen["port"] = free_port(settings.host)
    if settings.simulator_port == 0:
        chosen["simulator_port"] = free_port()
    return settings.model_copy(update=chosen)


def with_simulated_carrier(settings: Settings) -> Settings:
    """Settings with the built-in telco as a carrier.

    Raises
    ------
    SettingsError
        If there are other carriers, and nobody has said which serves whom: the
        built-in telco would swallow the warnings of real people.
    """
    if NAME in settings.carriers:
        return settings
    if settings.carriers:
        names = ", ".join(sorted(settings.carriers))
        problem = (
            f"--simulator would take messages away from {names}, and nobody would get "
            "them. Leave --simulator out, or use a settings file without carriers "
            "(TOCSIN_CONFIG)."
        )
        raise SettingsError([problem])
    carrier = simulated_carrier(settings.simulator_port, _PACE)
    return settings.model_copy(update={"carriers": {NAME: carrier}})


def _run(
    settings: Settings, environment: dict[str, str], *, with_simulator: bool
) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    monotonic = Clock().monotonic
    supervisor = Supervisor(settings.data_dir / "log", monotonic=monotonic)
    ports = {"web": settings.port}
    try:
        if with_simulator:
            supervisor.start("simulator", ["simulator"], environment)
            ports["simulator"] = telco_port(settings)
        supervisor.start("web", ["web"], environment)
        supervisor.start("worker", ["worker"], environment)
        if await_listening(
            supervisor,
            ports,
            monotonic=monotonic,
            pause=stop.wait,
            host=settings.host,
        ):
            click.echo(f"Tocsin runs at {settings.callback_url} (Ctrl-C ends it).")
        while not stop.wait(WATCH_S):
            _watch(supervisor)
    finally:
        supervisor.stop()


def _watch(supervisor: Supervisor) -> None:
    said = {name: supervisor.last_words(name) for name in supervisor.ended()}
    for name in supervisor.watch():
        click.echo(
            f"{name} had ended and was started again; its last words: "
            f"{said.get(name) or 'none'} (log: {supervisor.log_file(name)})",
            err=True,
        )
