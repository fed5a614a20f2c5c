"""What the standard asks and feeds do: one row a rule, and all that comes of it."""

from __future__ import annotations

from typing import Any

import pytest
from shapely import Polygon, box

from tests.unit.warning.cap_samples import PROPER
from tests.unit.warning.section_two import MESSAGES, Row
from tests.unit.warning.section_two_areas import AREAS
from tests.unit.warning.section_two_infos import INFOS
from tests.unit.warning.section_two_pitfalls import PITFALLS, VERSIONS
from warning.cap_documents.cap_check import check, check_all

ROWS = (*MESSAGES, *INFOS, *AREAS, *VERSIONS, *PITFALLS)
_KNOWN = box(104, 11, 105, 12)


def known(_: str, value: str) -> Polygon | None:
    """Stand for a table of codes that knows a single one."""
    return _KNOWN if value == "KNOWN" else None


def at(path: str, verdict: Any) -> Any:
    """Follow a path of keys and numbers into a verdict."""
    for step in path.split("."):
        verdict = verdict[int(step)] if isinstance(verdict, list) else verdict[step]
    return verdict


@pytest.mark.parametrize("row", ROWS, ids=[row.rule for row in ROWS])
def test_a_rule_is_kept(row: Row) -> None:
    """Every code that is found, whether it may be used, its aim, and what was read."""
    verdict = check(row.document, filename="a.xml", lookup=known)
    told = verdict.as_dict()
    found = {one.code for one in verdict.defects}
    assert found == row.codes, sorted(map(str, verdict.defects))
    assert (told["usable"], told["targeting"]) == (row.usable, row.targeting)
    assert {path: at(path, told) for path in row.reads} == row.reads
    assert all(one.line and one.message.endswith(".") for one in verdict.defects)


def test_each_rule_is_told_once() -> None:
    """Two rows of one name would hide each other in a report."""
    names = [row.rule for row in ROWS]
    assert len(set(names)) == len(names)


def test_several_alerts_under_one_root_are_taken_apart() -> None:
    """An aggregator's ``alerts`` becomes one verdict each."""
    body = PROPER.partition("?>\n")[2]
    verdicts = check_all(f"<alerts>{body}{body}</alerts>".encode(), filename="a.xml")
    assert [one.file for one in verdicts] == ["a.xml#1", "a.xml#2"]
    assert all(one.usable for one in verdicts)
