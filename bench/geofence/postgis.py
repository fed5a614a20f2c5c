"""PostGIS as a peer: a server of our own, on its own port and folder, then gone.

Installs the Debian package if it is missing and we may; otherwise raises
`PeerMissingError` with the sentence to print.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

PACKAGE = "postgresql-15-postgis-3"
BINARIES = Path("/usr/lib/postgresql/15/bin")
EXTENSION = Path("/usr/share/postgresql/15/extension/postgis.control")
SUBDIVIDED = 128


class PeerMissingError(Exception):
    """A peer cannot be had on this machine; the message says why."""


class Server:
    """A throw-away PostgreSQL with PostGIS.

    Raises
    ------
    PeerMissingError
        If PostGIS is not installed and cannot be.
    """

    def __init__(self) -> None:
        _install()
        self._folder = Path(tempfile.mkdtemp(prefix="geofence-postgis-"))
        self._user = _unprivileged_user(self._folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-A", "trust", "-U", "bench", "--no-sync")
        options = (
            f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 "
            "-c shared_buffers=2GB -c work_mem=256MB -c maintenance_work_mem=1GB "
            "-c fsync=off -c max_wal_size=8GB -c jit=off -c max_parallel_workers=2"
        )
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        data = str(self._folder / "data")
        self._run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as its unprivileged user."""
        command = [str(BINARIES / program), *arguments]
        subprocess.run(
            command,
            check=True,
            user=self._user,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
        )


class Postgis:
    """PostGIS, GiST index, the area as one geometry or through ``ST_Subdivide``."""

    subdivide = False

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        self._server = Server()
        try:
            self._fill(x, y)
        except BaseException:
            self._server.stop()
            raise

    def _fill(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        """Load the points and build the index."""
        import psycopg

        self._base = psycopg.connect(
            host="127.0.0.1",
            port=self._server.port,
            user="bench",
            dbname="postgres",
            autocommit=True,
        )
        self._base.execute("create extension postgis")
        self._base.execute("create unlogged table raw (id int4, x float8, y float8)")
        with self._base.cursor() as cursor:
            with cursor.copy("copy raw from stdin (format binary)") as copy:
                copy.write(_binary_rows(x, y))
            cursor.execute(
                "create unlogged table p as select id, ST_MakePoint(x, y) g from raw"
            )
            cursor.execute("drop table raw")
            cursor.execute("create index on p using gist (g)")
            cursor.execute("vacuum analyze p")

    def ids(self, area: Any) -> NDArray[np.int64]:
        """Ask in SQL, and take the ids as one binary array."""
        if self.subdivide:
            query = (
                "with s as materialized (select ST_Subdivide("
                f"ST_GeomFromWKB(%b), {SUBDIVIDED}) g) "
                "select array_agg(distinct p.id) from s join p "
                "on ST_Intersects(s.g, p.g)"
            )
        else:
            query = (
                "select array_agg(id) from p where ST_Intersects(ST_GeomFromWKB(%b), g)"
            )
        with self._base.cursor() as cursor:
            wkb = shapely.to_wkb(area)
            statement = f"copy ({_inlined(query, wkb)}) to stdout (format binary)"
            with cursor.copy(statement) as copy:
                raw = b"".join(bytes(block) for block in copy)
        return np.sort(_ids_of_array(raw))

    def many(self, areas: Sequence[Any]) -> list[NDArray[np.int64]]:
        """Ask for one after the other."""
        return [self.ids(area) for area in areas]

    def close(self) -> None:
        """Stop the server."""
        self._base.close()
        self._server.stop()


class PostgisSubdivided(Postgis):
    """PostGIS with the area cut into pieces first."""

    subdivide = True


def _install() -> None:
    """Install PostGIS if it is missing and we may.

    Raises
    ------
    PeerMissingError
        If it is missing and may not be installed.
    """
    if EXTENSION.exists() and (BINARIES / "postgres").exists():
        return
    if os.getuid() != 0 or shutil.which("apt-get") is None:
        msg = f"PostGIS is not installed. As root: apt-get install {PACKAGE}"
        raise PeerMissingError(msg)
    command = ["apt-get", "install", "-y", "--no-install-recommends", PACKAGE]
    done = subprocess.run(command, check=False, capture_output=True)
    if done.returncode or not EXTENSION.exists():
        msg = f"PostGIS could not be installed with: {' '.join(command)}"
        raise PeerMissingError(msg)


def _unprivileged_user(folder: Path) -> str | None:
    """Return the user to run as; PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    shutil.chown(folder, "postgres")
    return "postgres"


def _binary_rows(x: NDArray[np.float64], y: NDArray[np.float64]) -> bytes:
    """Rows in PostgreSQL's binary copy format."""
    row = np.dtype(
        {
            "names": ["n", "a", "id", "b", "x", "c", "y"],
            "formats": [">i2", ">i4", ">i4", ">i4", ">f8", ">i4", ">f8"],
        }
    )
    rows = np.zeros(len(x), dtype=row)
    rows["n"], rows["a"], rows["b"], rows["c"] = 3, 4, 8, 8
    rows["id"], rows["x"], rows["y"] = np.arange(len(x)), x, y
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff"


def _inlined(query: str, wkb: bytes) -> str:
    """Put a geometry into the text of a query: COPY takes no parameters."""
    return query.replace("%b", f"'\\x{wkb.hex()}'::bytea")


def _ids_of_array(raw: bytes) -> NDArray[np.int64]:
    """Ids of one int4 array in a binary copy of one row and one column."""
    # Header 19 bytes, field count 2, field length 4, array header 20.
    length = int.from_bytes(raw[21:25], "big", signed=True)
    if length < 0:
        return np.empty(0, dtype=np.int64)
    n = (length - 20) // 8
    pairs = np.frombuffer(raw, dtype=">i4", count=2 * n, offset=45)
    return pairs[1::2].astype(np.int64)
