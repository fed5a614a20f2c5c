"""A telco inside a test: real HTTP on a free loopback port, on its own thread."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

from simulator.config import SimulatorConfig
from simulator.server import listening
from simulator.telco import Telco

_START_S = 30.0


class RunningSimulator:
    """A telco that is being served; its methods speak the control interface.

    Parameters
    ----------
    config : SimulatorConfig
        As it was started.
    base_url : str
        Where it listens.
    """

    def __init__(self, config: SimulatorConfig, base_url: str) -> None:
        self.config = config
        self.base_url = base_url

    def control(self, method: str, path: str, values: Any = None) -> Any:
        """Send one control request.

        Parameters
        ----------
        method : str
            GET, PUT, POST or DELETE.
        path : str
            Below ``/_simulator/``, percent-encoded.
        values : object, optional
            Sent as JSON.

        Returns
        -------
        object
            The JSON of the answer; None if it has no body.

        Raises
        ------
        AssertionError
            If the answer is not a success.
        """
        status, body = self.request(method, f"/_simulator/{path}", values)
        is_success = status < HTTPStatus.MULTIPLE_CHOICES
        assert is_success, f"{method} {path}: {status} {body!r}"
        return json.loads(body) if body else None

    def request(self, method: str, path: str, values: Any = None) -> tuple[int, bytes]:
        """Send any request with the account's credentials, a value as JSON."""
        pair = f"{self.config.account_sid}:{self.config.auth_token}".encode()
        headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        body = None
        if method in {"PUT", "POST"}:
            headers["Content-Type"] = "application/json"
            body = json.dumps({} if values is None else values)
        connection = HTTPConnection(urlsplit(self.base_url).netloc, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def force(self, phone: str, **behaviour: Any) -> None:
        """Force a behaviour (`simulator.phones.Forced`) on a phone, ``*`` for all."""
        self.control("PUT", f"phones/{quote(phone)}", behaviour)

    def inbox(self, phone: str) -> dict[str, Any]:
        """Texts and calls of a phone."""
        return dict(self.control("GET", f"phones/{quote(phone)}/inbox"))

    def act(
        self, phone: str, what: str, values: Mapping[str, Any] | None = None
    ) -> Any:
        """Do what a person does: answer, hang-up, keys, texts or calls."""
        return self.control("POST", f"phones/{quote(phone)}/{what}", values or {})

    def counters(self) -> dict[str, int]:
        """Everything counted so far."""
        return dict(self.control("GET", "counters")["counters"])

    def wait_until_quiet(self, *, timeout_s: float = 30.0) -> dict[str, int]:
        """Wait until nothing is under way and nothing is to come; the counters."""
        answer = self.control("GET", f"quiet?timeout_s={timeout_s}")
        return dict(answer["counters"])

    def reset(self) -> None:
        """Forget everything."""
        self.control("POST", "reset")


@contextmanager
def running(config: SimulatorConfig) -> Iterator[RunningSimulator]:
    """Serve a telco on a thread inside the block.

    Raises
    ------
    RuntimeError
        If it does not start.
    """
    thread = _TelcoThread(config)
    thread.start()
    if not thread.ready.wait(_START_S) or thread.base_url is None:
        raise RuntimeError(f"the built-in telco did not start: {thread.failure!r}")
    try:
        yield RunningSimulator(config, thread.base_url)
    finally:
        thread.stop()
        thread.join(_START_S)


class _TelcoThread(threading.Thread):
    def __init__(self, config: SimulatorConfig) -> None:
        super().__init__(name="built-in-telco", daemon=True)
        self._config = config
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None
        self.telco: Telco | None = None
        self.ready = threading.Event()
        self.base_url: str | None = None
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:  # noqa: BLE001 - told to whoever started the thread
            self.failure = error
            self.ready.set()

    def stop(self) -> None:
        if self._loop is not None and self._ending is not None:
            self._loop.call_soon_threadsafe(self._ending.set)

    async def _serve(self) -> None:
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        async with listening(self._config) as telco:
            self.telco, self.base_url = telco, telco.base_url
            self.ready.set()
            await self._ending.wait()
