"""What every command needs: the settings, and the services when it asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ops.errors import DatabaseNotReadyError
from ops.logs import configure_logging
from ops.settings_sources import load_settings

if TYPE_CHECKING:
    from ops.services import Services
    from ops.settings import Settings

#: Makes the services of settings; ``app.create_services``.
Factory = Callable[["Settings"], "Services"]


@contextmanager
def opened(
    factory: Factory, *, settings: Settings | None = None, must_be_current: bool = True
) -> Iterator[Services]:
    """Services for the time of one command.

    Raises
    ------
    DatabaseNotReadyError
        If the tables are not those of this release.
    """
    settings = settings or load_settings()
    configure_logging(settings.log_level)
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
