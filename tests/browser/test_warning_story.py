"""A warning from the pencil to the last phone, by two people at two desks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit, keep, wait_for_map

pytestmark = [
    pytest.mark.browser,
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.xdist_group("browser"),
    pytest.mark.timeout(240),
]

#: Corners on the map around Phnom Penh, as shares of its width and height.
CORNERS = ((0.45, 0.6), (0.62, 0.6), (0.62, 0.85), (0.45, 0.85))


def draw(page: Page) -> None:
    """Draw a polygon with the mouse and close it."""
    page.click('[data-draw="polygon"]')
    box = page.locator("#map canvas").bounding_box()
    assert box is not None
    spots = [
        (box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in CORNERS
    ]
    for x, y in spots:
        page.mouse.move(x, y, steps=4)
        page.mouse.click(x, y)
    page.mouse.click(*spots[-1])


def n_of(text: str) -> int:
    """The first number of a text."""
    found = re.search(r"\d[\d,]*", text)
    assert found is not None, text
    return int(found[0].replace(",", ""))


def test_the_situation_shows_the_map_and_the_flood(sit_down: Sit) -> None:
    """The demo's alert is on the map and its figures beside it, in both themes."""
    for theme in ("light", "dark"):
        page = sit_down("chea", color_scheme=theme)
        wait_for_map(page)

        expect(page.locator(".counters .confirmed dd").first).not_to_have_text("0")
        expect(page.locator("#frozen")).to_be_hidden()
        keep(page, f"situation-{theme}")


def test_a_warning_is_drawn_approved_and_confirmed(sit_down: Sit) -> None:
    """One draws and submits, another approves, phones confirm; nobody alone."""
    anna = sit_down("anna")
    anna.click("text=New warning")
    wait_for_map(anna)
    draw(anna)
    expect(anna.locator("#count span")).to_have_text("people inside")
    anna.check('input[name="drill"][value="0"]')
    anna.fill("#area_desc", "Phnom Penh and south of it")
    anna.fill("#headline-en", "Flood water is rising fast")
    anna.fill("#instruction-en", "Go to high ground now.")
    keep(anna, "new-warning")
    drawn = n_of(anna.locator("#count strong").inner_text())
    anna.click("#send")
    anna.wait_for_url(re.compile(r"/alerts/[0-9a-f]+$"))
    assert anna.get_by_text("nobody approves their own").is_visible()
    assert drawn > 0

    boran = sit_down("boran")
    boran.goto(anna.url)
    wait_for_map(boran)
    assert n_of(boran.locator(".big strong").inner_text()) <= drawn
    keep(boran, "approve")
    boran.fill("#confirmation", "flood")
    boran.click("text=/^Send to/")

    confirmed = boran.locator(".counters .confirmed dd")
    expect(confirmed).not_to_have_text("0", timeout=60_000)
    keep(boran, "live")
    boran.click("text=Stop this alert")
    boran.click("text=Cancel the alert now")
    expect(boran.locator("article.cancelled")).to_be_visible()


def test_without_scripts_everything_that_matters_is_there(sit_down: Sit) -> None:
    """The situation and the form work where no script runs."""
    page = sit_down("anna", java_script_enabled=False)

    assert page.locator(".counters").first.is_visible()
    page.click("text=New warning")
    assert page.locator("#send").is_visible()
