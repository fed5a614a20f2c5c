"""Rules about an info: its texts, its times, its words."""

import re
from collections.abc import Iterator
from itertools import combinations
from urllib.parse import urlsplit

from warning.cap_documents.node import Node
from warning.cap_documents.rule import (
    BLOCKS,
    WARNS,
    Context,
    Finding,
    Rule,
    missing,
    time_of,
    word_of,
)

#: Google's profile says 140, CAP Composer enforces 160; above it no SMS part holds it.
MAX_HEADLINE = 160

_MARKUP = re.compile(
    r"</?[A-Za-z][^<>]*>|&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,5});"
)
_TEXTS = ("event", "senderName", "headline", "description", "instruction", "contact")


def _expires_before_sent(info: Node, context: Context) -> Iterator[Finding]:
    expires, sent = time_of(info, "expires"), time_of(context.alert, "sent")
    if not context.speaks_to_people or expires is None or sent is None:
        return
    if expires <= sent:
        message = "<expires> is not after <sent>: the alert was over before it began."
        yield info.first("expires") or info, f"{message} Ask the sender."


def _expires_before_effective(info: Node, _: Context) -> Iterator[Finding]:
    yield from _expires_before(info, "effective")


def _expires_before_onset(info: Node, _: Context) -> Iterator[Finding]:
    yield from _expires_before(info, "onset")


def _expires_before(info: Node, name: str) -> Iterator[Finding]:
    expires, other = time_of(info, "expires"), time_of(info, name)
    if expires is not None and other is not None and expires <= other:
        yield info.first("expires") or info, f"<expires> is not after <{name}>."


def _unknown_word(info: Node, _: Context) -> Iterator[Finding]:
    for name in ("urgency", "severity", "certainty"):
        node = info.first(name)
        if node is not None and word_of(info, name) == "Unknown":
            message = f"<{name}> is Unknown; rules that go by it cannot decide."
            yield node, message


def _headline_long(info: Node, _: Context) -> Iterator[Finding]:
    node = info.first("headline")
    if node is not None and len(node.text) > MAX_HEADLINE:
        message = f"<headline> has {len(node.text)} characters; at most {MAX_HEADLINE}"
        yield node, f"{message} make a headline."


def _same_texts(info: Node, _: Context) -> Iterator[Finding]:
    for one, other in combinations(("headline", "description", "instruction"), 2):
        node = info.first(other)
        if node is not None and node.text and node.text == info.text_of(one):
            yield node, f"<{other}> repeats <{one}> word for word."


def _markup(info: Node, _: Context) -> Iterator[Finding]:
    for name in _TEXTS:
        for node in info.all(name):
            found = _MARKUP.search(node.text)
            if found is not None:
                message = (
                    f"<{name}> holds markup ({found[0][:20]!r}); CAP is plain text."
                )
                yield node, f"{message} People will see or hear it as it stands."


def _web_not_absolute(info: Node, _: Context) -> Iterator[Finding]:
    node = info.first("web")
    if node is not None and node.text and not is_absolute(node.text):
        yield node, "<web> is not a complete address (https://…); nobody can open it."


def is_absolute(address: str) -> bool:
    """Whether a web address has a scheme and something after it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path))


def _value_name_empty(info: Node, _: Context) -> Iterator[Finding]:
    for name in ("eventCode", "parameter"):
        yield from nameless(info, name)


def nameless(parent: Node, name: str) -> Iterator[Finding]:
    """Find pairs that have no name."""
    for pair in parent.all(name):
        has_name = pair.text_of("valueName") or "=" in pair.text
        if not has_name:
            yield pair, f"<{name}> has no <valueName>, so its value means nothing."


INFO_RULES = (
    Rule(
        "expires_before_sent",
        BLOCKS,
        "info",
        "An Alert or Update expires after it was sent.",
        _expires_before_sent,
    ),
    Rule(
        "expires_before_effective",
        WARNS,
        "info",
        "expires is after effective.",
        _expires_before_effective,
    ),
    Rule(
        "expires_before_onset",
        WARNS,
        "info",
        "expires is after onset.",
        _expires_before_onset,
    ),
    Rule(
        "expires_missing",
        WARNS,
        "info",
        "An info says when it expires.",
        missing("expires", "How long it holds is for us to decide."),
    ),
    Rule(
        "unknown_word",
        WARNS,
        "info",
        "urgency, severity and certainty are not Unknown.",
        _unknown_word,
    ),
    Rule(
        "headline_missing",
        WARNS,
        "info",
        "An info has a headline.",
        missing("headline", "The shortest text people can be told is missing."),
    ),
    Rule(
        "headline_long",
        WARNS,
        "info",
        f"headline has at most {MAX_HEADLINE} characters.",
        _headline_long,
    ),
    Rule(
        "description_missing",
        WARNS,
        "info",
        "An info has a description.",
        missing("description", "Nothing says what is happening."),
    ),
    Rule(
        "instruction_missing",
        WARNS,
        "info",
        "An info has an instruction.",
        missing("instruction", "Nobody is told what to do; add it before sending."),
    ),
    Rule(
        "same_texts",
        WARNS,
        "info",
        "headline, description and instruction differ.",
        _same_texts,
    ),
    Rule(
        "sender_name_missing",
        WARNS,
        "info",
        "An info has a senderName.",
        missing("senderName", "People are not told who warns them."),
    ),
    Rule(
        "response_type_missing",
        WARNS,
        "info",
        "An info has a responseType.",
        missing("responseType", "Programs cannot tell what to do."),
    ),
    Rule(
        "web_missing",
        WARNS,
        "info",
        "An info has a web address for more.",
        missing("web", "There is nowhere to read more."),
    ),
    Rule(
        "contact_missing",
        WARNS,
        "info",
        "An info has a contact.",
        missing("contact", "Nobody is named to ask."),
    ),
    Rule(
        "web_not_absolute",
        WARNS,
        "info",
        "web is an absolute address.",
        _web_not_absolute,
    ),
    Rule("markup", WARNS, "info", "Texts hold no HTML and no entities.", _markup),
    Rule(
        "value_name_missing",
        WARNS,
        "info",
        "A parameter or eventCode has a name.",
        _value_name_empty,
    ),
)
