"""Signed requests to the customer's service: status callbacks and questions for TwiML.

Callbacks of one message or call leave in order, one at a time; a fixed number of
workers keeps many of them in flight. Faults (lost, repeated, disordered) strike here.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from simulator.dialect_rules import DialectRules
from simulator.faults import CallbackFault, Faults
from simulator.forms import Pairs, encode
from simulator.timers import Timers
from simulator.twiml import is_absolute_url
from telephony.carriers.curl_multi import CurlFailure
from telephony.carriers.signature import sign

_log = logging.getLogger(__name__)

_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
    "User-Agent": "TwilioProxy/1.1",
    "Accept": "*/*",
}
#: Real seconds by which a disordered callback comes late.
_LATE_S = 0.25
_MAX_TRIES = 3


class HttpAnswer(Protocol):
    """What a request brought back."""

    @property
    def status(self) -> int:
        """HTTP status."""
        ...

    @property
    def body(self) -> bytes:
        """Body, whole."""
        ...


class HttpClient(Protocol):
    """The part of ``CurlMulti`` that is used here."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """Send one request; raises `CurlFailure` if no answer came."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


@dataclass(slots=True, eq=False)
class _Callback:
    key: str
    url: str
    form: Pairs
    method: str
    n_tries: int = 0


class Callbacks:
    """Delivers what the telco has to say to its customer.

    Parameters
    ----------
    client : HttpClient
        Does the HTTP.
    auth_token : str
        Key of every signature.
    rules : DialectRules
        Whether a callback that met a network error comes again.
    faults, timers
        The telco's own.
    counters : Counter
        Counts ``callbacks.*``.
    in_flight : int
        Workers, >= 1.
    """

    def __init__(
        self,
        *,
        client: HttpClient,
        auth_token: str,
        rules: DialectRules,
        faults: Faults,
        timers: Timers,
        counters: Counter[str],
        in_flight: int,
    ) -> None:
        self._client = client
        self._auth_token = auth_token
        self._rules = rules
        self._faults = faults
        self._timers = timers
        self._counters = counters
        self._in_flight = in_flight
        self._ready: asyncio.Queue[_Callback] = asyncio.Queue()
        #: Callbacks waiting for the one before them of the same message or call.
        self._in_line: dict[str, deque[_Callback]] = {}
        self._workers: list[asyncio.Task[None]] = []
        self._n_pending = 0

    @property
    def n_pending(self) -> int:
        """Callbacks not delivered yet."""
        return self._n_pending

    def start(self) -> None:
        """Start the workers on the running loop."""
        self._workers = [
            asyncio.get_running_loop().create_task(self._work())
            for _ in range(self._in_flight)
        ]

    async def aclose(self) -> None:
        """Stop the workers; what is under way is broken off."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._client.aclose()

    def forget(self) -> None:
        """Drop every callback that has not left."""
        while not self._ready.empty():
            self._ready.get_nowait()
            self._n_pending -= 1
        for line in self._in_line.values():
            self._n_pending -= len(line)
            line.clear()

    def post(self, key: str, url: str, form: Pairs, method: str = "POST") -> None:
        """Send a status callback some time soon.

        Parameters
        ----------
        key : str
            SID of the message or call: callbacks of one key keep their order.
        url : str
            Absolute.
        form : list of pairs
            Decoded fields.
        method : str
            POST, or GET: then the fields become the query.
        """
        if not is_absolute_url(url):
            self._counters["callbacks.unusable"] += 1
            return
        callback = _Callback(key, url, form, method)
        fault = self._faults.for_callback()
        if fault is CallbackFault.LOST:
            self._counters["callbacks.lost"] += 1
            return
        if fault is CallbackFault.DISORDERED:
            self._counters["callbacks.disordered"] += 1
            self._n_pending += 1
            self._timers.after_real(_LATE_S, self._ready.put_nowait, callback)
            # Its turn is not kept: what comes later overtakes it.
            callback.key = ""
            return
        self._put(callback)
        if fault is CallbackFault.REPEATED:
            self._counters["callbacks.repeated"] += 1
            self._put(_Callback(key, url, form, method))

    async def ask(self, url: str, form: Pairs, method: str = "POST") -> bytes | None:
        """Ask the customer's service for a document.

        Returns
        -------
        bytes or None
            The body of a 2xx answer; None for any other answer or none at all.
        """
        if not is_absolute_url(url):
            self._counters["questions.unusable"] += 1
            return None
        self._counters["questions.asked"] += 1
        try:
            answer = await self._send(url, form, method)
        except CurlFailure as failure:
            self._counters["questions.unanswered"] += 1
            _log.warning("no answer to a request for TwiML: %s", failure)
            return None
        if not _is_success(answer.status):
            self._counters["questions.refused"] += 1
            _log.warning("a request for TwiML was answered %d", answer.status)
            return None
        return answer.body

    async def fetch(self, url: str) -> bytes | None:
        """Fetch a sound file, unsigned as carriers do; None if it is not there."""
        try:
            answer = await self._client.request("GET", url)
        except CurlFailure:
            return None
        return answer.body if _is_success(answer.status) else None

    def _put(self, callback: _Callback) -> None:
        self._n_pending += 1
        line = self._in_line.get(callback.key)
        if line is None:
            self._in_line[callback.key] = deque()
            self._ready.put_nowait(callback)
        else:
            line.append(callback)

    async def _work(self) -> None:
        while True:
            callback = await self._ready.get()
            try:
                await self._deliver(callback)
            finally:
                self._n_pending -= 1
                self._next_in_line(callback.key)

    def _next_in_line(self, key: str) -> None:
        if not key:
            return
        line = self._in_line[key]
        if line:
            self._ready.put_nowait(line.popleft())
        else:
            del self._in_line[key]

    async def _deliver(self, callback: _Callback) -> None:
        callback.n_tries += 1
        try:
            answer = await self._send(callback.url, callback.form, callback.method)
        except CurlFailure as failure:
            self._counters["callbacks.unanswered"] += 1
            _log.debug("a callback met a %s failure", failure.kind.value)
            again_s = self._rules.repeats_callback_after_s
            if again_s is not None and callback.n_tries < _MAX_TRIES:
                self._timers.after(again_s, self._put, callback)
            return
        outcome = "delivered" if _is_success(answer.status) else "refused"
        self._counters[f"callbacks.{outcome}"] += 1

    async def _send(self, url: str, form: Pairs, method: str) -> HttpAnswer:
        if method == "GET":
            joint = "&" if "?" in url else "?"
            url = f"{url}{joint}{encode(form).decode()}"
            headers = {
                **_HEADERS,
                "X-Twilio-Signature": sign(self._auth_token, url, []),
            }
            return await self._client.request("GET", url, headers=headers)
        signature = sign(self._auth_token, url, form)
        headers = {**_HEADERS, "X-Twilio-Signature": signature}
        return await self._client.request(
            "POST", url, body=encode(form), headers=headers
        )


def _is_success(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
