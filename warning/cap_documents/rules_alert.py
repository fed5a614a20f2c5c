"""Rules about the alert as a whole: identity, kind, scope, agreement of its infos."""

import re
from collections.abc import Iterator

from warning.cap_documents.node import Node
from warning.cap_documents.rule import (
    BLOCKS,
    WARNS,
    Context,
    Finder,
    Finding,
    Rule,
    word_of,
)

_FORBIDDEN = re.compile(r"[\s,<&]")


def _forbidden_characters(name: str) -> Finder:
    def find(alert: Node, _: Context) -> Iterator[Finding]:
        node = alert.first(name)
        found = _FORBIDDEN.search(node.text) if node is not None else None
        if node is not None and found is not None:
            message = f"<{name}> holds {found[0]!r}; blanks, commas, < and & are not"
            yield node, f"{message} allowed there, because references would break."

    return find


def _not_for_public(alert: Node, _: Context) -> Iterator[Finding]:
    for name, wanted in (
        ("status", {"Actual"}),
        ("msgType", {"Alert", "Update", "Cancel"}),
        ("scope", {"Public"}),
    ):
        node = alert.first(name)
        if node is not None and node.text and word_of(alert, name) not in wanted:
            yield (
                node,
                f"<{name}> is {node.text[:40]!r}: this never goes to the public.",
            )


def _exercise_unnamed(alert: Node, _: Context) -> Iterator[Finding]:
    if word_of(alert, "status") == "Exercise" and not alert.text_of("note"):
        yield alert, "An Exercise should say in <note> which exercise it is."


def _error_unexplained(alert: Node, context: Context) -> Iterator[Finding]:
    if context.msg_type == "Error" and not alert.text_of("note"):
        yield alert, "An Error message should explain in <note> what was refused."


def _restriction_missing(alert: Node, _: Context) -> Iterator[Finding]:
    if word_of(alert, "scope") == "Restricted" and not alert.text_of("restriction"):
        yield alert, "Scope Restricted should say in <restriction> to whom."


def _restriction_without_scope(alert: Node, _: Context) -> Iterator[Finding]:
    node = alert.first("restriction")
    if node is not None and node.text and word_of(alert, "scope") != "Restricted":
        yield node, "<restriction> is only for scope Restricted; it is not applied."


def _addresses_missing(alert: Node, _: Context) -> Iterator[Finding]:
    if word_of(alert, "scope") == "Private" and not alert.text_of("addresses"):
        message = "Scope Private needs <addresses>, and there are none. Ask the sender."
        yield alert, message


def _password(alert: Node, _: Context) -> Iterator[Finding]:
    for node in alert.all("password"):
        yield node, "<password> of CAP 1.0 is not used any more; it is not read."


def _info_missing(alert: Node, context: Context) -> Iterator[Finding]:
    if context.speaks_to_people and alert.first("info") is None:
        yield alert, "The alert has no <info>: there is nothing to tell anybody."


def _cancel_without_text(alert: Node, context: Context) -> Iterator[Finding]:
    if context.msg_type == "Cancel" and alert.first("info") is None:
        yield alert, "The Cancel has no <info>; the text of the all-clear is ours."


def _repeated_in_two_languages(alert: Node, _: Context) -> Iterator[Finding]:
    seen: dict[tuple[str, str], str] = {}
    for info in alert.all("info"):
        language = (info.text_of("language") or "en-US").casefold()
        for name in ("headline", "description", "instruction"):
            text = info.text_of(name)
            other = seen.setdefault((name, text), language) if text else language
            if other != language:
                node = info.first(name) or info
                message = f"<{name}> is the same in {other!r} and {language!r}."
                yield node, f"{message} One of them is probably not translated."


def _categories_differ(alert: Node, _: Context) -> Iterator[Finding]:
    yield from _differ(alert, "category")


def _event_codes_differ(alert: Node, _: Context) -> Iterator[Finding]:
    yield from _differ(alert, "eventCode")


def _differ(alert: Node, name: str) -> Iterator[Finding]:
    infos = list(alert.all("info"))
    for info in infos[1:]:
        if _said(info, name) != _said(infos[0], name):
            yield info, f"This <info> has another <{name}> than the first one."


def _said(info: Node, name: str) -> frozenset[tuple[str, ...]]:
    return frozenset(
        tuple(node.text for node in child.walk()) for child in info.all(name)
    )


def _area_missing(alert: Node, context: Context) -> Iterator[Finding]:
    if context.speaks_to_people and not context.all("area"):
        yield alert, "The alert names no area. An operator must draw one."


ALERT_RULES = (
    Rule(
        "identifier_characters",
        WARNS,
        "alert",
        "identifier holds no blank, comma, < or &.",
        _forbidden_characters("identifier"),
    ),
    Rule(
        "sender_characters",
        WARNS,
        "alert",
        "sender holds no blank, comma, < or &.",
        _forbidden_characters("sender"),
    ),
    Rule(
        "not_for_public",
        WARNS,
        "alert",
        "Only Actual and Public Alerts, Updates and Cancels reach the public.",
        _not_for_public,
    ),
    Rule(
        "exercise_unnamed",
        WARNS,
        "alert",
        "An Exercise names itself in note.",
        _exercise_unnamed,
    ),
    Rule(
        "error_unexplained",
        WARNS,
        "alert",
        "An Error explains itself in note.",
        _error_unexplained,
    ),
    Rule(
        "restriction_missing",
        WARNS,
        "alert",
        "Scope Restricted goes with restriction.",
        _restriction_missing,
    ),
    Rule(
        "restriction_without_scope",
        WARNS,
        "alert",
        "restriction goes with scope Restricted.",
        _restriction_without_scope,
    ),
    Rule(
        "addresses_missing",
        BLOCKS,
        "alert",
        "Scope Private needs addresses.",
        _addresses_missing,
    ),
    Rule("password", WARNS, "alert", "password (CAP 1.0) is not used.", _password),
    Rule(
        "info_missing",
        BLOCKS,
        "alert",
        "An Alert or Update has an info.",
        _info_missing,
    ),
    Rule(
        "cancel_without_text",
        WARNS,
        "alert",
        "A Cancel says in an info that it is over.",
        _cancel_without_text,
    ),
    Rule(
        "repeated_in_two_languages",
        WARNS,
        "alert",
        "Two languages do not have the same text.",
        _repeated_in_two_languages,
    ),
    Rule(
        "categories_differ",
        WARNS,
        "alert",
        "All infos have the same categories.",
        _categories_differ,
    ),
    Rule(
        "event_codes_differ",
        WARNS,
        "alert",
        "All infos have the same event codes.",
        _event_codes_differ,
    ),
    Rule(
        "area_missing",
        WARNS,
        "alert",
        "An Alert or Update has an area.",
        _area_missing,
    ),
)
