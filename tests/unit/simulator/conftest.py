"""A telco without sockets: requests are handed in, callbacks end in a fake service."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest

from simulator.config import Dialect, SimulatorConfig
from simulator.forms import parse_pairs
from simulator.http_protocol import Request, Response
from simulator.telco import Telco
from telephony.carriers.curl_multi import CurlFailure
from telephony.carriers.signature import verify

EPOCH_S = 1_800_000_000.0


class Heard(NamedTuple):
    """One request that reached the customer's service."""

    method: str
    url: str
    form: dict[str, str]


class Answered(NamedTuple):
    """What the customer's service answers."""

    status: int
    body: bytes = b""


class FakeService:
    """The customer's service: keeps what it hears, answers TwiML by path."""

    def __init__(self, auth_token: str) -> None:
        self.heard: list[Heard] = []
        self.documents: dict[str, str | Callable[[dict[str, str]], str]] = {}
        self.failures: list[CurlFailure] = []
        self._auth_token = auth_token

    async def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        pairs = parse_pairs((body or b"").decode())
        signature = (headers or {}).get("X-Twilio-Signature")
        if signature is not None:
            assert verify(self._auth_token, url, pairs, signature)
        parts = urlsplit(url)
        query = dict(parse_pairs(parts.query))
        self.heard.append(Heard(method, url, dict(pairs) or query))
        document = self.documents.get(parts.path)
        if document is None:
            return Answered(404 if parts.path.startswith("/missing") else 204)
        text = document if isinstance(document, str) else document(dict(pairs))
        return Answered(200, text.encode())

    async def aclose(self) -> None:
        """Nothing to close."""

    def at(self, path: str) -> list[dict[str, str]]:
        """Forms that reached one path."""
        return [heard.form for heard in self.heard if urlsplit(heard.url).path == path]


class Rig:
    """A telco, its customer's service and a clock that jumps to what is due."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.seconds = 0.0
        self.config = config
        self.service = FakeService(config.auth_token)
        self.telco = Telco(
            config,
            client=self.service,
            wall=lambda: EPOCH_S + self.seconds,
            monotonic=lambda: self.seconds,
        )
        pair = f"{config.account_sid}:{config.auth_token}".encode()
        self.authorization = f"Basic {base64.b64encode(pair).decode()}"

    def play(self, story: Callable[[], Awaitable[None]]) -> None:
        """Run a story on an event loop of its own."""

        async def run() -> None:
            self.telco.start("http://127.0.0.1:1")
            try:
                await story()
            finally:
                await self.telco.aclose()

        asyncio.run(run())

    async def settle(self) -> None:
        """Let everything happen that is to come, jumping from one time to the next."""
        timers = self.telco.timers
        for _ in range(10_000):
            await self.breathe()
            if timers.next_due_s is None:
                return
            self.seconds = max(self.seconds, timers.next_due_s)
            timers.run_due()
        pytest.fail("the telco never comes to rest")

    async def breathe(self) -> None:
        """Let what is ready run, without any time passing."""
        for _ in range(30):
            await asyncio.sleep(0)

    async def ask(self, request: Request) -> Response:
        """Hand in one request."""
        answer = self.telco.answer(request)
        return answer if isinstance(answer, Response) else await answer

    async def api(
        self, method: str, path: str, *, authorization: str | None = None, **form: str
    ) -> tuple[int, Any]:
        """Ask the public interface below the account; status and JSON."""
        encoded = urlencode(form)
        response = await self.ask(
            Request(
                method=method,
                path=f"{self.telco.rules.root}{path}",
                query=encoded if method == "GET" else "",
                headers={"authorization": authorization or self.authorization},
                body=encoded.encode() if method == "POST" else b"",
            )
        )
        return response.status, json.loads(response.body) if response.body else None

    async def control(self, method: str, path: str, value: Any = None) -> Any:
        """Ask the control interface; the JSON of the answer."""
        path, _, query = path.partition("?")
        headers = {"authorization": self.authorization}
        headers["content-type"] = "application/json"
        body = b"" if value is None else json.dumps(value).encode()
        response = await self.ask(
            Request(method, f"/_simulator/{path}", query, headers, body)
        )
        return json.loads(response.body) if response.body else None


@pytest.fixture(params=list(Dialect), ids=lambda dialect: str(dialect.value))
def dialect(request: pytest.FixtureRequest) -> Dialect:
    return Dialect(request.param)


#: Settings of the telco → a rig with it.
MakeRig = Callable[..., Rig]


@pytest.fixture
def make_rig() -> MakeRig:
    def make(**settings: Any) -> Rig:
        return Rig(SimulatorConfig(**settings))

    return make
