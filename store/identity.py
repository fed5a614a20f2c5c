"""What tells one database from another, also from itself before it was restored.

Whatever is derived from the rows, and kept elsewhere, must not outlive a backup that
was put in their place: its revisions may have the same numbers and show other people.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Engine

# A restore into a new database changes its oid, one into the old database the table's
# oid, one of the data alone the file behind the table, and one of the whole cluster the
# timeline.
_POSTGRESQL = text(
    """
    SELECT
        (SELECT system_identifier FROM pg_control_system()),
        (SELECT timeline_id FROM pg_control_checkpoint()),
        (SELECT oid FROM pg_database WHERE datname = current_database()),
        CAST(to_regclass('subscribers') AS oid),
        pg_relation_filenode(to_regclass('subscribers'))
    """
)


def identity_of(engine: Engine) -> str:
    """A text that changes when other rows are put in the place of these.

    Notes
    -----
    SQLite: the file, by path and number; a copy written *into* the file keeps both.
    """
    if engine.dialect.name == "sqlite":
        file = Path(engine.url.database or "")
        return f"{file.resolve()} {file.stat().st_ino}"
    with engine.connect() as connection:
        return " ".join(map(str, connection.execute(_POSTGRESQL).one()))
