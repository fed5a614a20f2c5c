"""A web server on loopback that means no good, one path for each bad habit."""

from __future__ import annotations

import socket
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Self

MIB = 1024 * 1024


class HostileServer:
    """Answers raw bytes by path; every connection on a thread of its own."""

    def __init__(self, pages: dict[str, bytes] | None = None) -> None:
        self.pages = pages or {}
        self.asked: list[str] = []
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self._stop = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._habits: dict[str, Callable[[socket.socket], None]] = {
            "/slow": self._slow,
            "/silent": self._silent,
            "/endless": self._endless,
            "/announced": self._announced,
            "/bomb": self._bomb,
            "/headers": self._headers,
            "/cut": self._cut,
            "/garbage": self._garbage,
        }
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes whoever waits in accept
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(
                target=self._answer, args=(connection,), daemon=True
            ).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                path = self._read(connection)
                habit = self._habits.get(path)
                if habit is not None:
                    habit(connection)
                else:
                    connection.sendall(self.pages.get(path, page(b"", "404 Not Found")))
            except OSError:
                return  # the other side has had enough

    def _read(self, connection: socket.socket) -> str:
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65_536)
        head, _, body = data.partition(b"\r\n\r\n")
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                while len(body) < int(value):
                    body += connection.recv(65_536)
        path = head.split()[1].decode()
        self.asked.append(path)
        self.heads.append(head)
        self.bodies.append(body)
        return path

    def _slow(self, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not self._stop.wait(0.05):
            connection.sendall(b"<")

    def _silent(self, connection: socket.socket) -> None:
        del connection
        self._stop.wait(30)

    def _endless(self, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not self._stop.is_set():
            connection.sendall(b"x" * 65_536)

    def _announced(self, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
        self._endless(connection)

    def _bomb(self, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
        packer = zlib.compressobj(wbits=31)
        for _ in range(64):
            connection.sendall(packer.compress(b"<" * MIB))
        connection.sendall(packer.flush())

    def _headers(self, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not self._stop.is_set():
            connection.sendall(b"X-Long: " + b"x" * 8_000 + b"\r\n")

    def _cut(self, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>")

    def _garbage(self, connection: socket.socket) -> None:
        connection.sendall(b"\x00\x01SSH-2.0-OpenSSH\r\n")


def page(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """An honest answer."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines])
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + body


def moved(location: str) -> bytes:
    """A redirect."""
    return page(b"", "302 Found", Location=location)
