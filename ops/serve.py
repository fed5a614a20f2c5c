"""``tocsin serve``: web, worker and, if wanted, the built-in telco as one service."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click

from ops.cli_context import opened
from ops.clock import Clock
from ops.private_config import write_config
from ops.simulated_carrier import NAME, CarrierPace, simulated_carrier
from ops.single_instance import single_instance
from ops.supervisor import Supervisor

if TYPE_CHECKING:
    from ops.cli_context import Factory
    from ops.settings import Settings

#: How often the children are looked at, seconds.
WATCH_S = 1.0
#: Pace of the built-in telco under ``tocsin serve``: a small country's.
_PACE = CarrierPace(sms_per_s=100, calls_per_s=20, concurrent_calls=200)


def serve(factory: Factory, settings: Settings, *, with_simulator: bool) -> None:
    """Run until SIGTERM or SIGINT; what dies meanwhile is started again."""
    if with_simulator and NAME not in settings.carriers:
        carrier = simulated_carrier(settings.simulator_port, _PACE)
        carriers = {**settings.carriers, NAME: carrier}
        settings = settings.model_copy(update={"carriers": carriers})
    with single_instance(settings.data_dir / "serve.lock", what="tocsin serve"):
        with opened(factory, settings=settings, must_be_current=False) as services:
            services.database.upgrade()
        config = write_config(settings, settings.data_dir / "serve.toml")
        _run(settings, {"TOCSIN_CONFIG": str(config)}, with_simulator=with_simulator)


def _run(
    settings: Settings, environment: dict[str, str], *, with_simulator: bool
) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    supervisor = Supervisor(settings.data_dir / "log", monotonic=Clock().monotonic)
    try:
        if with_simulator:
            supervisor.start("simulator", ["simulator"], environment)
        supervisor.start("web", ["web"], environment)
        supervisor.start("worker", ["worker"], environment)
        click.echo(f"Tocsin runs at {settings.callback_url} (Ctrl-C ends it).")
        while not stop.wait(WATCH_S):
            for name in supervisor.watch():
                click.echo(f"{name} had ended and was started again.", err=True)
    finally:
        supervisor.stop()
