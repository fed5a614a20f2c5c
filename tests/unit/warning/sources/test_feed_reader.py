"""Feeds as they come: RSS, Atom, CAP itself; and what is not to be followed."""

from __future__ import annotations

from typing import Any

import pytest

from warning.cap_documents.cap_check import check
from warning.errors import FeedError
from warning.sources.feed_reader import FeedEntry, read_feed

URL = "https://met.example.org/feed.xml"
HOSTS = {"met.example.org"}
CAP = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
    "<identifier>{0}</identifier></alert>"
)


def read(text: str | bytes, url: str = URL, **options: Any) -> list[FeedEntry]:
    data = text.encode() if isinstance(text, str) else text
    return read_feed(data, url=url, hosts=HOSTS, **options)


def rss(*items: str) -> str:
    inner = "".join(f"<item><title>t</title>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>x</title>{inner}</channel></rss>'


def atom(*links: str) -> str:
    entries = "".join(f"<entry><id>{n}</id>{x}</entry>" for n, x in enumerate(links))
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'


def test_rss_links() -> None:
    """Relative to the feed, in its order."""
    entries = read(
        rss("<link>https://met.example.org/a.xml</link>", "<link>b.cap</link>")
    )

    assert [entry.url for entry in entries] == [
        "https://met.example.org/a.xml",
        "https://met.example.org/b.cap",
    ]


def test_the_link_to_cap_is_chosen_among_others() -> None:
    """By its type, then by its ending; never a feed's own address."""
    entries = read(
        atom(
            '<link href="/page.html"/><link type="application/cap+xml" href="/1"/>',
            '<link href="/page.html"/><link href="/2.xml"/>',
            '<link rel="self" href="/self.xml"/><link href="/3"/>',
        )
    )

    assert [entry.url for entry in entries] == [
        f"https://met.example.org/{name}" for name in ("1", "2.xml", "3")
    ]


def test_an_enclosure_may_be_the_alert() -> None:
    """As podcasts do, some feeds do."""
    item = (
        "<link>https://met.example.org/page</link>"
        '<enclosure url="https://met.example.org/x" type="application/cap+xml"/>'
    )

    assert read(rss(item))[0].url == "https://met.example.org/x"


def test_cap_itself_is_a_feed() -> None:
    """One alert, or many under one root."""
    one = CAP.format("A")
    many = f"<alerts>{CAP.format('A')}{CAP.format('B')}</alerts>"

    assert [entry.document for entry in read(one)] == [one.encode()]
    assert [entry.title for entry in read(many)] == ["A", "B"]


@pytest.mark.parametrize(
    "link",
    [
        "https://other.example.org/a.xml",
        "http://127.0.0.1/a.xml",
        "//other.example.org/a.xml",
        "file:///etc/passwd",
        "gopher://met.example.org/x",
        "https://met.example.org@evil.example/a.xml",
        "https://user:x@met.example.org/a.xml",
        "https://met.example.org:99999/a.xml",
        "https://[bad/a.xml",
        "",
    ],
)
def test_links_elsewhere_are_not_followed(link: str) -> None:
    """Only configured hosts, only http and https; the reason is kept."""
    (entry,) = read(rss(f"<link>{link}</link>"))

    assert entry.url is None
    assert entry.refusal


def test_a_safe_feed_does_not_lead_into_the_open() -> None:
    """A link without TLS is asked for with it."""
    (entry,) = read(rss("<link>http://met.example.org/a.xml</link>"))

    assert entry.url == "https://met.example.org/a.xml"


def test_the_key_changes_with_the_entry() -> None:
    """A new time is a new entry; a new title is not."""
    link = "<link>/a.xml</link><guid>1</guid>"
    first = read(rss(f"{link}<pubDate>1</pubDate>"))[0].key

    assert read(rss(f"{link}<pubDate>2</pubDate>"))[0].key != first
    assert read(rss(f"{link}<pubDate>1</pubDate><title>u</title>"))[0].key == first


def test_entries_are_bounded_and_told_once() -> None:
    """A feed of a million entries is a feed of the first few."""
    links = [f"<link>/{n % 30}.xml</link>" for n in range(100)]

    assert len(read(rss(*links))) == 30
    assert len(read(rss(*links), max_entries=5)) == 5


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cannot be read"),
        (b"\x00\x01\x02", "cannot be read"),
        (b"<rss><channel>", "not well-formed"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "A web page came"),
        (b"<html><body>503</body></html>", "<html>|A web page"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><rss>&a;</rss>', "DOCTYPE"),
        ("<rss>é</rss>".encode("latin-1"), "0xE9"),
        (b'<?xml version="1.0" encoding="utf-7"?><rss/>', "utf-7"),
        (b"<rss>" + b"x" * 2_000, "too|at most"),
        (b"<svg/>", "root is <svg>"),
        (b"<a>" * 1_000, "nested|well-formed"),
    ],
)
def test_what_is_no_feed(data: bytes, reason: str) -> None:
    """Told in a sentence, whatever it is."""
    with pytest.raises(FeedError, match=reason):
        read(data, max_bytes=2_000 if len(data) < 3_000 else 10_000)


def test_another_kind_than_configured() -> None:
    """A feed that turns into something else is told."""
    with pytest.raises(FeedError, match="kind atom was expected"):
        read(rss(), kind="atom")


def test_an_alert_inside_an_entry_is_read() -> None:
    """As a document of its own; a link to the very document is preferred to it."""
    content = f'<content type="application/cap+xml">{CAP}</content>'
    linked = '<link type="application/cap+xml" href="/2.xml"/>' + content
    web = '<link href="/page.html"/>' + content.format("KH-1")
    inside, outside = read(atom(web, linked.format("KH-2")))
    assert inside.document is not None
    assert (inside.title, inside.url) == ("KH-1", None)
    assert check(inside.document, filename="a.xml").as_dict()["version"] == "1.2"
    assert (outside.document, outside.url) == (None, "https://met.example.org/2.xml")


@pytest.mark.parametrize(
    "envelope",
    [
        rss("{}"),
        (
            '<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0">'
            "<contentObject>{}</contentObject></EDXLDistribution>"
        ),
        "<answer><list>{}</list></answer>",
    ],
)
def test_an_alert_in_any_envelope_is_read(envelope: str) -> None:
    """Each as a document of its own."""
    entries = read(envelope.format(CAP.format("KH-1") + CAP.format("KH-2")))
    assert [one.title for one in entries] == ["KH-1", "KH-2"]
    for one in entries:
        assert one.document is not None
        assert b"<alert" in one.document[:60]
