"""``tocsin serve``, ``web``, ``worker``, ``simulator``, ``demo`` and ``doctor``."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

import click

from ops import demo as demo_run
from ops import doctor as doctor_run
from ops.cli_context import Factory, opened
from ops.console_output import emit
from ops.demo_world import ALERT_FILE
from ops.logs import configure_logging
from ops.serve import serve as serve_all
from ops.settings_sources import load_settings
from ops.simulated_carrier import simulator_config
from ops.single_instance import single_instance
from ops.web_server import serve_web
from ops.worker import Worker
from simulator.server import serve as serve_simulator


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
    @click.command()
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
        "--fresh", is_flag=True, help="Make the population anew instead of reusing it."
    )
    @click.option(
        "--alert",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        default=ALERT_FILE,
        show_default=True,
        help="A CAP file; it is dated today.",
    )
    def demo(people: int, seed: int, alert: Path, *, once: bool, fresh: bool) -> None:
        """Play a flood warning to simulated phones, from CAP file to key press."""
        options = demo_run.DemoOptions(
            n_people=people, seed=seed, is_fresh=fresh, alert_file=alert
        )
        demo_run.run(factory, options, stay=not once)

    return demo


def _serve(factory: Factory) -> click.Command:
    @click.command()
    @click.option("--simulator", is_flag=True, help="Add the built-in telco.")
    def serve(*, simulator: bool) -> None:
        """Run web and worker together, restarting what dies."""
        serve_all(factory, load_settings(), with_simulator=simulator)

    return serve


def _web(factory: Factory) -> click.Command:
    @click.command()
    def web() -> None:
        """Run the web server: API, callbacks, console."""
        with opened(factory) as services:
            settings = services.settings
        serve_web(settings)

    return web


def _worker(factory: Factory) -> click.Command:
    @click.command()
    def worker() -> None:
        """Run the worker: it sends, listens and escalates."""
        with opened(factory) as services:
            settings = services.settings
            runner = Worker(services, rng=random.Random())  # noqa: S311 - jitter
            if settings.database_url.get_secret_value().startswith("sqlite"):
                lock = settings.data_dir / "worker.lock"
                with single_instance(lock, what="A worker"):
                    asyncio.run(runner.run())
            else:
                asyncio.run(runner.run())

    return worker


def _simulator() -> click.Command:
    @click.command()
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
    def simulator(time_scale: float, seed: int, journal: Path | None) -> None:
        """Run the built-in telco: it speaks Twilio's and Somleng's API."""
        settings = load_settings()
        configure_logging(settings.log_level)
        serve_simulator(
            simulator_config(
                settings, time_scale=time_scale, seed=seed, journal=journal
            )
        )

    return simulator


def _doctor(factory: Factory) -> click.Command:
    @click.command()
    @click.option("--json", "as_json", is_flag=True, help="For machines.")
    def doctor(*, as_json: bool) -> None:
        """Check settings, database and carriers; say what to fix."""
        with opened(factory, must_be_current=False) as services:
            readiness = asyncio.run(doctor_run.examine(services))
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
