"""Pictures for docs/operator-guide.md; run by ``scripts/operator-guide``."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo, Sit, wait_for_map
from tests.browser.test_warning_story import draw
from tests.scenario.installation import ROOT

pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(600)]

IMAGES = ROOT / "docs" / "images"
#: Small enough for a repository, and letters stay letters.
_QUALITY = 72


def take(page: Page, name: str) -> None:
    """Keep one picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    # The map's last frame is drawn after what is asked for is on the page.
    page.wait_for_timeout(500)
    path = str(IMAGES / f"{name}.jpg")
    page.screenshot(path=path, type="jpeg", quality=_QUALITY)


def test_pictures_of_a_warning(sit_down: Sit, demo: Demo) -> None:
    """From the pencil to the report."""
    anna = sit_down()
    anna.goto("/sign-in")
    take(anna, "sign-in")
    anna.fill("#name", "anna")
    anna.fill("#password", demo.password)
    anna.click("button.primary")
    wait_for_map(anna)
    take(anna, "situation")
    anna.click("text=New warning")
    wait_for_map(anna)
    draw(anna)
    expect(anna.locator("#count span")).to_contain_text("people inside")
    anna.check('input[name="drill"][value="0"]')
    take(anna, "new-warning-where")
    anna.fill("#area_desc", "Phnom Penh and south of it")
    anna.fill("#headline-en", "Flood water is rising fast")
    anna.fill("#instruction-en", "Go to high ground now.")
    anna.locator("#instruction-en").scroll_into_view_if_needed()
    take(anna, "new-warning-words")
    anna.click("#send")
    anna.wait_for_url(re.compile(r"/alerts/[0-9a-f]+$"))

    boran = sit_down("boran")
    boran.goto(anna.url)
    wait_for_map(boran)
    take(boran, "approve")
    boran.fill("#confirmation", "flood")
    boran.click("text=/^Send to/")
    confirmed = boran.locator(".counters .confirmed dd").first
    expect(confirmed).not_to_have_text("0", timeout=120_000)
    wait_for_map(boran)
    take(boran, "live")
    stop = boran.get_by_text("Stop this alert")
    stop.click()
    boran.get_by_text("Cancel the alert now").scroll_into_view_if_needed()
    take(boran, "stop")
    boran.click("text=Report of this alert")
    take(boran, "report")


def test_pictures_of_the_rest(sit_mapless: Sit) -> None:
    """Keys, another language, and a machine that draws no map."""
    page = sit_mapless("dara")
    page.keyboard.press("?")
    take(page, "keys")
    arabic = sit_mapless("anna", locale="ar")
    take(arabic, "arabic")
    arabic.goto("/alerts/new")
    arabic.wait_for_selector("#pick[data-ready]")
    take(arabic, "no-map")
