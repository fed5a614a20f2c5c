"""One exchange: what goes out, what comes back, and how it can break off."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pycurl
import pytest

from telephony.carriers.curl_multi import (
    CurlFailure,
    CurlMulti,
    CurlResponse,
    FailureKind,
)
from telephony.carriers.curl_transfer import Transfer, TransferOptions
from tests.unit.telephony.raw_server import (
    OK,
    Behaviour,
    Exchange,
    always,
    once,
    serving,
    silent,
)
from tests.unit.telephony.tls_certificate import write_certificate

pytestmark = pytest.mark.enable_socket


OK_WITH_COOKIE = OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n")


@contextlib.asynccontextmanager
async def client(**options: Any) -> AsyncIterator[CurlMulti]:
    """A client that is closed when the block ends."""
    curl = CurlMulti(**{"max_in_flight": 4, **options})
    try:
        yield curl
    finally:
        await curl.aclose()


def post_once(behave: Behaviour, **options: Any) -> CurlResponse:
    """One POST against a server that behaves so."""

    async def scene() -> CurlResponse:
        async with serving(behave) as server, client(**options) as curl:
            return await curl.request("POST", server.url, body=b"To=1")

    return asyncio.run(scene())


def failure_of(behave: Behaviour, **options: Any) -> tuple[FailureKind, bool]:
    """How one POST against a server that behaves so fails."""
    with pytest.raises(CurlFailure) as caught:
        post_once(behave, **options)
    return caught.value.kind, caught.value.sent


def test_answer_is_status_headers_and_body() -> None:
    """Names come in lower case, repeated fields joined, interim answers dropped."""
    answer = post_once(
        always(
            b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
            b"HTTP/1.1 429 Slow\r\nRetry-After: 3\r\nVary: a\r\nVARY: b\r\n"
            b"Content-Length: 4\r\n\r\nbody"
        )
    )
    assert answer == (
        429,
        {"retry-after": "3", "vary": "a, b", "content-length": "4"},
        b"body",
    )


def test_request_goes_out_as_given() -> None:
    """Method, path, form, headers and credentials arrive; no Expect, no Cookie."""
    seen: list[tuple[bytes, bytes]] = []

    async def behave(exchange: Exchange) -> None:
        while True:
            seen.append(await exchange.read())
            await exchange.write(
                OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n")
            )

    async def scene() -> None:
        async with serving(behave) as server, client() as curl:
            for _ in range(2):
                await curl.request(
                    "POST",
                    server.url,
                    body=b"x" * 3000,
                    headers={"Accept": "application/json"},
                    auth=("AC1", "tökén"),
                )

    asyncio.run(scene())
    for head, body in seen:
        assert head.startswith(b"POST /2010-04-01/x HTTP/1.1\r\n")
        assert b"Authorization: Basic QUMxOnTDtmvDqW4=" in head
        assert b"Accept: application/json" in head
        assert b"expect" not in head.lower()
        assert b"cookie" not in head.lower()
        assert body == b"x" * 3000


def test_options_do_not_leak_into_the_next_request() -> None:
    """A handle used again forgets method, form, headers and credentials."""
    seen: list[tuple[bytes, bytes]] = []

    async def behave(exchange: Exchange) -> None:
        while True:
            seen.append(await exchange.read())
            await exchange.write(OK)

    async def scene() -> None:
        headers = {"X-A": "1"}
        async with serving(behave) as server, client(max_in_flight=1) as curl:
            url = server.url
            await curl.request("POST", url, body=b"a", headers=headers, auth=("u", "p"))
            headers["X-A"] = "2"
            await curl.request("POST", url, headers=headers)
            await curl.request("GET", url)
            await curl.request("DELETE", url + "/1")
            await curl.request("POST", url, body=b"b")

    asyncio.run(scene())
    heads = [head for head, _ in seen]
    assert [head.split(b" ")[0] for head in heads] == [
        b"POST", b"POST", b"GET", b"DELETE", b"POST",
    ]  # fmt: skip
    assert [body for _, body in seen] == [b"a", b"", b"", b"", b"b"]
    assert [b"X-A: 1" in head for head in heads] == [True] + [False] * 4
    assert [b"X-A: 2" in head for head in heads] == [False, True, False, False, False]
    assert [b"Authorization" in head for head in heads] == [True] + [False] * 4


def test_redirect_is_an_answer() -> None:
    """A 3xx is handed over, not followed."""
    answer = post_once(
        always(b"HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n")
    )
    assert (answer.status, answer.headers["location"]) == (302, "/y")


def test_proxy_of_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy variable on the machine does not redirect warnings."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert post_once(always(OK)).status == 201


async def closed_port() -> str:
    """A URL on loopback where nobody listens."""
    async with serving(silent) as server:
        return server.url


def test_refused_connection_is_not_sent() -> None:
    """Nobody listens: certainly not sent."""

    async def scene() -> None:
        url = await closed_port()
        async with client() as curl:
            await curl.request("POST", url, body=b"To=1")

    with pytest.raises(CurlFailure, match=r"connect .* not sent") as caught:
        asyncio.run(scene())
    assert (caught.value.kind, caught.value.sent) == (FailureKind.CONNECT, False)


def test_unknown_host_is_not_sent() -> None:
    """A name that cannot exist is told apart from a host that is down."""

    async def scene() -> None:
        async with client() as curl:
            await curl.request("POST", f"http://{'a' * 64}.invalid/", body=b"To=1")

    with pytest.raises(CurlFailure) as caught:
        asyncio.run(scene())
    assert (caught.value.kind, caught.value.sent) == (FailureKind.DNS, False)


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1/", "http://", "nonsense:x"])
def test_unusable_url_is_not_sent(url: str) -> None:
    """A URL that is none for HTTP fails before anything leaves."""

    async def scene() -> None:
        async with client() as curl:
            await curl.request("POST", url)

    with pytest.raises(CurlFailure) as caught:
        asyncio.run(scene())
    assert not caught.value.sent


def test_silence_is_a_timeout_after_sending() -> None:
    """A server that reads and never answers: the outcome is unknown."""
    assert failure_of(silent, timeout_s=0.05) == (FailureKind.TIMEOUT, True)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 201 Created\r\nContent-",
        b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"<html>no status line</html>",
    ],
    ids=["nothing", "half a head", "half a body", "bad chunk", "other", "bare html"],
)
def test_broken_answer_is_unknown(answer: bytes) -> None:
    """Whatever breaks off after the request left, it may have been accepted."""
    assert failure_of(once(answer)) == (FailureKind.RECEIVE, True)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000,
    ],
    ids=["announced", "endless"],
)
def test_answer_beyond_the_bound_is_cut_off(answer: bytes) -> None:
    """Neither an announced nor an unannounced flood fills the memory."""
    assert failure_of(once(answer), max_response_bytes=1000) == (
        FailureKind.TOO_LARGE,
        True,
    )


def hangs_up_on_second() -> tuple[Behaviour, list[bytes]]:
    """Answer a connection's first request, read the second and hang up."""
    bodies: list[bytes] = []

    async def behave(exchange: Exchange) -> None:
        for answer in (OK, b""):
            head, _ = await exchange.read()
            bodies.append(head.split(b" ")[0])
            await exchange.write(answer)

    return behave, bodies


