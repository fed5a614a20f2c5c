"""What a rule is: a code, a severity, the element it looks at, and how it finds.

The rules themselves stand by kind in ``cap_rules_alert``, ``cap_rules_references``,
``cap_rules_info``, ``cap_rules_area`` and ``cap_rules_resource``; ``cap_rules`` is the
table of them all.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from warning.cap import CapStatus, MsgType, Scope, Urgency
from warning.cap_documents.date_times import read_time
from warning.cap_documents.defects import Defect, DefectSeverity
from warning.cap_documents.node import Node
from warning.cap_documents.shapes import ShapeReader
from warning.cap_documents.target import GeocodeLookup

BLOCKS = DefectSeverity.BLOCKS
WARNS = DefectSeverity.WARNS

#: The words of CAP that rules go by; ``actual`` is read as ``Actual``.
_WORDS = {
    word.value.casefold(): word.value
    for words in (CapStatus, MsgType, Scope, Urgency)
    for word in words
}
#: Findings of one rule in one alert after which enough is said.
MAX_FINDINGS = 200


class Context:
    """What a rule may look at besides its own element.

    Parameters
    ----------
    alert : Node
        The alert.
    lookup : callable, optional
        The table of geocodes.
    """

    def __init__(
        self,
        alert: Node,
        *,
        lookup: GeocodeLookup | None = None,
    ) -> None:
        self.alert = alert
        self.lookup = lookup
        self._by_name: dict[str, list[Node]] = defaultdict(list)
        for node in alert.walk():
            self._by_name[node.name].append(node)
        self.shapes = ShapeReader(
            (node.text for node in self.all("polygon")),
            (node.text for node in self.all("circle")),
        )

    def all(self, name: str) -> Sequence[Node]:
        """Every element of that name in the alert, in document order."""
        return self._by_name.get(name, ())

    @property
    def msg_type(self) -> str:
        """The alert's ``msgType``, in CAP's letters."""
        return word_of(self.alert, "msgType")

    @property
    def speaks_to_people(self) -> bool:
        """Whether the message itself carries a warning (Alert or Update)."""
        return self.msg_type in {"Alert", "Update"}


#: What a rule found: the element, and what to say about it.
Finding = tuple[Node, str]
Finder = Callable[[Node, Context], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of CAP that no schema enforces."""

    code: str
    severity: DefectSeverity
    #: Name of the element it is applied to, each of them.
    element: str
    #: The rule in one sentence, for people.
    says: str
    find: Finder

    def apply(self, context: Context) -> Iterator[Defect]:
        """Return a defect for each finding in the alert, up to `MAX_FINDINGS`."""
        return islice(self._apply(context), MAX_FINDINGS)

    def _apply(self, context: Context) -> Iterator[Defect]:
        for node in context.all(self.element):
            for found, message in self.find(node, context):
                yield Defect(self.code, self.severity, found.name, found.line, message)


def word_of(node: Node, name: str) -> str:
    """Return a child's word in CAP's letters, as the reader takes it; else its text."""
    text = node.text_of(name)
    return _WORDS.get(text.casefold(), text)


def time_of(node: Node, name: str) -> datetime | None:
    """Return the instant of a child element; None if it has none or is unreadable."""
    return read_time(node.text_of(name)).at


def missing(name: str, why: str) -> Finder:
    """Return a finder for elements that lack the child, or have it empty."""

    def find(node: Node, _: Context) -> Iterator[Finding]:
        if not node.texts_of(name):
            yield node, f"<{node.name}> has no <{name}>. {why}"

    return find
