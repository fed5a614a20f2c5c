"""A feed that is down, slow, huge or hostile harms nobody, over real HTTP."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ops.exchange.curl_http import CurlHttp
from store.database import Database
from tests.scenario.hostile_server import MIB, HostileServer, moved, page
from tests.use_cases.warning.source_world import a_desk
from tests.use_cases.warning.world import World, an_alert
from warning.cap_documents import cap_xml
from warning.errors import FeedError
from warning.sources.feed_poll import Feed, FeedPoll
from warning.sources.fetching import FetchLimits

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket]

HOSTS = frozenset({"127.0.0.1"})
LIMITS = FetchLimits(timeout_s=0.5, max_bytes=100_000)
XML_BOMB = (
    b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'
    b"<rss>&y;</rss>"
)


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        server.pages |= {
            "/elsewhere": moved("http://localhost:1/feed"),
            "/file": moved("file:///etc/passwd"),
            "/nowhere": moved(""),
            "/bad-url": moved("http://[bad"),
            "/loop": moved("/loop"),
            "/ok-after-one": moved("/fine"),
            "/fine": page(b"<rss/>", ETag='"1"'),
            "/bad-gzip": page(b"no gzip", Content_Encoding="gzip"),
            "/html": page(b"<html><body>Sign in to this network</body></html>"),
            "/xml-bomb": page(XML_BOMB),
            "/latin": page("<rss>é</rss>".encode("latin-1")),
            "/empty": page(b""),
            "/text": page(b"once upon a time"),
        }
        yield server


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Database(f"sqlite:///{tmp_path / 'tocsin.db'}") as database:
        database.upgrade()
        yield World(database)


def get(server: HostileServer, path: str) -> object:
    return CurlHttp().get(server.url + path, hosts=HOSTS, headers={}, limits=LIMITS)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/slow", "in time"),
        ("/silent", "in time"),
        ("/endless", "too large"),
        ("/announced", "too large"),
        ("/bomb", "too large"),
        ("/headers", "too large|broke off"),
        ("/cut", "broke off"),
        ("/garbage", "broke off"),
        ("/bad-gzip", "packed wrongly"),
        ("/elsewhere", "redirects to localhost"),
        ("/file", "no URL"),
        ("/nowhere", "no URL"),
        ("/bad-url", "no URL"),
        ("/loop", "redirects more than 3 times"),
    ],
)
def test_bad_habits_end_soon_and_small(
    server: HostileServer, path: str, reason: str
) -> None:
    """Each in a sentence, within its time, without its bytes in our memory."""
    tracemalloc.start()
    started = time.perf_counter()
    with pytest.raises(FeedError, match=reason):
        get(server, path)
    took_s = time.perf_counter() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert took_s < 3
    assert peak < 4 * MIB


def test_honest_answers_come_through(server: HostileServer) -> None:
    """Also after a redirect on the same host."""
    answer = CurlHttp().get(
        server.url + "/ok-after-one", hosts=HOSTS, headers={}, limits=LIMITS
    )

    assert (answer.status, answer.body) == (200, b"<rss/>")
    assert answer.headers["etag"] == '"1"'


def test_nobody_there(server: HostileServer) -> None:
    """No server, and no such host."""
    port = server.url.rpartition(":")[2]
    server.__exit__()

    with pytest.raises(FeedError, match="Nothing answers"):
        CurlHttp().get(
            f"http://127.0.0.1:{port}/", hosts=HOSTS, headers={}, limits=LIMITS
        )


def test_a_receiver_is_told_with_its_body(server: HostileServer) -> None:
    """The status is what counts; what it says is not kept."""
    server.pages["/hook"] = page(b"thanks", "202 Accepted")
    status = CurlHttp().post(
        f"{server.url}/hook", b'{"id": "1"}', headers={"X-A": "b"}, timeout_s=1
    )

    assert status == 202
    assert server.bodies[-1] == b'{"id": "1"}'
    for path in ("/silent", "/endless", "/announced"):
        with pytest.raises(FeedError):
            CurlHttp().post(server.url + path, b"{}", headers={}, timeout_s=0.3)


def test_one_good_feed_among_bad_ones(server: HostileServer, world: World) -> None:
    """Its alert comes in; each bad feed says what is wrong and waits."""
    rss = b"<rss><channel><item><link>/a.xml</link></item></channel></rss>"
    server.pages["/good"] = page(rss)
    server.pages["/a.xml"] = page(cap_xml.write(an_alert()))
    bad = ["/slow", "/endless", "/bomb", "/html", "/xml-bomb", "/latin", "/empty"]
    bad += ["/text", "/elsewhere", "/loop"]
    desk = a_desk(world)
    for path in [*bad, "/good"]:
        feed = Feed(
            name=path,
            url=server.url + path,
            hosts=HOSTS,
            every=timedelta(minutes=1),
            limits=LIMITS,
        )
        FeedPoll(
            feed,
            desk=desk,
            fetcher=CurlHttp(),
            new_uow=world.database.unit_of_work,
            read_uow=world.database.read_only,
            now=world.clock,
        ).run_once()

    assert [case.created_by for case in world.board.list()] == ["feed:/good"]
    with world.read() as uow:
        for path in bad:
            state = uow.feeds.state(path)
            assert state is not None
            assert state.error, path
            assert state.n_failures == 1, path
            assert state.next_at > world.clock()
        good = uow.feeds.state("/good")
        assert good is not None
        assert good.error is None
