"""Callbacks that no carrier sends, byte by byte against the real web server.

What the application makes of a request is in ``tests/web/test_fast_hooks``; here it is
what the server in front lets through, and that it goes on serving meanwhile.
"""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr

from ops.config.settings import CarrierSettings
from ops.listening import LOOPBACK
from telephony.carriers.signature import sign
from tests.scenario.installation import Installation

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket]

TOKEN = "carrier-token"
PATH = "/telephony/main/messages/1/status"
FORM = [("MessageSid", "SM1"), ("MessageStatus", "delivered")]
CARRIER = CarrierSettings(
    base_url="http://127.0.0.1:9",
    account_sid="AC1",
    auth_token=SecretStr(TOKEN),
    sms_from="1294",
)
#: Connections that are held open within the head of a request, and within its body;
#: fewer than there are threads: what more of them do is in ``test_stuck_uploads``.
N_HEADS, N_BODIES = 300, 30


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A web server on an empty database."""
    place = Installation(
        tmp_path_factory.mktemp("place"), carriers={"main": CARRIER}, log_level="INFO"
    )
    assert place.run("db", "upgrade").returncode == 0
    with place.web():
        yield place


def head(
    web: Installation,
    *,
    form: Sequence[tuple[str, str]] = FORM,
    method: str = "POST",
    version: str = "1.1",
    length: int | None = None,
    more: str = "",
    signature: str | None = None,
) -> bytes:
    """The beginning of a request, signed as it should be unless told otherwise."""
    n_bytes = len(urlencode(form)) if length is None else length
    if signature is None:
        signature = sign(TOKEN, web.settings.callback_url + PATH, form)
    return (
        f"{method} {PATH} HTTP/{version}\r\nHost: tocsin\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {signature}\r\n"
        + (f"Content-Length: {n_bytes}\r\n" if n_bytes >= 0 else "")
        + f"{more}\r\n"
    ).encode("latin-1")


def body(form: Sequence[tuple[str, str]] = FORM) -> bytes:
    return urlencode(form).encode()


def connect(web: Installation) -> socket.socket:
    return socket.create_connection((LOOPBACK, web.settings.port), timeout=10)


def answers(web: Installation, *requests: bytes, is_cut_off: bool = False) -> list[int]:
    """Statuses of everything that is answered until the server hangs up.

    The last request asks it to.
    """
    *others, last = requests
    first, blank, rest = last.partition(b"\r\n\r\n")
    with closing(connect(web)) as line:
        try:
            line.sendall(
                b"".join(others) + first + b"\r\nConnection: close" + blank + rest
            )
            if is_cut_off:
                line.shutdown(socket.SHUT_WR)
            got = b"".join(iter(lambda: line.recv(65_536), b""))
        except OSError:
            return []  # it hung up in the middle
    return [
        int(part.split(b" ", 1)[0])
        for part in got.replace(b"HTTP/1.0", b"HTTP/1.1").split(b"HTTP/1.1 ")[1:]
    ]


def n_kept(web: Installation) -> int:
    """Callbacks on disk."""
    inbox = web.folder / "tocsin.db-inbox"
    if not inbox.exists():
        return 0
    with closing(sqlite3.connect(inbox)) as connection:
        (n,) = connection.execute("SELECT count(*) FROM inbox").fetchone()
    return int(n)


def chunked(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data)


CHUNKED = "Transfer-Encoding: chunked\r\n"
ODD = [("MessageStatus", "delivered"), ("a", "2"), ("a", "1"), ("b", "é\0\n")]


def test_every_way_to_send_a_form_is_understood(web: Installation) -> None:
    """By length or in chunks, over the old protocol, two at once, odd as it may be."""
    before = n_kept(web)
    plain = head(web) + body()
    assert answers(web, plain) == [204]
    assert answers(web, head(web, version="1.0") + body()) == [204]
    assert answers(web, head(web, length=-1, more=CHUNKED) + chunked(body())) == [204]
    assert answers(web, plain, plain, plain) == [204] * 3
    assert answers(web, head(web, form=ODD) + body(ODD)) == [204]
    assert n_kept(web) == before + 7


def test_what_is_not_signed_is_not_kept(web: Installation) -> None:
    """Whatever is wrong with it: an answer that is no, or none, and never a crash."""
    before = n_kept(web)
    raw = b"Body=%ff\xff&x=%zz\0"
    refused = {
        "unsigned": (head(web, signature="") + body(), 403),
        "badly signed": (head(web, signature="A" * 28) + body(), 403),
        "another body": (head(web, length=3) + b"a=1", 403),
        "no text": (head(web, length=len(raw)) + raw, 403),
        "oversized": (head(web, length=70_000) + b"x" * 70_000, 413),
        "asked for": (head(web, method="GET", length=-1), 405),
        "unknown method": (head(web, method="BREW", length=-1), 405),
        "too many fields": (head(web, length=999) + b"a=1&" * 249 + b"a=1", 413),
    }
    for name, (request, status) in refused.items():
        assert answers(web, request) == [status], name
    hung_up = {
        "long header": head(web, more="X-Long: " + "x" * 600_000 + "\r\n") + body(),
        "two lengths": head(web, more="Content-Length: 3\r\n") + body(),
        "length of words": head(web, length=-1, more="Content-Length: x\r\n"),
        "length and chunks": head(web, length=3, more=CHUNKED) + b"zz\r\n",
        "no protocol": b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + bytes(500),
        "cut off": head(web, length=999) + b"a=1",
        "cut off in the head": head(web)[:60],
    }
    for name, request in hung_up.items():
        statuses = answers(web, request, is_cut_off="cut off" in name)
        assert all(400 <= status < 500 for status in statuses), name
    assert n_kept(web) == before
    assert answers(web, head(web) + body()) == [204]


def test_connections_that_never_finish_hold_up_nobody(web: Installation) -> None:
    """Hundreds of half requests, and a carrier is served as if they were not."""
    with ExitStack() as lines:
        for n in range(N_HEADS + N_BODIES):
            line = lines.enter_context(closing(connect(web)))
            request = head(web) + body()
            line.sendall(request[: 40 if n < N_HEADS else -1])
        assert answers(web, head(web) + body()) == [204]
        assert web.ask("GET", "/health/live").status == 200


def test_nothing_is_said_that_should_not_be(web: Installation) -> None:
    """No secret, no traceback in what the server has logged of it."""
    for file in web.folder.glob("*.log"):
        text = file.read_text("utf-8", "replace")
        assert TOKEN not in text
        assert "Traceback" not in text
