"""docs/api.md is what the routes and the table of problems say."""

from __future__ import annotations

from pathlib import Path

from web.api_doc import render

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def test_document_agrees() -> None:
    """The command named in it writes exactly this page."""
    assert PAGE.read_text(encoding="utf-8") == render()


def test_every_problem_type_is_in_it() -> None:
    """Every kind of problem that has a name of ours stands in the page."""
    page = PAGE.read_text(encoding="utf-8")

    for slug in ("four-eyes", "invalid-request", "not-kept", "stale-form", "internal"):
        assert f"| `{slug}` |" in page
