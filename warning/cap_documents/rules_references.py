"""Rules about references: which earlier messages an alert is about."""

from collections.abc import Iterator

from warning.cap_documents.date_times import read_time
from warning.cap_documents.node import Node
from warning.cap_documents.rule import BLOCKS, WARNS, Context, Finding, Rule, time_of

_REFERRING = frozenset({"Update", "Cancel", "Ack", "Error"})


def _references(alert: Node) -> Iterator[tuple[Node, str, str, str]]:
    """Return (element, sender, identifier, sent) of each readable reference."""
    node = alert.first("references")
    for word in node.text.split() if node is not None else ():
        sender, _, rest = word.partition(",")
        identifier, _, sent = rest.rpartition(",")
        if node is not None and sender and identifier and sent:
            yield node, sender, identifier, sent


def _is_itself(alert: Node, sender: str, identifier: str) -> bool:
    own = (alert.text_of("sender"), alert.text_of("identifier"))
    return (sender, identifier) == own


def _references_missing(alert: Node, context: Context) -> Iterator[Finding]:
    named = (
        identifier
        for _, sender, identifier, _ in _references(alert)
        if not _is_itself(alert, sender, identifier)
    )
    if context.msg_type in _REFERRING and next(named, None) is None:
        message = f"{context.msg_type} must say in <references> which messages it is"
        node = alert.first("references") or alert
        yield node, f"{message} about, and none is named. Ask the sender."


def _reference_self(alert: Node, _: Context) -> Iterator[Finding]:
    for node, sender, identifier, __ in _references(alert):
        if _is_itself(alert, sender, identifier):
            yield node, "The alert refers to itself; that reference is passed over."


def _reference_own_sent(alert: Node, _: Context) -> Iterator[Finding]:
    for node, sender, identifier, sent in _references(alert):
        if _is_itself(alert, sender, identifier):
            continue
        if read_time(sent).at == time_of(alert, "sent") is not None:
            message = f"The reference to {identifier[:60]!r} bears this alert's own"
            yield node, f"{message} time; it is matched by sender and identifier."


def _reference_later(alert: Node, _: Context) -> Iterator[Finding]:
    own = time_of(alert, "sent")
    for node, __, identifier, sent in _references(alert):
        told = read_time(sent).at
        if own is not None and told is not None and told > own:
            message = f"The reference to {identifier[:60]!r} is dated after this alert."
            yield node, message


REFERENCE_RULES = (
    Rule(
        "references_missing",
        BLOCKS,
        "alert",
        "Update, Cancel, Ack and Error name another message in references.",
        _references_missing,
    ),
    Rule(
        "reference_self",
        WARNS,
        "alert",
        "An alert does not refer to itself.",
        _reference_self,
    ),
    Rule(
        "reference_own_sent",
        WARNS,
        "alert",
        "A reference bears the time of the message it names.",
        _reference_own_sent,
    ),
    Rule(
        "reference_later",
        WARNS,
        "alert",
        "A reference is older than the alert.",
        _reference_later,
    ),
)
