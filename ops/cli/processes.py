"""``tocsin serve``, ``web``, ``worker``, ``simulator``, ``demo`` and ``doctor``."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from ops.console_output import emit
from ops.wiring.context import Factory, opened

_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")


def commands(factory: Factory) -> Sequence[click.Command]:
    """The commands of this module."""
    return [
        _demo(factory),
        _serve(factory),
        _web(factory),
        _worker(factory),
        _simulator(),
        _doctor(factory),
    ]


def _demo(factory: Factory) -> click.Command:
    @click.command(short_help="Play a flood warning to simulated phones.")
    @click.option("--once", is_flag=True, help="End when the result is printed.")
    @click.option(
        "--people",
        type=click.IntRange(1_000, 5_000_000),
        default=100_000,
        show_default=True,
        help="Simulated subscribers.",
    )
    @click.option("--seed", type=int, default=1, show_default=True, help="Of chance.")
    @click.option(
        "--call-after",
        type=click.IntRange(1, 60),
        default=8,
        show_default=True,
        help="Seconds that a text waits for its answer until a call follows.",
    )
    @click.option(
        "--fresh", is_flag=True, help="Make the population anew instead of reusing it."
    )
    @click.option(
        "--alert",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A CAP file; it is dated today.  [default: a flood of the Mekong]",
    )
    @click.option(
        "--folder",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("var/demo"),
        show_default=True,
        help="Where it keeps everything.",
    )
    def demo(
        people: int,
        seed: int,
        call_after: int,
        alert: Path | None,
        folder: Path,
        *,
        once: bool,
        fresh: bool,
    ) -> None:
        """Play a flood warning to simulated phones, from CAP file to key press."""
        from ops.demo.run import DemoOptions, run
        from ops.demo.world import ALERT_FILE

        options = DemoOptions(
            n_people=people,
            seed=seed,
            call_after_s=call_after,
            is_fresh=fresh,
            alert_file=alert or ALERT_FILE,
            folder=folder,
        )
        run(factory, options, stay=not once)

    return demo


def _serve(factory: Factory) -> click.Command:
    @click.command()
    @click.option("--simulator", is_flag=True, help="Add the built-in telco.")
    def serve(*, simulator: bool) -> None:
        """Run web and worker together, restarting what dies."""
        from ops.config.settings_sources import load_settings
        from ops.processes.serve import serve as serve_all

        serve_all(factory, load_settings(), with_simulator=simulator)

    return serve


def _web(factory: Factory) -> click.Command:
    @click.command()
    def web() -> None:
        """Run the web server: API, callbacks, console."""
        from ops.processes.web_server import serve_web

        with opened(factory, is_service=True) as services:
            settings = services.settings
        serve_web(settings)

    return web


def _worker(factory: Factory) -> click.Command:
    @click.command()
    def worker() -> None:
        """Run the worker: it sends, listens and escalates."""
        from ops.processes.geofence_process import GeofenceProcess
        from ops.processes.registry_process import write_in_process
        from ops.processes.single_instance import single_worker
        from ops.processes.worker import Worker

        with opened(factory, is_service=True) as services, GeofenceProcess() as fence:
            services.registry_files.write_apart(
                partial(write_in_process, factory, services.settings)
            )
            services.registry_files.ask_apart(fence.open)
            chance = random.SystemRandom()
            runner = Worker(services, rng=chance, geofence=fence)
            with single_worker(services.settings):
                asyncio.run(runner.run())

    return worker


def _simulator() -> click.Command:
    @click.command(short_help="Run the built-in telco.")
    @click.option(
        "--time-scale",
        type=click.FloatRange(min=0.01),
        default=1.0,
        show_default=True,
        help="Virtual seconds a real second.",
    )
    @click.option("--seed", type=int, default=1, show_default=True)
    @click.option(
        "--journal",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Keep what was accepted in this file.",
    )
    @click.option(
        "--people",
        type=click.Choice(["usual", "villages"]),
        default="usual",
        show_default=True,
        help="Who answers the phones: docs/simulator.md.",
    )
    @click.option("--night", is_flag=True, help="They sleep: fewer answer, and late.")
    def simulator(
        *,
        time_scale: float,
        seed: int,
        journal: Path | None,
        people: str,
        night: bool,
    ) -> None:
        """Run the built-in telco: it speaks Twilio's and Somleng's API."""
        from ops.config.settings_sources import load_settings
        from ops.listening import LOOPBACK, require_free
        from ops.logs import configure_logging
        from ops.wiring.simulated_carrier import simulator_config
        from simulator.populations import POPULATIONS
        from simulator.server import serve as serve_simulator

        settings = load_settings()
        configure_logging(settings.log_level)
        config = replace(
            simulator_config(
                settings, time_scale=time_scale, seed=seed, journal=journal
            ),
            mix=POPULATIONS[people],
            is_night=night,
        )
        require_free(LOOPBACK, config.port, setting="TOCSIN_SIMULATOR_PORT")
        serve_simulator(config)

    return simulator


def _doctor(factory: Factory) -> click.Command:
    @click.command()
    @_JSON
    def doctor(*, as_json: bool) -> None:
        """Check settings, database and carriers; say what to fix.

        Exit status 0 if all is well, 1 if there is something to fix.
        """
        from ops.cli.doctor import examine

        with opened(factory, must_be_current=False) as services:
            readiness = asyncio.run(examine(services))
        facts = [
            {"check": check.name, "ok": check.ok, "sentence": check.sentence}
            for check in readiness.checks
        ]
        lines = "\n".join(
            f"{'ok  ' if check.ok else 'FIX '} {check.name}: {check.sentence}"
            for check in readiness.checks
        )
        emit(facts, lines, as_json=as_json)
        if not readiness.is_ready:
            click.get_current_context().exit(1)

    return doctor
