"""The demo's own client: refusals in the problem's own words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ops.demo.api_client import ApiClient
from ops.errors import ApiCallError
from ops.listening import LOOPBACK, free_port

pytestmark = pytest.mark.enable_socket

TOKEN = "s3cret"


class Answers(BaseHTTPRequestHandler):
    """Answers by the path."""

    def do_GET(self) -> None:
        match self.path.removeprefix("/api/v1"):
            case "/echo":
                self.answer(
                    200, b'{"auth": "%s"}' % self.headers["Authorization"].encode()
                )
            case "/empty":
                self.answer(204, b"")
            case "/problem":
                self.answer(422, b'{"title": "No", "detail": "Nobody is inside."}')
            case "/list":
                self.answer(500, b"[1]")
            case _:
                self.answer(200, b"<html>")

    do_POST = do_GET  # noqa: N815 - the name that the server looks for

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def client() -> Iterator[ApiClient]:
    with HTTPServer((LOOPBACK, 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield ApiClient(f"http://{LOOPBACK}:{server.server_port}", TOKEN)
        server.shutdown()
        thread.join()


def test_asks_as_its_operator(client: ApiClient) -> None:
    """The token goes with every request."""
    assert client.get("/echo") == {"auth": f"Bearer {TOKEN}"}
    assert client.post("/echo", b"{}") == {"auth": f"Bearer {TOKEN}"}


def test_no_content_is_none(client: ApiClient) -> None:
    """204 has no document."""
    assert client.post("/empty") is None


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/problem", "GET /problem: 422, Nobody is inside."),
        ("/list", "GET /list: 500, no reason given"),
        ("/html", "GET /html got no answer"),
    ],
)
def test_refusals_are_one_sentence(client: ApiClient, path: str, words: str) -> None:
    """What was asked, the status, and why; never the token."""
    with pytest.raises(ApiCallError, match=words) as caught:
        client.get(path)

    assert TOKEN not in str(caught.value)


def test_nobody_there_is_told() -> None:
    """No traceback of sockets."""
    with pytest.raises(ApiCallError, match="got no answer"):
        ApiClient(f"http://{LOOPBACK}:{free_port()}", TOKEN).get("/x")
