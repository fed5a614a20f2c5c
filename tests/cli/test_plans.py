"""``tocsin plan``: plans in files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, assert_refused

pytestmark = pytest.mark.usefixtures("database")

SQUARE = [[[104, 11], [105, 11], [105, 12], [104, 12], [104, 11]]]


def a_plan(**changes: object) -> dict[str, Any]:
    return {
        "name": "kandal-flood",
        "title": "Kandal, the river",
        "lasts_s": 21_600,
        "status": "Actual",
        "categories": ["Met"],
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Observed",
        "area": {"type": "Polygon", "coordinates": SQUARE},
        "area_desc": "Kandal",
        "texts": {
            "en": {
                "event": "Flood",
                "headline": "Flood on the Mekong",
                "description": "The river rises.",
                "instruction": "Go to high ground.",
            }
        },
    } | changes


def write(folder: Path, plan: object) -> str:
    file = folder / "plan.json"
    file.write_text(plan if isinstance(plan, str) else json.dumps(plan), "utf-8")
    return str(file)


def test_a_plan_is_kept_shown_drafted_removed(tocsin: Run, tmp_path: Path) -> None:
    """What is shown can be read in again."""
    assert "is kept" in tocsin("plan", "add", write(tmp_path, a_plan())).out
    shown = tocsin("plan", "show", "kandal-flood").out
    assert "is replaced" in tocsin("plan", "add", write(tmp_path, shown)).out
    assert tocsin("plan", "list").out == "kandal-flood  Kandal, the river\n"
    assert json.loads(tocsin("plan", "draft", "kandal-flood", "--json").out)["alert"]
    assert tocsin("plan", "remove", "kandal-flood").status == 0
    assert tocsin("plan", "list").out == "No plans.\n"


@pytest.mark.parametrize(
    "plan",
    [
        "no json",
        "[" * 100_000,
        [],
        a_plan(name="Kandal Flood"),
        a_plan(lasts_s="long"),
        a_plan(lasts_s=1e300),
        a_plan(lasts_s=True),
        a_plan(severity="Very bad"),
        a_plan(categories="Met"),
        a_plan(categories=[]),
        a_plan(texts={}),
        a_plan(texts={"en": {"event": "Flood"}}),
        a_plan(texts={"en": "Flood"}),
        a_plan(area={"type": "Point", "coordinates": [1, 2]}),
        a_plan(area=None),
    ],
)
def test_what_is_no_plan_is_refused(tocsin: Run, tmp_path: Path, plan: object) -> None:
    """In a sentence; nothing is kept."""
    assert_refused(tocsin("plan", "add", write(tmp_path, plan)))
    assert tocsin("plan", "list").out == "No plans.\n"
