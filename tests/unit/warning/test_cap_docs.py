"""The page about CAP tells every rule, as it is."""

from pathlib import Path

from warning.cap_documents.date_times import TimeFault
from warning.cap_documents.rules import RULES
from warning.cap_documents.target import Targeting

PAGE = Path("docs/cap.md").read_text(encoding="utf-8")


def test_every_rule_stands_in_the_page_as_it_is() -> None:
    """Code, element, severity and sentence: a changed rule changes the page."""
    rows = (
        f"| `{rule.code}` | {rule.element} | {rule.severity.value} | {rule.says} |"
        for rule in RULES
    )
    assert [row for row in rows if row not in PAGE] == []


def test_every_state_and_fault_stands_in_the_page() -> None:
    """Whoever meets a word in a verdict can look it up."""
    words = [state.value for state in Targeting] + [fault.value for fault in TimeFault]
    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_no_rule_of_the_page_is_gone() -> None:
    """A rule that is no more is not told any more."""
    part = PAGE.partition("## The rules no schema knows")[2].partition("## ")[0]
    told = {line.split("`")[1] for line in part.splitlines() if line.startswith("| `")}
    assert told == {rule.code for rule in RULES}
