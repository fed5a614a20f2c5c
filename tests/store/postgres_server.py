"""A PostgreSQL server for one test run, from Debian's packages, on a socket file.

It listens on no network. Durability is off: these tests are about rules, and power cuts
are PostgreSQL's own business.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

_USER = "tocsin"
_INITDB = ("-U", _USER, "-A", "trust", "--no-sync", "-E", "UTF8", "--no-locale")
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "40",
    "lc_messages": "C",
}


@dataclass
class PostgresServer:
    """A server that runs; ``folder`` holds its files and its socket."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_database(self) -> str:
        """Address of a database without any table."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://{_USER}@/{name}?host={self.folder}"

    def _dsn(self, name: str) -> str:
        return f"dbname={name} user={_USER} host={self.folder}"


@contextmanager
def started_server() -> Iterator[PostgresServer]:
    """Start a server; skip the test where there is none."""
    programs = _programs()
    # A short path: the name of a socket may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="tocsin-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    try:
        _run(programs / "initdb", "-D", data, *_INITDB)
        with (data / "postgresql.conf").open("a") as settings:
            for name, value in (_SETTINGS | _socket_in(folder)).items():
                settings.write(f"{name} = '{value}'\n")
        _run(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "start")
        try:
            yield PostgresServer(folder)
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Where the newest installed server's programs are."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        # A check that is silently left out where it counts is no check.
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("PostgreSQL is not installed; apt-get install postgresql")
    return found[-1].parent


def _socket_in(folder: Path) -> dict[str, str]:
    return {"unix_socket_directories": str(folder)}


def _run(*command: str | Path) -> None:
    """Run one of the server's programs, which refuse to run as root."""
    as_server = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    subprocess.run(  # noqa: S603 - a fixed list of words, no shell
        [*as_server, *map(str, command)],
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
