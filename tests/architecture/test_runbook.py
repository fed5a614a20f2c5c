"""The runbook knows every alarm that the program can raise, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from ops import health
from telephony.carriers import failures
from telephony.carriers.gateway import FailureClass
from telephony.sending import attempting
from tests.architecture.source_tree import ROOT, module_name, source_files, tree_of

LOUD = {"warning", "error", "exception", "critical"}
LOGGERS = {"log", "logger", "_LOG", "_log"}
#: ``tocsin doctor`` says the cure in the same breath, and raises no alarm.
DOCTOR = {"ops.cli.doctor", "ops.cli.source_checks"}
#: What stops or rests a carrier: ``telephony.sending.breaker``.
STOPPING = {FailureClass.CARRIER, FailureClass.SENDER, FailureClass.UNKNOWN}


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the product but the simulator, which no operator runs."""
    for path in source_files():
        name = module_name(path)
        if not name.startswith("simulator"):
            yield name, tree_of(path)


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call of a name, with its module."""
    for path, tree in trees():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == name
            ):
                yield path, node


def beginning(node: ast.expr) -> str:
    """What a text begins with, as far as the source tells."""
    if isinstance(node, ast.JoinedStr):
        node = node.values[0]
    if isinstance(node, ast.FormattedValue):
        node = node.value
    if isinstance(node, ast.Name):
        return str(getattr(health, node.id))
    assert isinstance(node, ast.Constant), ast.dump(node)
    return str(node.value)


def named(call: ast.Call) -> ast.expr:
    return next(one.value for one in call.keywords if one.arg == "name")


def checks() -> set[str]:
    """How the names of all checks begin."""
    return {
        beginning(named(call)).rstrip(":")
        for path, call in calls("Check")
        if path not in DOCTOR and not isinstance(named(call), ast.Name)
    } | {"sending", "clock", "worker", "callbacks", "carrier"}


def figures() -> set[str]:
    """The names of all metrics."""
    return {beginning(named(call)) for _, call in calls("Metric")}


def log_lines() -> set[str]:
    """How everything begins that is logged as out of order."""
    lines = set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in LOUD
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in LOGGERS
            ):
                assert isinstance(node.args[0], ast.Constant), ast.dump(node)
                line = str(node.args[0].value).partition("%")[0]
                lines.add(line.strip().rstrip(":"))
    return lines


def reasons() -> set[str]:
    """The sentences of everything that rests or stops a carrier."""
    signals = [
        *failures.CODES.values(),
        *failures._STATUSES.values(),
        *(one for one in vars(failures).values() if isinstance(one, failures.Signal)),
    ]
    # Not processed, and answered: that it is too fast is for pacing, and no alarm.
    sentences = {one.reason for one in signals if one.failure in STOPPING}
    # Said in a late report, which stops nothing.
    sentences.discard(failures.CODES["30410"].reason)
    return sentences | {failures._NOT_SENT.reason, attempting._BROKEN.reason}


@cache
def table(title: str) -> list[list[str]]:
    """What stands in backticks in the first column of a table of the runbook."""
    text = (ROOT / "docs/runbook.md").read_text("utf-8")
    section = text.split(f"\n### {title}", 1)[1].split("\n#", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return [re.findall(r"`([^`]+)`", row.split(" | ")[0]) for row in rows]


def quoted(title: str) -> set[str]:
    return {word for row in table(title) for word in row}


def test_every_check_and_no_other() -> None:
    """What ``/health/ready`` can name."""
    known = {one.partition(":")[0] for one in quoted("Checks") if " " not in one}
    assert known >= checks()
    assert known <= checks() | {"sms", "voice"}


def test_every_figure_and_no_other() -> None:
    """What ``/metrics`` draws."""
    assert quoted("Figures") - {"metrics"} == figures()


def test_every_line_of_the_log_and_no_other() -> None:
    """Whatever is logged as a warning or worse."""
    known = quoted("In the log") - {"failed", "has held … for 60 s"}
    assert known == log_lines()


@pytest.mark.parametrize("reason", sorted(reasons()))
def test_every_sentence_of_a_carrier(reason: str) -> None:
    """Why one rests or stops, as the operator reads it."""
    sentences = [one for one in quoted("Checks") if " " in one]
    assert [one for one in sentences if one in reason], reason


def test_no_sentence_that_no_carrier_has() -> None:
    """But that of a carrier without a sender, which is not asked."""
    said = {*reasons(), "The carrier has no sender for this channel; set"}
    for sentence in (one for one in quoted("Checks") if " " in one):
        assert any(sentence in one for one in said), sentence