def test_post_is_never_repeated_on_a_fresh_connection() -> None:
    """A kept connection that dies under a POST: sent once, outcome unknown."""
    behave, methods = hangs_up_on_second()

    async def scene() -> CurlFailure:
        async with serving(behave) as server, client() as curl:
            await curl.request("POST", server.url, body=b"first")
            with pytest.raises(CurlFailure) as caught:
                await curl.request("POST", server.url, body=b"second")
            # libcurl had opened the fresh connection when it was stopped.
            while server.n_connections < 2:
                await asyncio.sleep(0)
            return caught.value

    failure = asyncio.run(scene())
    assert (failure.kind, failure.sent) == (FailureKind.RECEIVE, True)
    assert methods == [b"POST", b"POST"]


def test_get_is_repeated_on_a_fresh_connection() -> None:
    """A question may be asked twice, so a dead kept connection is no failure."""
    behave, methods = hangs_up_on_second()

    async def scene() -> None:
        async with serving(behave) as server, client() as curl:
            for _ in range(2):
                assert (await curl.request("GET", server.url)).status == 201

    asyncio.run(scene())
    assert methods == [b"GET"] * 3


@pytest.mark.parametrize(
    ("method", "headers"),
    [("BREW", None), ("POST", {"X-A": "1\r\nX-B: 2"}), ("GET", {"X-A\n": "1"})],
)
def test_request_that_makes_no_sense_is_refused(
    method: str, headers: dict[str, str] | None
) -> None:
    """An unknown method and a header of several lines never go out."""

    async def scene() -> CurlResponse:
        async with serving(always(OK)) as server, client(max_in_flight=1) as curl:
            with pytest.raises(ValueError, match=r"HTTP method|spans lines"):
                await curl.request(method, server.url, headers=headers)
            # Its handle is none the worse for it.
            return await curl.request("POST", server.url)

    assert asyncio.run(scene()).status == 201


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, and its key."""
    return write_certificate(tmp_path_factory.mktemp("tls"))


async def tls_request(
    certificate: tuple[Path, Path], ca_file: str | None
) -> CurlResponse:
    """One POST over TLS, trusting the given authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    async with (
        serving(always(OK), context) as server,
        client(ca_file=ca_file) as curl,
    ):
        return await curl.request("POST", server.url, body=b"To=1")


def test_carrier_with_a_private_authority(certificate: tuple[Path, Path]) -> None:
    """A closed network's own authority can be trusted."""
    assert asyncio.run(tls_request(certificate, str(certificate[0]))).status == 201


def test_untrusted_certificate_is_not_sent(certificate: tuple[Path, Path]) -> None:
    """No credentials and no number leave before the certificate is checked."""
    with pytest.raises(CurlFailure) as caught:
        asyncio.run(tls_request(certificate, None))
    assert (caught.value.kind, caught.value.sent) == (FailureKind.TLS, False)


@pytest.mark.parametrize(
    ("curl_code", "kind"),
    [
        (pycurl.E_SEND_ERROR, FailureKind.SEND),
        (pycurl.E_PARTIAL_FILE, FailureKind.CONNECT),
        (pycurl.E_URL_MALFORMAT, FailureKind.CONNECT),
    ],
)
def test_kind_of_failure_before_sending(curl_code: int, kind: FailureKind) -> None:
    """A libcurl code without a class of its own goes by what has left so far."""
    transfer = Transfer(TransferOptions(1, 1, 1, None))
    failure = transfer.outcome(curl_code)
    transfer.close()
    assert isinstance(failure, CurlFailure)
    assert (failure.kind, failure.sent) == (kind, False)
