"""The client as a whole: many at once, bounded, cancelled, closed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from telephony.carriers.curl_multi import (
    CurlFailure,
    CurlMulti,
    CurlResponse,
    FailureKind,
    _settle,
)
from tests.unit.telephony.raw_server import (
    OK,
    Exchange,
    always,
    serving,
    silent,
)

pytestmark = pytest.mark.enable_socket


@contextlib.asynccontextmanager
async def client(**options: Any) -> AsyncIterator[CurlMulti]:
    """A client that is closed when the block ends."""
    curl = CurlMulti(**{"max_in_flight": 4, **options})
    try:
        yield curl
    finally:
        await curl.aclose()


def test_connection_is_kept_and_used_again() -> None:
    """Many requests one after another need one connection."""

    async def scene() -> int:
        async with serving(always(OK)) as server, client() as curl:
            for _ in range(20):
                assert (await curl.request("POST", server.url)).status == 201
            return server.n_connections

    assert asyncio.run(scene()) == 1


def test_each_request_gets_its_own_answer() -> None:
    """Hundreds at once are never mixed up."""

    async def echo(exchange: Exchange) -> None:
        while True:
            _, body = await exchange.read()
            await exchange.write(
                b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )

    async def scene() -> list[bytes]:
        async with serving(echo) as server, client(max_in_flight=32) as curl:
            answers = await asyncio.gather(
                *[curl.request("POST", server.url, body=b"%d" % n) for n in range(300)]
            )
        return [answer.body for answer in answers]

    assert asyncio.run(scene()) == [b"%d" % n for n in range(300)]


def test_no_more_in_flight_than_allowed() -> None:
    """The bound holds, and those who wait go in order of arrival."""
    order: list[bytes] = []

    async def scene() -> None:
        async with client(max_in_flight=3) as curl:

            async def behave(exchange: Exchange) -> None:
                while True:
                    _, body = await exchange.read()
                    order.append(body)
                    assert curl.n_in_flight <= 3
                    await exchange.write(OK)

            async with serving(behave) as server:
                await asyncio.gather(
                    *[
                        curl.request("POST", server.url, body=b"%03d" % n)
                        for n in range(50)
                    ]
                )
                await curl.aclose()

    asyncio.run(scene())
    places = {body: place for place, body in enumerate(order)}
    assert all(abs(places[b"%03d" % n] - n) <= 3 for n in range(50))


def test_waiting_for_a_connection_is_a_timeout_before_sending() -> None:
    """A request that never got its turn on the wire was not sent."""

    async def scene() -> None:
        async with serving(silent) as server, client(max_connections=1) as curl:
            first = asyncio.create_task(curl.request("POST", server.url))
            while not server.n_connections:
                await asyncio.sleep(0)
            with pytest.raises(CurlFailure) as caught:
                await curl.request("POST", server.url, timeout_s=0.05)
            assert (caught.value.kind, caught.value.sent) == (
                FailureKind.TIMEOUT,
                False,
            )
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first

    asyncio.run(scene())


def test_cancelled_request_frees_its_place() -> None:
    """Whoever gives up blocks nobody: in flight, in the queue, or handed over."""

    async def scene() -> None:
        async with (
            serving(silent) as mute,
            serving(always(OK)) as server,
            client(max_in_flight=1) as curl,
        ):
            tasks = [
                asyncio.create_task(curl.request("POST", url))
                for url in (mute.url, mute.url, mute.url, server.url)
            ]
            while not mute.n_connections:
                await asyncio.sleep(0)
            tasks[1].cancel()  # in the queue
            tasks[0].cancel()  # in flight: its place goes to the third
            await asyncio.sleep(0)
            tasks[2].cancel()  # in the moment of the hand-over
            assert (await tasks[3]).status == 201
            assert curl.n_in_flight == 0
            assert all(task.cancelled() for task in tasks[:3])

    asyncio.run(scene())


def test_closing_breaks_off_what_is_under_way() -> None:
    """In flight: may have been sent. Waiting or later: certainly not."""

    async def scene() -> list[BaseException | CurlResponse]:
        async with serving(silent) as server, client(max_in_flight=1) as curl:
            tasks = [
                asyncio.create_task(curl.request("POST", server.url)) for _ in "ab"
            ]
            while not server.n_connections:
                await asyncio.sleep(0)
            await curl.aclose()
            await curl.aclose()
            late = asyncio.create_task(curl.request("POST", server.url))
            return await asyncio.gather(*tasks, late, return_exceptions=True)

    outcomes = asyncio.run(scene())
    assert all(isinstance(outcome, CurlFailure) for outcome in outcomes)
    assert [getattr(outcome, "sent", None) for outcome in outcomes] == [
        True,
        False,
        False,
    ]


def test_answer_to_someone_who_has_gone_is_dropped() -> None:
    """An answer that arrives in the moment of cancelling harms nothing."""

    async def scene() -> None:
        answer: asyncio.Future[CurlResponse] = asyncio.Future()
        answer.cancel()
        _settle(answer, CurlResponse(201, {}, b""))
        assert answer.cancelled()

    asyncio.run(scene())


def test_client_that_was_never_used_closes() -> None:
    """No request, no loop, nothing to undo."""

    async def scene() -> None:
        await CurlMulti(max_in_flight=1).aclose()

    asyncio.run(scene())


def test_at_least_one_place_is_needed() -> None:
    """A client that may send nothing is a mistake in the settings."""
    with pytest.raises(ValueError, match="max_in_flight is 0"):
        CurlMulti(max_in_flight=0)
