"""The picture of a script."""

from __future__ import annotations

from itertools import combinations

import pytest
from lxml import etree

from ivr_scripts.catalogue import load_catalogue
from ivr_scripts.graph import BOX_HEIGHT, BOX_WIDTH, draw, edges
from ivr_scripts.loader import read_script

CATALOGUE = load_catalogue()
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("language", CATALOGUE.languages)
@pytest.mark.parametrize("name", sorted(CATALOGUE.scripts))
def test_the_picture_shows_every_step_and_every_way(name: str, language: str) -> None:
    """One box a step, one arrow a way, no two boxes on one another."""
    script = CATALOGUE.script(name)

    root = etree.fromstring(draw(script, CATALOGUE, language).encode())

    boxes = list(root.iter(f"{SVG}rect"))
    corners = [(float(box.get("x", "")), float(box.get("y", ""))) for box in boxes]
    assert len(corners) == len(script.steps)
    for (x1, y1), (x2, y2) in combinations(corners, 2):
        assert abs(x1 - x2) >= BOX_WIDTH or abs(y1 - y2) >= BOX_HEIGHT
    arrows = [path for path in root.iter(f"{SVG}path") if path.get("marker-end")]
    assert len(arrows) == len(list(edges(script)))


def test_boxes_lie_within_the_picture() -> None:
    """Nothing is cut off."""
    root = etree.fromstring(draw(CATALOGUE.script("my_settings"), CATALOGUE).encode())

    width, height = float(root.get("width", "")), float(root.get("height", ""))
    for box in root.iter(f"{SVG}rect"):
        assert 0 <= float(box.get("x", "")) <= width - BOX_WIDTH
        assert 0 <= float(box.get("y", "")) <= height - BOX_HEIGHT


def test_keys_to_the_same_step_share_an_arrow() -> None:
    """And silence has its own, drawn in dashes."""
    script = CATALOGUE.script("report_incident")

    from_menu = [edge for edge in edges(script) if edge.source == "menu"]

    assert [(edge.target, edge.label, edge.is_silent) for edge in from_menu] == [
        ("hurt", "1 2 3 4 5 6", False),
        ("unanswered", "silence", True),
    ]


def test_words_cannot_break_out_of_the_picture() -> None:
    """Texts are data, also when they look like markup."""
    script = read_script(
        """
        start = "end"
        on_limit = "limit"
        [steps.end]
        kind = "end"
        say = ["<script>alert(1)</script>"]
        [steps.limit]
        kind = "end"
        """,
        "sample",
    )

    text = draw(script, CATALOGUE)

    assert "<script" not in text
    assert len(list(etree.fromstring(text.encode()).iter(f"{SVG}rect"))) == 2


def test_the_picture_needs_no_inline_style() -> None:
    """The console forbids it."""
    text = draw(CATALOGUE.script("warning"), CATALOGUE)

    assert "style" not in text
