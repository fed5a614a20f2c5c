"""A warning from the pencil to the last phone, by two people at two desks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import (
    STRICT_PASSWORD,
    Demo,
    Sit,
    desks,
    keep,
    wait_for_map,
)

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


@pytest.fixture
def sit_strictly(strict: Demo, chromium: Browser) -> Iterator[Sit]:
    """A desk at it."""
    yield from desks(chromium, strict)


def sign_in_with_digits(page: Page, name: str) -> None:
    """Name, password, the picture read by a telephone, its six digits."""
    page.goto("/sign-in")
    page.fill("#name", name)
    page.fill("#password", STRICT_PASSWORD)
    page.click("button.primary")
    page.fill("#code", pyotp.TOTP(page.locator("#secret").inner_text()).now())
    page.click("button.primary")
    page.click("a.primary")
    page.wait_for_selector(".strip")


def test_a_warning_from_the_pencil_to_the_report(sit_strictly: Sit) -> None:
    """One draws and submits, another approves, all are told, it is cancelled."""
    sita = sit_strictly()
    sign_in_with_digits(sita, "sita")
    sita.click("text=New warning")
    wait_for_map(sita)
    draw(sita)
    expect(sita.locator("#count span")).to_have_text("people inside")
    sita.check('input[name="drill"][value="0"]')
    sita.fill("#area_desc", "Phnom Penh and south of it")
    sita.fill("#headline-en", "Flood water is rising fast")
    sita.fill("#instruction-en", "Go to high ground now.")
    keep(sita, "new-warning")
    drawn = n_of(sita.locator("#count strong").inner_text())
    assert drawn > 0
    sita.click("#send")
    sita.wait_for_url(re.compile(r"/alerts/[0-9a-f]+$"))
    expect(sita.get_by_text("nobody approves their own")).to_be_visible()

    visal = sit_strictly()
    sign_in_with_digits(visal, "visal")
    visal.goto(sita.url)
    wait_for_map(visal)
    assert n_of(visal.locator(".big strong").inner_text()) <= drawn
    keep(visal, "approve")
    visal.fill("#confirmation", "flood")
    visal.click("text=/^Send to/")

    expect(visal.locator(".counters .confirmed dd")).not_to_have_text("0")
    keep(visal, "live")
    told = visal.locator("article.live")
    expect(told).to_contain_text("Everybody has a final or explained", timeout=120_000)
    expect(visal.locator("#curves .u-legend")).to_contain_text("Confirmed")
    visal.click("text=Stop this alert")
    visal.click("text=Cancel the alert now")
    expect(visal.locator("article.cancelled")).to_be_visible()
    assert visal.request.get(f"{visal.url}/report.pdf").body()[:5] == b"%PDF-"
    visal.click("text=Report of this alert")
    expect(visal.locator(".report")).to_contain_text("alert.cancel")
    expect(visal.locator(".report")).to_contain_text("visal")
    keep(visal, "report")


def test_without_scripts_everything_that_matters_is_there(sit_down: Sit) -> None:
    """The situation and the form work where no script runs."""
    page = sit_down("anna", java_script_enabled=False)

    assert page.locator(".counters").first.is_visible()
    page.click("text=New warning")
    assert page.locator("#send").is_visible()
