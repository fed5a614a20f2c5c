"""Over TLS the sender speaks HTTP/2: hundreds of requests on one connection."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pycurl
import pytest

from ops.listening import LOOPBACK
from telephony.carriers.curl_multi import CurlMulti
from telephony.carriers.curl_transfer import CurlFailure, CurlResponse
from tests.scenario.granian_process import granian
from tests.unit.telephony.tls_certificate import write_certificate

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket]

N_REQUESTS = 200


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def carrier(
    certificate: tuple[Path, Path],
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A carrier that is reached over TLS; its address and its process."""
    file, key = certificate
    tls = ("--ssl-certificate", file, "--ssl-keyfile", key)
    with granian("tests.scenario.http2_carrier:carrier", *tls) as (port, process):
        yield f"https://{LOOPBACK}:{port}/Messages.json", process


async def ask(
    url: str, certificate: Path, n: int
) -> tuple[list[CurlResponse | BaseException], int]:
    """So many requests at once, whatever becomes of them, and over how many lines."""
    curl = CurlMulti(max_in_flight=n, ca_file=str(certificate), timeout_s=20)
    try:
        answers = await asyncio.gather(
            *(curl.request("POST", url, body=b"To=1") for _ in range(n)),
            return_exceptions=True,
        )
        handles = [transfer.handle for transfer in curl._idle]
        return answers, sum(one.getinfo(pycurl.NUM_CONNECTS) for one in handles)
    finally:
        await curl.aclose()


def test_many_requests_share_few_connections(
    carrier: tuple[str, subprocess.Popen[bytes]], certificate: tuple[Path, Path]
) -> None:
    """The protocol is agreed upon with the handshake; nobody waits for an answer."""
    url, _ = carrier
    answers, n_connections = asyncio.run(ask(url, certificate[0], N_REQUESTS))
    assert all(isinstance(one, CurlResponse) for one in answers), answers[0]
    taken = [one for one in answers if isinstance(one, CurlResponse)]
    assert {one.status for one in taken} == {201}
    assert {one.body.split()[0] for one in taken} == {b"HTTP/2"}
    # More than one only beyond the streams that the carrier allows on each.
    assert n_connections <= 3


def test_a_carrier_that_has_gone_was_not_asked(
    carrier: tuple[str, subprocess.Popen[bytes]], certificate: tuple[Path, Path]
) -> None:
    """What never left may be sent again at once, also over HTTP/2."""
    url, process = carrier
    process.terminate()
    process.wait(10)
    (answer,), _ = asyncio.run(ask(url, certificate[0], 1))
    assert isinstance(answer, CurlFailure)
    assert not answer.sent
