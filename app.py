"""The composition root: the one place that chooses the real parts. No logic.

``flask --app app`` and ``tocsin`` reach the same commands; a web server calls
``create_served``. Parts are loaded when they are put together, not with this module:
``tocsin --help`` needs neither a web server nor a database.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

from ops.cli import main as cli

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from flask import Flask

    from ops.config.settings import Settings
    from ops.wiring.services import Services


def create_app(settings: Settings | None = None) -> Flask:
    """Make the web application.

    Parameters
    ----------
    settings : Settings, optional
        By default those of the environment and the file.

    Raises
    ------
    SettingsError
        If the settings cannot be used; one sentence per problem.
    """
    from flask import Flask

    import web
    from ops.config.secret_key import secret_key
    from ops.config.settings_sources import load_settings
    from ops.wiring.area_limits import area_limits
    from web.retention import retention

    settings = settings or load_settings()
    app = Flask("tocsin", static_folder=None)
    web.register(
        app,
        services=create_services(settings),
        options=web.WebOptions(
            secret_key=secret_key(settings),
            public_url=settings.callback_url,
            session_minutes=settings.session_minutes,
            api_requests_per_s=settings.api_requests_per_s,
            is_second_factor_required=settings.second_factor == "required",
            languages=tuple(dict.fromkeys((settings.default_language, "en"))),
            max_upload_bytes=settings.max_upload_mb * 1024 * 1024,
            area_limits=area_limits(settings),
            retention=retention(
                session_minutes=settings.session_minutes,
                rest_days=settings.rest_days,
                publish_ended_h=settings.publish_ended_h,
                voice_note_days=settings.voice_note_days,
                draft_days=settings.draft_days,
            ),
        ),
        version=version("tocsin"),
    )
    for command in cli.commands(create_services, also_told=_store_errors):
        app.cli.add_command(command)
    return app


def create_served() -> WSGIApplication:
    """Build the application for a server that has connections of its own."""
    from web.slow_bodies import SlowBodies

    return SlowBodies(create_app())


def create_services(settings: Settings) -> Services:
    """Put the services of this process together; opens nothing yet."""
    from ops.clock import Clock, SharedTime
    from ops.processes.single_instance import database_file
    from ops.wiring.services import build_services
    from store.database import Database

    if (file := database_file(settings)) is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url.get_secret_value())
    clock = SharedTime(Clock(), database.clock).clock()
    return build_services(settings, database, clock)


def main() -> None:
    """Run a command of ``tocsin``."""
    # What we write is about people: their numbers, places, passwords. Ours alone.
    os.umask(0o077)
    sys.exit(cli.run(create_services, also_told=_store_errors))


def _store_errors() -> tuple[type[Exception], ...]:
    """What can go wrong with the database on purpose."""
    from store.errors import SchemaError, StoreUnavailableError, StoreUrlError

    return SchemaError, StoreUnavailableError, StoreUrlError


if __name__ == "__main__":
    main()
