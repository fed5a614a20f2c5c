"""An installation as a stranger has one: a settings file, and commands as processes."""

from __future__ import annotations

import http.client
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.config.private_config import write_config
from ops.config.settings import Settings
from ops.listening import LOOPBACK, free_port, is_listening

ROOT = Path(__file__).parents[2]
START_S = 30.0


@dataclass(frozen=True)
class Answer:
    """What the service answered."""

    status: int
    content_type: str
    body: bytes

    @property
    def document(self) -> Mapping[str, object]:
        """The JSON of it."""
        return dict(json.loads(self.body))


class Installation:
    """A folder with a settings file; everything goes through processes and HTTP.

    Parameters
    ----------
    folder : Path
    choices : object
        Fields of ``Settings``, over a database and a data folder in ``folder``.
    """

    def __init__(self, folder: Path, **choices: object) -> None:
        self.folder = folder
        self.database = folder / "tocsin.db"
        known: dict[str, object] = {
            "database_url": f"sqlite:///{self.database}",
            "data_dir": folder,
            "port": free_port(),
        }
        self.settings = Settings.model_validate(known | choices)
        self._config = write_config(self.settings, folder / "tocsin.toml")

    def run(
        self,
        *arguments: str | Path,
        timeout_s: float = 60.0,
        typed: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; it reads what is ``typed``."""
        return subprocess.run(  # noqa: S603 - our own program, no shell
            self._command(*arguments),
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            input=typed,
            timeout=timeout_s,
            check=False,
        )

    @contextmanager
    def process(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """A command that goes on, ended by SIGTERM unless it was killed."""
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                self._command(*arguments),
                cwd=self.folder,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
            try:
                yield process
            finally:
                process.terminate()
                process.wait(30)

    @contextmanager
    def web(self) -> Iterator[subprocess.Popen[bytes]]:
        """The web server, once it listens."""
        with self.process("web") as process:
            port = self.settings.port
            wait_for(lambda: is_listening(LOOPBACK, port), timeout_s=START_S)
            yield process

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        **headers: str,
    ) -> Answer:
        """Send one HTTP request; ``content_type`` is Content-Type, and so on."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(
            LOOPBACK, self.settings.port, timeout=30
        )
        with closing(connection):
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            kind = answer.headers.get("Content-Type", "")
            return Answer(answer.status, kind, answer.read())

    def token(self, name: str, role: str) -> str:
        """A token of a new operator."""
        assert self.run("operator", "add", name, "--no-password", "--role", role)
        return self.run("token", "create", name).stdout.strip()

    def rows(self) -> dict[str, int]:
        """Table → rows: what is there, to see that nothing has changed."""
        with closing(sqlite3.connect(self.database)) as connection:
            names = [
                row[0]
                for row in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                )
            ]
            return {
                name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - names from the database itself
                for name in names
            }

    @staticmethod
    def _command(*arguments: str | Path) -> list[str]:
        return [sys.executable, str(ROOT / "app.py"), *map(str, arguments)]

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TOCSIN_")}
        return kept | {"TOCSIN_CONFIG": str(self._config)}


def wait_for(condition: Callable[[], bool], *, timeout_s: float) -> None:
    """Look until it holds; the processes under test live in real time."""
    until, look_again = time.monotonic() + timeout_s, threading.Event()
    while not condition():
        assert time.monotonic() < until, "nothing happens; see the logs of the test"
        look_again.wait(0.05)
