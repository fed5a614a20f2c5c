"""An asyncio HTTP client on libcurl's multi interface: many requests, little CPU.

Warnings leave through here, so it is built for one thing: hundreds of small requests
in flight to one host from one process, about 60 microseconds of CPU each where
``requests`` takes ten times as much. It follows no redirects, keeps no cookies, reads
no proxy from the environment, and says of every failure whether the request may have
reached the other side. Knows no carrier.
"""

from __future__ import annotations

import asyncio
import select
from collections import deque
from collections.abc import Mapping
from typing import TypeVar

import pycurl

from telephony.carriers.curl_transfer import (
    CurlFailure,
    CurlResponse,
    FailureKind,
    Transfer,
    TransferOptions,
)

__all__ = ["CurlFailure", "CurlMulti", "CurlResponse", "FailureKind"]

T = TypeVar("T")

_EVENTS_OF_POLL = {
    pycurl.POLL_NONE: 0,
    pycurl.POLL_IN: select.EPOLLIN,
    pycurl.POLL_OUT: select.EPOLLOUT,
    pycurl.POLL_INOUT: select.EPOLLIN | select.EPOLLOUT,
}


class CurlMulti:
    """Sends requests of one event loop, a bounded number at a time.

    Parameters
    ----------
    max_in_flight : int
        At most this many requests at once, >= 1; more wait their turn, first come
        first served, and their time-outs start when the wait ends.
    timeout_s : float
        For a whole exchange, connecting included, seconds.
    connect_timeout_s : float
        For name look-up, TCP and TLS, seconds.
    max_connections : int, optional
        At most this many connections, kept alive between requests; ``max_in_flight``
        if left out. Over TLS HTTP/2 is used when offered and one connection carries
        many requests.
    max_response_bytes : int
        A longer body is cut off and fails with ``TOO_LARGE``.
    ca_file : str, optional
        PEM file of the authorities to trust instead of the system's; for a carrier
        on a closed network.

    Notes
    -----
    libcurl's sockets are watched by an epoll of our own, and asyncio watches that
    one descriptor: registering each socket with asyncio costs several times more.
    Makes no connection and binds to no loop before the first request.
    """

    def __init__(
        self,
        *,
        max_in_flight: int,
        timeout_s: float = 10,
        connect_timeout_s: float = 3,
        max_connections: int | None = None,
        max_response_bytes: int = 1 << 20,
        ca_file: str | None = None,
    ) -> None:
        if max_in_flight < 1:
            raise ValueError(f"max_in_flight is {max_in_flight}; at least 1 is needed.")
        self._options = TransferOptions(
            timeout_s, connect_timeout_s, max_response_bytes, ca_file
        )
        self._max_in_flight = max_in_flight
        self._idle: list[Transfer] = []
        self._n_transfers = 0
        self._waiters: deque[asyncio.Future[Transfer]] = deque()
        self._active: dict[
            pycurl.Curl, tuple[Transfer, asyncio.Future[CurlResponse]]
        ] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.Handle | None = None
        self._poller = select.epoll()
        self._watched: set[int] = set()
        self._multi = pycurl.CurlMulti()
        self._is_closed = False
        connections = max_connections or max_in_flight
        self._multi.setopt(pycurl.M_MAX_TOTAL_CONNECTIONS, connections)
        self._multi.setopt(pycurl.M_MAXCONNECTS, connections)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._on_socket)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._on_timer)

    @property
    def n_in_flight(self) -> int:
        """Requests handed to libcurl and not yet answered."""
        return len(self._active)

    async def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> CurlResponse:
        """Send one request and wait for its answer.

        A cancelled call stops the exchange at once; the request may have been sent.

        Parameters
        ----------
        method : str
            ``GET``, ``POST`` or ``DELETE``.
        url : str
            Absolute, http or https.
        body : bytes, optional
            Of a POST, as it goes out; ``headers`` say its type.
        headers : mapping, optional
            Sent in addition to those libcurl needs.
        auth : (str, str), optional
            User and password for basic authentication.
        timeout_s : float, optional
            Instead of the client's.

        Returns
        -------
        CurlResponse
            Whatever the status, 3xx and 5xx included.

        Raises
        ------
        CurlFailure
            If no whole answer came, or the client is closed.
        ValueError
            If the method is another one or a header spans lines.
        """
        loop = self._bind()
        transfer = await self._acquire(loop)
        try:
            transfer.prepare(
                method,
                url,
                body=body,
                headers=headers,
                auth=auth,
                timeout_s=timeout_s,
            )
            answer: asyncio.Future[CurlResponse] = loop.create_future()
            self._active[transfer.handle] = (transfer, answer)
            self._multi.add_handle(transfer.handle)
            return await answer
        finally:
            if self._active.pop(transfer.handle, None) is not None:
                # Cancelled: libcurl still works on it.
                self._multi.remove_handle(transfer.handle)
            self._release(transfer)

    async def aclose(self) -> None:
        """Break off what is in flight, close every connection; harmless twice."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
        for handle, (transfer, answer) in list(self._active.items()):
            self._multi.remove_handle(handle)
            _settle(answer, CurlFailure(FailureKind.RECEIVE, sent=transfer.is_sent))
        self._active.clear()
        for waiter in self._waiters:
            _settle(waiter, CurlFailure(FailureKind.CONNECT, sent=False))
        for transfer in self._idle:
            transfer.close()
        self._idle.clear()
        self._multi.close()
        if self._loop is not None:
            self._loop.remove_reader(self._poller.fileno())
        self._poller.close()

    def _bind(self) -> asyncio.AbstractEventLoop:
        """Return the running loop, which from the first request on is the only one.

        Raises
        ------
        CurlFailure
            If the client is closed.
        """
        if self._is_closed:
            raise CurlFailure(FailureKind.CONNECT, sent=False)
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(self._poller.fileno(), self._on_ready)
        return self._loop

    async def _acquire(self, loop: asyncio.AbstractEventLoop) -> Transfer:
        if self._idle:
            return self._idle.pop()
        if self._n_transfers < self._max_in_flight:
            self._n_transfers += 1
            return Transfer(self._options)
        waiter: asyncio.Future[Transfer] = loop.create_future()
        self._waiters.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                # Handed over in the very moment of cancelling: pass it on.
                self._release(waiter.result())
            raise

    def _release(self, transfer: Transfer) -> None:
        if self._is_closed:
            transfer.close()
            return
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(transfer)
                return
        self._idle.append(transfer)

    # libcurl calls the next two from inside add_handle and socket_action: they only
    # take note, for libcurl must not be entered again from there.

    def _on_socket(self, what: int, fd: int, _multi: object, _data: object) -> None:
        if what == pycurl.POLL_REMOVE:
            self._watched.discard(fd)
            self._poller.unregister(fd)
        elif fd in self._watched:
            self._poller.modify(fd, _EVENTS_OF_POLL[what])
        else:
            self._watched.add(fd)
            self._poller.register(fd, _EVENTS_OF_POLL[what])

    def _on_timer(self, timeout_ms: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if timeout_ms < 0 or self._is_closed:
            return
        assert self._loop is not None, "a timer before the first request"
        if timeout_ms == 0:
            self._timer = self._loop.call_soon(self._on_timeout)
        else:
            self._timer = self._loop.call_later(timeout_ms / 1000, self._on_timeout)

    def _on_timeout(self) -> None:
        self._timer = None
        self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        self._collect()

    def _on_ready(self) -> None:
        for fd, events in self._poller.poll(0):
            flags = 0
            if events & select.EPOLLIN:
                flags |= pycurl.CSELECT_IN
            if events & select.EPOLLOUT:
                flags |= pycurl.CSELECT_OUT
            if events & (select.EPOLLERR | select.EPOLLHUP):
                flags |= pycurl.CSELECT_ERR
            self._multi.socket_action(fd, flags)
        self._collect()

    def _collect(self) -> None:
        """Hand finished exchanges to those who wait for them."""
        n_queued = 1
        while n_queued:
            n_queued, ended, failed = self._multi.info_read()
            for handle in ended:
                self._end(handle, pycurl.E_OK)
            for handle, curl_code, _text in failed:
                self._end(handle, curl_code)

    def _end(self, handle: pycurl.Curl, curl_code: int) -> None:
        self._multi.remove_handle(handle)
        transfer, answer = self._active.pop(handle)
        _settle(answer, transfer.outcome(curl_code))


def _settle(future: asyncio.Future[T], outcome: T | CurlFailure) -> None:
    """End a wait, unless the one who waited has gone."""
    if future.done():
        return
    if isinstance(outcome, CurlFailure):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
