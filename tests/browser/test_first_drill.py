"""Somebody new, reading nothing, warns correctly: few clicks, or no mouse at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo, Sit, keep

pytestmark = [
    pytest.mark.browser,
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.xdist_group("browser"),
    pytest.mark.timeout(240),
]

MAX_CLICKS = 12
MAX_S = 120
#: The keystroke-level model: think, point and press; a key of an average typist.
CLICK_S, KEY_S = 1.35 + 1.1 + 0.2, 0.28
#: Six digits into a field, and on: the demo asks for none, a service does.
DIGITS_CLICKS, DIGITS = 2, 6
PLACE = "Phnom Penh and along the river"
WORDS = {
    "area_desc": PLACE,
    "headline-en": "Flood water is rising fast",
    "instruction-en": "Go to high ground now. Do not walk through water.",
}


@dataclass
class Hand:
    """A person at a page: counts what they do."""

    page: Page
    clicks: int = 0
    keys: int = 0

    def click(self, selector: str) -> None:
        """One press of the button."""
        self.clicks += 1
        self.page.click(selector)

    def type(self, selector: str, text: str) -> None:
        """Click into a field, then type."""
        self.click(selector)
        self.keys += len(text)
        self.page.keyboard.type(text)

    @property
    def seconds(self) -> float:
        """How long a person takes for this."""
        return self.clicks * CLICK_S + self.keys * KEY_S


def expect_a_right_drill(page: Page) -> None:
    """A drill about the right place in the right words, before a second person."""
    page.wait_for_url(re.compile(r"/alerts/[0-9a-f]+$"))
    expect(page.locator(".sheet .drill")).to_be_visible()
    expect(page.locator(".sheet")).to_contain_text(WORDS["headline-en"])
    expect(page.locator(".sheet")).to_contain_text("nobody approves their own")


def test_a_new_user_issues_a_right_drill(sit_mapless: Sit, demo: Demo) -> None:
    """At most 12 clicks and two minutes from the door to the second person's desk."""
    page = sit_mapless()
    page.goto("/")
    hand = Hand(page, clicks=DIGITS_CLICKS, keys=DIGITS)
    hand.type("#name", "anna")
    hand.type("#password", demo.password)
    hand.click("button.primary")
    hand.click("text=New warning")
    page.wait_for_selector("#pick[data-ready]")
    hand.click("#pick option:has-text('Phnom Penh')")
    expect(page.locator("#count span")).to_have_text("people inside")
    for field, text in WORDS.items():
        hand.type(f"#{field}", text)
    hand.click("#send")

    expect_a_right_drill(page)
    keep(page, "first-drill")
    assert hand.clicks <= MAX_CLICKS
    assert hand.seconds <= MAX_S


def tab_until(page: Page, what: str, is_there: Callable[[Page], bool]) -> None:
    """Press Tab until the focus is where it should be."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if is_there(page):
            return
    pytest.fail(f"Tab never comes to {what}")


def tab_to(page: Page, wanted: str) -> None:
    """To the element of this id."""
    tab_until(page, wanted, lambda at: focus(at, "id") == wanted)


def focus(page: Page, fact: str) -> str:
    """What is known of where the focus is."""
    return str(page.evaluate(f"document.activeElement.{fact}"))


def test_the_keyboard_is_enough(sit_mapless: Sit, demo: Demo) -> None:
    """The same without a mouse, and a second person's approval too."""
    page = sit_mapless()
    page.goto("/sign-in")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("anna")
    tab_to(page, "password")
    page.keyboard.type(demo.password)
    page.keyboard.press("Enter")
    page.wait_for_selector(".strip")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"

    page.keyboard.press("n")
    page.wait_for_selector("#pick[data-ready]")
    tab_to(page, "pick")
    # Far from the other drill: whom a live alert has told is not told twice.
    page.keyboard.type("Batt")
    expect(page.locator("#count span")).not_to_have_text(re.compile("^Draw"))
    for field, text in WORDS.items():
        tab_to(page, field)
        page.keyboard.type(text)
    tab_to(page, "send")
    page.keyboard.press("Enter")

    expect_a_right_drill(page)
    boran = sit_mapless("boran")
    boran.keyboard.press("g")
    boran.keyboard.press("a")
    boran.wait_for_url(re.compile(r"/alerts/$"))
    tab_until(boran, "the alert", lambda at: focus(at, "href") == page.url)
    boran.keyboard.press("Enter")
    boran.wait_for_selector(".sheet")
    tab_until(boran, "Send", lambda at: focus(at, "innerText").startswith("Send to"))
    boran.keyboard.press("Enter")

    expect(boran.locator("#pause")).to_be_visible()
    keep(boran, "approved-without-a-mouse")


def test_every_key_does_what_the_list_says(sit_mapless: Sit) -> None:
    """``?`` shows them, Escape backs out, ``g`` and a letter goes there."""
    page = sit_mapless("anna")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    keep(page, "keys")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()

    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url(re.compile(r"/alerts/$"))
    page.locator("tbody a").first.click()
    page.wait_for_url(re.compile(r"/alerts/[0-9a-f]+$"))
    page.wait_for_selector("#show-keys:not([hidden])", state="attached")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/alerts/$"))
