"""Who is cut off for a body that does not come."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from web.slow_bodies import Peer, SlowBodies, cut_silent

PEER = Peer("192.0.2.7", 8000)


class Server:
    """One request at a time; what is waited for takes as long as it is told to."""

    def __init__(self) -> None:
        self.now = 100.0
        self.cut: list[tuple[dict[Peer, int], float]] = []
        self.waits_s = 0.0
        self.n_cut = 0
        self.bodies = SlowBodies(
            self._serve, pause_s=20, monotonic=lambda: self.now, cut=self._cut
        )

    def ask(self, **environ: Any) -> list[bytes]:
        answer = self.bodies(
            {
                "REMOTE_ADDR": PEER.address,
                "SERVER_PORT": str(PEER.port),
                "wsgi.input": Slow(self),
                **environ,
            },
            lambda *_: lambda _: None,
        )
        return list(answer)

    def _serve(
        self, environ: dict[str, Any], start_response: Callable[..., object]
    ) -> Iterable[bytes]:
        del start_response
        body = environ["wsgi.input"]
        return [body.read(3), body.readline(), *body.readlines()]

    def _cut(self, overdue: Mapping[Peer, int], pause_s: float) -> int:
        self.cut.append((dict(overdue), pause_s))
        return self.n_cut


class Slow(io.BytesIO):
    """A body that comes late; meanwhile the server looks who is overdue."""

    def __init__(self, server: Server) -> None:
        super().__init__(b"abcd\nef\ng")
        self._server = server

    def read(self, size: int | None = -1, /) -> bytes:
        self._server.now += self._server.waits_s
        self._server.n_cut = self._server.bodies.cut_overdue()
        return super().read(size)


def test_a_body_is_read_as_ever() -> None:
    """By bytes, by lines, to its end."""
    assert Server().ask(CONTENT_LENGTH="9") == [b"abc", b"d\n", b"ef\n", b"g"]


@pytest.mark.parametrize(("waits_s", "is_cut"), [(19.0, False), (20.0, True)])
def test_whoever_is_waited_for_too_long_is_cut_off(
    waits_s: float, is_cut: bool
) -> None:
    """Those of their address and our port; who is not waited for is left alone."""
    server = Server()
    server.waits_s = waits_s
    server.ask(CONTENT_LENGTH="9")
    assert server.cut == ([({PEER: 1}, 20)] if is_cut else [])
    server.now += 1_000
    assert server.bodies.cut_overdue() == 0


def test_a_request_without_a_body_is_not_watched() -> None:
    """Most are asked for a page, and pay nothing."""
    server = Server()
    server.waits_s = 60.0
    server.ask()
    assert not server.cut
    server.ask(HTTP_TRANSFER_ENCODING="chunked")
    assert server.cut


def test_it_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """How many; not who."""
    server = Server()
    server.waits_s, server.n_cut = 60.0, 3
    with caplog.at_level(logging.WARNING):
        server.ask(CONTENT_LENGTH="9")
    assert "bodies of requests did not come" in caplog.text
    assert PEER.address not in caplog.text


@pytest.mark.enable_socket
def test_nobody_is_cut_off_for_another() -> None:
    """A peer that has no connection here, and descriptors that are none."""
    assert cut_silent({PEER: 9}, 0.0) == 0
