"""Bring the tables of a database to this release, from Python and without files.

The versions are in ``migrations/``; there is no ``alembic.ini``, because the one thing
it would say, the address of the database, is a setting.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Text, column, select, table

from store.errors import SchemaError
from store.sql.engine import WRITES

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

#: Asked every second; Alembic would look at the catalogue each time.
_APPLIED = select(column("version_num", Text)).select_from(table("alembic_version"))


def upgrade(engine: Engine) -> None:
    """Apply every version that is missing, in one transaction.

    Two processes may do this at once: the second waits, and finds nothing to do.
    """
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        if engine.dialect.name == "postgresql":
            # No table exists yet that could be locked; the number is ours alone.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7031927)")
        else:
            connection.begin()  # BEGIN IMMEDIATE waits for another process here
        command.upgrade(configuration(connection), "head")
        connection.commit()


def is_current(engine: Engine) -> bool:
    """Whether the newest version is applied."""
    with engine.connect() as connection:
        try:
            applied = connection.scalar(_APPLIED)
        except SchemaError:  # no table at all
            return False
    return bool(applied == _newest())


@cache
def _newest() -> str | None:
    """The newest version of this release, read once: reading runs every file."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, with the connection its environment is to use."""
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
