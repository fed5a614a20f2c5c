"""What every command needs: the settings, and the services when it asks for them."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ops.errors import DatabaseNotReadyError

if TYPE_CHECKING:
    from ops.config.settings import Settings
    from ops.wiring.services import Services

#: Makes the services of settings; ``app.create_services``.
Factory = Callable[["Settings"], "Services"]


def operator_at_shell() -> str:
    """Who types the command, for the audit: the user's name, or number if it has none.

    In containers it may have none.
    """
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid-{os.getuid()}"


@contextmanager
def opened(
    factory: Factory,
    *,
    settings: Settings | None = None,
    must_be_current: bool = True,
    is_service: bool = False,
) -> Iterator[Services]:
    """Services for the time of one command.

    Parameters
    ----------
    is_service : bool
        Whether this process is one whose log is kept. What a person types says what
        came of it, and logs only what goes wrong.

    Raises
    ------
    DatabaseNotReadyError
        If the tables are not those of this release.
    """
    from ops.config.settings_sources import load_settings  # noqa: PLC0415 - can do without
    from ops.logs import configure_logging  # noqa: PLC0415 - loads what --help

    settings = settings or load_settings()
    level = settings.log_level
    configure_logging("WARNING" if level == "INFO" and not is_service else level)
    services = factory(settings)
    try:
        if must_be_current and not services.database.is_current():
            raise DatabaseNotReadyError(
                "The database has no tables of this release yet. Make them with: "
                "tocsin db upgrade"
            )
        yield services
    finally:
        services.close()
