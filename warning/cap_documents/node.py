"""A CAP element as the reader and the rules see it: name, text, line, children.

Namespaces are settled here once: only elements of the alert's own namespace are kept,
whatever prefix they came with. Depth is bounded by the table below, so no document can
make this recurse for long.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element

from warning.cap_documents.tree import line_of

# Which elements hold elements, and which of those hold elements in turn.
_CONTAINERS: dict[str, frozenset[str]] = {
    "alert": frozenset({"info"}),
    "info": frozenset({"area", "resource", "eventCode", "parameter"}),
    "area": frozenset({"geocode"}),
    "resource": frozenset(),
    "eventCode": frozenset(),
    "parameter": frozenset(),
    "geocode": frozenset(),
}
# Their white space means nothing; one blank each makes equal shapes equal texts.
_SHAPES = frozenset({"polygon", "circle"})


@dataclass(frozen=True, slots=True)
class Node:
    """One element of an alert."""

    #: CAP name without prefix.
    name: str
    #: Stripped; of mixed content, all the text there is.
    text: str
    #: Line of the start tag; None for a document made by us.
    line: int | None
    children: tuple["Node", ...] = ()

    def first(self, name: str) -> "Node | None":
        """Return the first child of that name, or None."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator["Node"]:
        """Return the children of that name in document order."""
        return (child for child in self.children if child.name == name)

    def text_of(self, name: str) -> str:
        """Return the text of the first child of that name; empty if there is none."""
        child = self.first(name)
        return child.text if child is not None else ""

    def texts_of(self, name: str) -> tuple[str, ...]:
        """Return the texts of all children of that name that are not empty."""
        return tuple(child.text for child in self.all(name) if child.text)

    def walk(self) -> Iterator["Node"]:
        """Return this node and all its descendants in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


def node_of(alert: _Element) -> Node:
    """Return the alert element as a tree of nodes of its own namespace."""
    namespace = etree.QName(alert).namespace
    prefix = f"{{{namespace}}}" if namespace else ""
    return _container(alert, "alert", prefix)


def _container(element: _Element, name: str, prefix: str) -> Node:
    children = []
    for child in element.iterchildren(f"{prefix}*" if prefix else "{}*"):
        child_name = str(child.tag)[len(prefix) :]
        if child_name in _CONTAINERS[name]:
            children.append(_container(child, child_name, prefix))
        else:
            children.append(Node(child_name, _text(child, child_name), line_of(child)))
    # CAP 1.0 has its pairs as one text: an element without elements keeps it.
    text = "" if children else (element.text or "").strip()
    return Node(name, text, line_of(element), tuple(children))


def _text(element: _Element, name: str) -> str:
    if name in _SHAPES:
        return " ".join((element.text or "").split())
    if not len(element):
        return (element.text or "").strip()
    # Text with elements inside (<description>A<br/>B</description>) is still a text.
    parts = (str(part).strip() for part in element.itertext())
    return " ".join(part for part in parts if part)
