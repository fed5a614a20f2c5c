"""The composition root: the one place that chooses the real parts. No logic.

``flask --app app`` and ``tocsin`` reach the same commands; a web server calls
``create_app``.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import make_url

import web
from geofence.area import Limits
from ops import cli
from ops.clock import Clock
from ops.secret_key import secret_key
from ops.services import Services, build_services
from ops.settings import Settings
from ops.settings_sources import load_settings
from store.database import Database


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
    settings = settings or load_settings()
    app = Flask("tocsin", static_folder=None)
    web.register(
        app,
        services=create_services(settings),
        options=web.WebOptions(
            secret_key=secret_key(settings),
            public_url=settings.callback_url,
            session_minutes=settings.session_minutes,
            max_upload_bytes=settings.max_upload_mb * 1024 * 1024,
            area_limits=Limits(
                max_vertices=settings.max_area_points, max_parts=settings.max_area_parts
            ),
        ),
        version=version("tocsin"),
    )
    for command in cli.commands(create_services):
        app.cli.add_command(command)
    return app


def create_services(settings: Settings) -> Services:
    """Put the services of this process together; opens nothing yet."""
    url = settings.database_url.get_secret_value()
    if path := make_url(url).database if url.startswith("sqlite") else None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    return build_services(settings, Database(url), Clock())


def main() -> None:
    """Run a command of ``tocsin``."""
    sys.exit(cli.run(create_services))


if __name__ == "__main__":
    main()
