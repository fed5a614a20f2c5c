"""A feed of alerts as it came → its entries: RSS, Atom, or CAP itself.

The bytes come from outside and go through the same door as an alert's (``cap_tree``):
no DOCTYPE, no entity, nothing is fetched. Which links may be asked for is decided here,
by host; nothing in an alert is ever followed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from lxml import etree

from warning.cap_documents.defects import Defect
from warning.cap_documents.tree import CapLimits, enclosed, root_of
from warning.errors import FeedError
from warning.texts.fitting import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

CAP_TYPE = "application/cap+xml"
_XML_ENDINGS = (".xml", ".cap")
#: Root element → what it is a feed of.
_KINDS = {
    "rss": "rss",
    "RDF": "rss",
    "feed": "atom",
    "alert": "cap",
    "alerts": "cap",
}
_ITEMS = {"rss": "{*}item", "atom": "{*}entry"}


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedEntry:
    """One entry of a feed: the alert itself, or where it is."""

    #: The same as long as the entry says the same.
    key: str
    #: For the operator.
    title: str
    #: Where the alert is; None if it is here, or cannot be asked for.
    url: str | None = None
    document: bytes | None = None
    #: Why it cannot be asked for.
    refusal: str | None = None


def read_feed(
    data: bytes,
    *,
    url: str,
    hosts: Collection[str],
    kind: str = "auto",
    max_bytes: int = 5_000_000,
    max_entries: int = 200,
) -> list[FeedEntry]:
    """Read a feed.

    Parameters
    ----------
    data : bytes
        As received, unpacked.
    url : str
        Where it came from; links are relative to it.
    hosts : collection of str
        Hosts that may be asked, in small letters.
    kind : str
        ``rss``, ``atom``, ``cap``, or ``auto`` for whichever it is.
    max_bytes, max_entries : int
        What is read at most; further entries are left out.

    Returns
    -------
    list of FeedEntry
        In the feed's order, each key once.

    Raises
    ------
    FeedError
        If it is no feed, or not one of this kind.
    """
    root = root_of(data, CapLimits(max_bytes=max_bytes))
    if isinstance(root, Defect):
        raise FeedError(_why_unreadable(root, data))
    name = etree.QName(root).localname
    found = _KINDS.get(name) or ("cap" if enclosed(root) else None)
    if found is None:
        raise FeedError(f"This is no feed of alerts: its root is <{name[:40]}>.")
    if kind not in {"auto", found}:
        raise FeedError(f"A feed of kind {kind} was expected; this is {found}.")
    if found == "cap":
        entries = _documents(root, data)
    else:
        entries = _links(root, _ITEMS[found], url, hosts)
    first: dict[str, FeedEntry] = {}
    for entry in entries:
        first.setdefault(entry.key, entry)
        if len(first) == max_entries:
            break
    return list(first.values())


def _why_unreadable(defect: Defect, data: bytes) -> str:
    if b"<html" in data[:1_000].lower():
        return "A web page came instead of a feed; check the URL."
    where = f"line {defect.line}: " if defect.line else ""
    return f"The feed cannot be read ({where}{defect.message})"


def _documents(root: _Element, data: bytes) -> Iterator[FeedEntry]:
    """The alerts of a CAP document, each as a document of its own."""
    if etree.QName(root).localname == "alert":
        yield _document(data, root)
        return
    for alert in enclosed(root) or root.iterchildren("{*}alert"):
        yield _document(_bytes_of(alert), alert)


def _bytes_of(alert: _Element) -> bytes:
    return etree.tostring(alert, encoding="UTF-8", with_tail=False)


def _document(data: bytes, alert: _Element) -> FeedEntry:
    title = one_line(alert.findtext("{*}identifier"))
    return FeedEntry(
        key=hashlib.sha256(data).hexdigest(), title=title[:200], document=data
    )


def _links(
    root: _Element, items: str, base: str, hosts: Collection[str]
) -> Iterator[FeedEntry]:
    for item in root.iter(items):
        embedded = () if _has_cap_link(item) else enclosed(item)
        if embedded:
            yield from (_document(_bytes_of(alert), alert) for alert in embedded)
            continue
        title = one_line(item.findtext("{*}title"))[:200]
        named = item.findtext("{*}guid") or item.findtext("{*}id") or ""
        dated = item.findtext("{*}updated") or item.findtext("{*}pubDate") or ""
        link = _link(item) or ""
        said = "\n".join((named.strip(), dated.strip(), link))
        key = hashlib.sha256(said.encode()).hexdigest()
        url, refusal = _allowed(link, base, hosts)
        yield FeedEntry(key=key, title=title, url=url, refusal=refusal)


def _link(item: _Element) -> str | None:
    """The link to CAP among an entry's links: by its type, by its ending, the first."""
    found: list[tuple[int, str]] = []
    for link in item.iterchildren("{*}link", "{*}enclosure"):
        target = link.get("href") or link.get("url") or link.text or ""
        is_other = link.get("rel", "alternate") not in {"alternate", "enclosure"}
        if not target.strip() or is_other:
            continue
        is_cap = link.get("type", "").partition(";")[0].strip().lower() == CAP_TYPE
        is_xml = _path(target).lower().endswith(_XML_ENDINGS)
        found.append((0 if is_cap else 1 if is_xml else 2, target.strip()))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _has_cap_link(item: _Element) -> bool:
    """Whether an entry names the document itself: the bytes that were signed."""
    kinds = (link.get("type", "") for link in item.iterchildren("{*}link"))
    return any(kind.partition(";")[0].strip().lower() == CAP_TYPE for kind in kinds)


def _path(url: str) -> str:
    """The path of a URL; empty if it cannot be read."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _allowed(
    link: str, base: str, hosts: Collection[str]
) -> tuple[str | None, str | None]:
    """The URL that may be asked for, or why none may."""
    if not link:
        return None, "The entry has no link to an alert."
    try:
        target = urlsplit(urljoin(base, link))
        host, port = (target.hostname or "").lower(), target.port
    except ValueError:
        return None, "The entry's link is no URL."
    if target.scheme not in {"http", "https"} or target.username:
        return None, "The entry's link is no plain http or https URL."
    if host not in hosts:
        return None, (
            f"The entry's alert lies on {host[:100]}, which is not configured; add it "
            "to hosts of the feed if it belongs there."
        )
    # A feed that came safely does not send us to fetch its alerts in the open.
    is_safe = urlsplit(base).scheme == "https" and port is None
    scheme = "https" if is_safe else target.scheme
    return urlunsplit((scheme, target.netloc, target.path, target.query, "")), None
