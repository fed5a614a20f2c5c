"""Requests whose body stops coming: their connections are cut.

A request is worked on as soon as its head is here, and its thread waits for the rest.
A telephone that loses its network in the middle of an upload, or a carrier its line,
says nothing; each would hold a thread until the next restart, and the last one would
hold up every callback. The server in front knows no end to this wait, so it is made
here: whoever has sent nothing for a while is cut off, and the thread is free.
"""

from __future__ import annotations

import logging
import os
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from _typeshed.wsgi import (
        InputStream,
        StartResponse,
        WSGIApplication,
        WSGIEnvironment,
    )

log = logging.getLogger(__name__)

T = TypeVar("T")

#: So long nothing may come of a body that is waited for, seconds. Networks that come
#: back at all come back sooner.
PAUSE_S = 20.0
#: How often those who wait are looked at, seconds.
_EVERY_S = 2.0
#: Where in Linux's ``struct tcp_info`` stands how many ms ago we sent, and they sent,
#: the last byte, and how many packets with something in them we have sent at all.
_LAST_SENT, _LAST_RECEIVED, _N_SENT = 44, 52, 156
_TCP_INFO_BYTES = 160
#: Its first byte, while neither side has ended.
_ESTABLISHED = 1


class Peer(NamedTuple):
    """Whose body is waited for."""

    #: Of the other side, as the server tells it.
    address: str
    #: Ours, which it has connected to.
    port: int


#: Cuts so many connections of each peer that were silent for so many seconds.
Cut = Callable[[Mapping[Peer, int], float], int]


class SlowBodies:
    """Serves an application, and ends its waiting for bodies that do not come.

    Parameters
    ----------
    application : WSGI application
    pause_s : float
        So long nothing may come of a body, seconds.
    every_s : float
        How often to look, seconds.
    monotonic : callable
        Seconds that only grow.
    cut : callable
        Ends connections; by default, looks for them among those of this process.
    """

    def __init__(
        self,
        application: WSGIApplication,
        *,
        pause_s: float = PAUSE_S,
        every_s: float = _EVERY_S,
        monotonic: Callable[[], float] = time.monotonic,
        cut: Cut | None = None,
    ) -> None:
        self._application = application
        self._pause_s = pause_s
        self._every_s = every_s
        self._monotonic = monotonic
        self._cut = cut or cut_silent
        self._lock = threading.Lock()
        #: Since when each read waits, and for whom.
        self._waiting: dict[object, tuple[float, Peer]] = {}
        self._watch: threading.Thread | None = None

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve one request."""
        if environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" in environ:
            peer = Peer(environ["REMOTE_ADDR"], int(environ["SERVER_PORT"]))
            environ["wsgi.input"] = _WatchedBody(environ["wsgi.input"], peer, self)
        return self._application(environ, start_response)

    def begin(self, read: object, peer: Peer) -> None:
        """Note that a thread waits from now on."""
        with self._lock:
            self._waiting[read] = self._monotonic(), peer
            if self._watch is None:
                # Daemon: a server that ends does not wait for who never sends.
                self._watch = threading.Thread(
                    target=self._look, name="slow-bodies", daemon=True
                )
                self._watch.start()

    def end(self, read: object) -> None:
        """Note that it waits no longer."""
        with self._lock:
            del self._waiting[read]

    def cut_overdue(self) -> int:
        """Cut those off who have made us wait too long; return how many."""
        now = self._monotonic()
        overdue: Counter[Peer] = Counter()
        with self._lock:
            for read, (since, peer) in self._waiting.items():
                if now - since >= self._pause_s:
                    overdue[peer] += 1
                    # Once for each: if another was cut, it has its turn again.
                    self._waiting[read] = now, peer
        n_cut = self._cut(overdue, self._pause_s) if overdue else 0
        if n_cut:
            log.warning("bodies of requests did not come", extra={"n": n_cut})
        return n_cut

    def _look(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(self._every_s)
            with self._lock:
                if not self._waiting:
                    self._watch = None
                    return
            self.cut_overdue()


class _WatchedBody:
    """A request's body that says when it is waited for."""

    __slots__ = ("_body", "_peer", "_watch")

    def __init__(self, body: InputStream, peer: Peer, watch: SlowBodies) -> None:
        self._body = body
        self._peer = peer
        self._watch = watch

    # As it was asked for: the server's own body takes no -1 for "all".

    def read(self, *size: int) -> bytes:
        """Read so many bytes, or all."""
        return self._waited(self._body.read, *size)

    def readline(self, *size: int) -> bytes:
        """Read a line."""
        return self._waited(self._body.readline, *size)

    def readlines(self, *hint: int) -> list[bytes]:
        """Read all lines."""
        return self._waited(self._body.readlines, *hint)

    def __iter__(self) -> Iterator[bytes]:
        """Read line by line."""
        return iter(self.readline, b"")

    def _waited(self, read: Callable[..., T], *size: int) -> T:
        self._watch.begin(self, self._peer)
        try:
            return read(*size)
        finally:
            self._watch.end(self)


def cut_silent(overdue: Mapping[Peer, int], pause_s: float) -> int:
    """Cut connections to us that came to a stop in the middle; return how many.

    The server does not say which connection a request came over, so they are known by
    what they do: the other side sent the last byte, and that was long ago. Who waits
    for us, as a page that is kept up to date, got the last byte from us. Whoever waits
    for a thread looks alike, but came later: the longest silent are cut, and no more
    than are overdue. Linux only; elsewhere nothing is cut.
    """
    try:
        numbers = sorted(map(int, os.listdir("/proc/self/fd")))
    except OSError:
        return 0
    silent: dict[Peer, list[tuple[int, int]]] = {peer: [] for peer in overdue}
    for number in numbers:
        with suppress(OSError, IndexError, struct.error), _line(number) as line:
            peer = Peer(line.getpeername()[0], line.getsockname()[1])
            if peer in overdue:
                silent[peer].append((-_silent_ms(line), number))
    return sum(
        _cut(number)
        for peer, found in silent.items()
        for silence, number in sorted(found)[: overdue[peer]]
        if -silence >= 1000 * pause_s
    )


def _line(number: int) -> socket.socket:
    """A connection of the server; closing it closes a copy of the descriptor."""
    return socket.socket(fileno=os.dup(number))


def _silent_ms(line: socket.socket) -> int:
    """How long ago the other side has sent the last byte; 0 if anything came since."""
    facts = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    sent_ms, received_ms, n_sent = (
        struct.unpack_from("=I", facts, at)[0]
        for at in (_LAST_SENT, _LAST_RECEIVED, _N_SENT)
    )
    is_waited_for = facts[0] == _ESTABLISHED and (n_sent == 0 or sent_ms > received_ms)
    return received_ms if is_waited_for else 0


def _cut(number: int) -> bool:
    with suppress(OSError), _line(number) as line:  # it may be gone meanwhile
        line.shutdown(socket.SHUT_RDWR)
        return True
    return False
