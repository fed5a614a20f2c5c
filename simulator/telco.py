"""The whole telco in one object: its parts, and the one door requests come through."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable

from simulator.api import Api, internal_error
from simulator.call_desk import CallDesk
from simulator.callbacks import Callbacks, HttpClient
from simulator.citizens import Citizens
from simulator.config import SimulatorConfig
from simulator.control import Control
from simulator.dialects import rules_of
from simulator.exchange import Exchange
from simulator.faults import FaultPlan, Faults
from simulator.http_protocol import Request, Response
from simulator.journal import Journal
from simulator.memory import remember
from simulator.message_line import MessageLine
from simulator.owned_numbers import OwnedNumbers
from simulator.pace import Pace
from simulator.parts import TelcoParts
from simulator.phones import Phones
from simulator.records import Ledger
from simulator.resources.account import Account
from simulator.resources.calls import Calls
from simulator.resources.messages import Messages
from simulator.timers import Timers

_log = logging.getLogger(__name__)


class Telco:
    """The built-in telco, without its sockets.

    Parameters
    ----------
    config : SimulatorConfig
        Everything that can be chosen.
    client : HttpClient
        Does the HTTP towards the customer's service.
    wall, monotonic : callable
        Seconds since the epoch, and seconds that never run backwards.
    """

    def __init__(
        self,
        config: SimulatorConfig,
        *,
        client: HttpClient,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.config = config
        self.base_url = ""
        self.ledger = Ledger()
        self.rules = rules_of(config.dialect, config.account_sid)
        self.timers = Timers(monotonic, time_scale=config.time_scale)
        self.phones = Phones(
            Citizens(config.mix, seed=config.seed, is_night=config.is_night)
        )
        self.numbers = OwnedNumbers(
            config.numbers, sms_url=config.sms_url, voice_url=config.voice_url
        )
        self.faults = Faults(
            config.faults,
            rng=random.Random(config.seed),  # noqa: S311 - for tests and demos
            now=monotonic,
        )
        self.callbacks = Callbacks(
            client=client,
            auth_token=config.auth_token,
            rules=self.rules,
            faults=self.faults,
            timers=self.timers,
            counters=self.ledger.counters,
            in_flight=config.callbacks_in_flight,
        )
        self._journal = Journal(config.journal) if config.journal else None
        self._wall = wall
        self._build_traffic(monotonic)
        self._build_doors()

    def start(self, base_url: str) -> None:
        """Begin on the running loop; take up again what the journal left open."""
        self.base_url = base_url
        self.timers.drive(asyncio.get_running_loop())
        self.callbacks.start()
        if self.config.journal is not None:
            remember(self.config.journal, self.ledger, self.line)

    async def aclose(self) -> None:
        """Stop everything; nothing more is called back."""
        self.timers.clear()
        await self.desk.aclose()
        await self.line.aclose()
        await self.callbacks.aclose()
        if self._journal is not None:
            self._journal.close()

    async def reset(self) -> None:
        """Forget every message, call, forced behaviour and fault; keep the journal."""
        self.timers.clear()
        await self.desk.aclose()
        await self.line.aclose()
        self.callbacks.forget()
        self.phones.release_all()
        self.faults.use(FaultPlan())
        self.ledger.clear()

    def answer(self, request: Request) -> Response | Awaitable[Response]:
        """Answer one HTTP request."""
        try:
            if not request.path.startswith("/_simulator"):
                return self._api.answer(request)
            answer = self._control.answer(request)
            return answer if isinstance(answer, Response) else self._guarded(answer)
        except Exception:  # noqa: BLE001 - logged with its trace, answered with 500
            # The last resort of a server: a defect must cost one answer, not all.
            _log.exception("a request met a defect")
            return internal_error(self.rules)

    async def _guarded(self, answer: Awaitable[Response]) -> Response:
        try:
            return await answer
        except Exception:  # noqa: BLE001 - as above
            _log.exception("a request met a defect")
            return internal_error(self.rules)

    def _build_traffic(self, monotonic: Callable[[], float]) -> None:
        pace = self.config.pace
        self._message_pace = Pace(pace.messages_per_s, now=monotonic)
        self._call_pace = Pace(pace.calls_per_s, now=monotonic)
        self._exchange = Exchange(
            ledger=self.ledger,
            rules=self.rules,
            phones=self.phones,
            numbers=self.numbers,
            callbacks=self.callbacks,
            timers=self.timers,
            journal=self._journal,
            now=self._wall,
            fetch_media=self.config.fetch_media,
            base_url=lambda: self.base_url,
        )
        self.line = MessageLine(exchange=self._exchange, pace=self._message_pace)
        self.desk = CallDesk(
            exchange=self._exchange,
            pace=self._call_pace,
            max_live=pace.concurrent_calls,
            monotonic=monotonic,
        )

    def _build_doors(self) -> None:
        exchange = self._exchange
        self._api = Api(
            rules=self.rules,
            ledger=self.ledger,
            faults=self.faults,
            auth_token=self.config.auth_token,
            messages=Messages(
                exchange=exchange, line=self.line, pace=self._message_pace
            ),
            calls=Calls(exchange=exchange, desk=self.desk, pace=self._call_pace),
            account=Account(exchange=exchange, opened_s=self._wall()),
        )
        parts = TelcoParts(
            ledger=self.ledger,
            rules=self.rules,
            timers=self.timers,
            phones=self.phones,
            numbers=self.numbers,
            faults=self.faults,
            callbacks=self.callbacks,
            line=self.line,
            desk=self.desk,
            reset=self.reset,
        )
        self._control = Control(
            parts,
            account_sid=self.config.account_sid,
            auth_token=self.config.auth_token,
        )
