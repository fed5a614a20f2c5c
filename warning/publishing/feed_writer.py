"""Alerts as feeds: Atom (RFC 4287) and RSS 2.0, each entry with a link to its CAP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from lxml import etree

from warning.texts.fitting import cut, one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

ATOM = "http://www.w3.org/2005/Atom"
CAP_TYPE = "application/cap+xml"
#: Characters of a summary; the whole text is in the CAP.
MAX_SUMMARY = 600
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedItem:
    """One alert as a feed shows it."""

    id: str
    title: str
    summary: str
    language: str
    category: str
    sender: str
    #: Of the CAP document.
    url: str
    #: Aware.
    published_at: datetime
    changed_at: datetime


def atom(
    items: Iterable[FeedItem], *, url: str, publisher: str, changed_at: datetime
) -> bytes:
    """Write an Atom feed; ``url`` is its own."""
    # The stubs do not know that None names the default namespace.
    namespaces: dict[Any, str] = {None: ATOM}
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap=namespaces)
    _add(feed, "id", url)
    _add(feed, "title", f"Alerts of {publisher}")
    _add(feed, "updated", _rfc3339(changed_at))
    _add(feed, "link", rel="self", type="application/atom+xml", href=url)
    _add(_add(feed, "author"), "name", publisher)
    for item in items:
        entry = _add(feed, "entry")
        entry.set(_XML_LANG, item.language)
        _add(entry, "id", item.id)
        _add(entry, "title", _short(item.title))
        _add(entry, "updated", _rfc3339(item.changed_at))
        _add(entry, "published", _rfc3339(item.published_at))
        _add(_add(entry, "author"), "name", item.sender)
        _add(entry, "category", term=_short(item.category))
        _add(entry, "link", rel="alternate", type=CAP_TYPE, href=item.url)
        _add(entry, "summary", _short(item.summary))
    return _document(feed)


def rss(
    items: Iterable[FeedItem], *, url: str, publisher: str, changed_at: datetime
) -> bytes:
    """Write an RSS feed; ``url`` is its own."""
    root = etree.Element("rss", version="2.0", nsmap={"atom": ATOM})
    channel = etree.SubElement(root, "channel")
    _tell(channel, "title", f"Alerts of {publisher}")
    _tell(channel, "link", url)
    _tell(channel, "description", "Warnings to the public in the words of CAP 1.2")
    _tell(channel, "lastBuildDate", _rfc822(changed_at))
    _add(channel, "link", rel="self", type="application/rss+xml", href=url)
    for item in items:
        entry = etree.SubElement(channel, "item")
        _tell(entry, "title", _short(item.title))
        _tell(entry, "link", item.url)
        _tell(entry, "description", _short(item.summary))
        _tell(entry, "category", _short(item.category))
        _tell(entry, "guid", item.id).set("isPermaLink", "false")
        _tell(entry, "pubDate", _rfc822(item.changed_at))
    return _document(root)


def _add(
    parent: _Element, name: str, text: str | None = None, **given: str
) -> _Element:
    """Add an element of Atom."""
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}", given)
    child.text = text
    return child


def _tell(parent: _Element, name: str, text: str) -> _Element:
    """Add an element of RSS, which has no namespace."""
    child = etree.SubElement(parent, name)
    child.text = text
    return child


def _document(root: _Element) -> bytes:
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written + b"\n"


def _short(text: str) -> str:
    return cut(one_line(text), MAX_SUMMARY)


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _rfc822(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)
