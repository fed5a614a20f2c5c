"""When something is wrong: a session over, a server gone, no map, nobody there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.conftest import PHONE, Demo, Sit, desks, keep
from tests.scenario.installation import Installation

pytestmark = [
    pytest.mark.browser,
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.xdist_group("browser"),
    pytest.mark.timeout(240),
]

PASSWORD = "quiet river at night"


@pytest.fixture
def place(tmp_path: Path) -> Installation:
    """A small installation with one operator, who has no second factor yet."""
    made = Installation(tmp_path, second_factor="required")
    assert made.run("db", "upgrade").returncode == 0
    added = ("operator", "add", "anna", "--role", "operator", "--password-stdin")
    done = made.run(*added, typed=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    return made


def enrol(page: Page) -> pyotp.TOTP:
    """Sign in for the first time; return what the telephone now holds."""
    page.goto("/sign-in")
    page.fill("#name", "anna")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    phone = pyotp.TOTP(page.locator("#secret").inner_text())
    page.fill("#code", phone.now())
    page.click("button.primary")
    return phone


@pytest.fixture
def sit_here(place: Installation, mapless: Browser) -> Iterator[Sit]:
    """A desk at the small installation."""
    address = f"http://127.0.0.1:{place.settings.port}"
    demo = Demo(url=address, password=PASSWORD)
    # These servers go away while somebody looks at them.
    yield from desks(mapless, demo, forgiven="Failed to load resource: net::ERR_")


def test_a_telephone_is_enrolled_and_asked(place: Installation, sit_here: Sit) -> None:
    """Password, picture, six digits, recovery codes; next time the digits are asked."""
    with place.web():
        page = sit_here()
        enrol(page)
        codes = page.locator(".codes code")
        expect(codes).not_to_have_count(0)
        a_code = codes.first.inner_text()
        keep(page, "recovery-codes")
        page.click("a.primary")
        page.wait_for_selector(".strip")

        page.click(".account summary")
        page.get_by_role("button", name="Sign out").click()
        page.fill("#name", "anna")
        page.fill("#password", PASSWORD)
        page.click("button.primary")
        page.fill("#code", a_code)
        page.click("button.primary")

        expect(page.locator(".strip")).to_contain_text("anna")
        page.goto("about:blank")


def test_a_server_that_comes_back_is_found_again(
    place: Installation, sit_here: Sit
) -> None:
    """The page says that its figures are old, and that they are new again."""
    page = sit_here()
    with place.web() as server:
        enrol(page)
        page.click("a.primary")
        page.wait_for_selector(".strip")
        server.kill()
    frozen = page.locator("#frozen")
    expect(frozen).to_contain_text("Not updated for", timeout=30_000)
    with place.web():
        expect(frozen).to_have_text("Connected again", timeout=60_000)


def sign_in_again(page: Page, password: str) -> None:
    """Through the door that stands in the way, as anna."""
    page.fill("#name", "anna")
    page.fill("#password", password)
    page.click("button.primary")


def begin_draft(page: Page) -> None:
    """Choose an area and say where; wait until the service has it."""
    page.goto("/alerts/new")
    page.wait_for_selector("#pick[data-ready]")
    page.select_option("#pick", index=0)
    page.fill("#area_desc", "The river bank")
    expect(page.locator("#draft-state")).to_contain_text("Draft kept at")
    page.wait_for_url(re.compile(r"/alerts/drafts/[0-9a-f]+$"))


def test_a_session_that_ends_leads_back_to_the_draft(
    sit_mapless: Sit, demo: Demo
) -> None:
    """Who has to sign in again comes back to what they were writing, all of it."""
    page = sit_mapless("anna")
    begin_draft(page)
    page.context.clear_cookies()
    page.fill("#headline-en", "Flood water is rising fast")
    expect(page.locator("#draft-state")).to_contain_text("Your session is over")
    keep(page, "session-over-in-mid-draft")
    page.click("#draft-state a")
    sign_in_again(page, demo.password)

    page.wait_for_url(re.compile(r"/alerts/drafts/[0-9a-f]+$"))
    page.wait_for_selector("#pick[data-ready]")
    expect(page.locator("#headline-en")).to_have_value("Flood water is rising fast")
    expect(page.locator("#area_desc")).to_have_value("The river bank")
    expect(page.locator("#count span")).to_contain_text("people inside")
    expect(page.locator("#draft-state")).to_contain_text("Draft kept at")


def test_submitting_after_the_session_leads_back_too(
    sit_mapless: Sit, demo: Demo
) -> None:
    """The button that came too late loses nothing either."""
    page = sit_mapless("anna")
    begin_draft(page)
    page.fill("#headline-en", "Flood water is rising fast")
    page.fill("#instruction-en", "Go to high ground now.")
    page.context.clear_cookies()
    page.click("#send")
    page.wait_for_url(re.compile(r"/sign-in\?next=%2Falerts%2Fdrafts"))
    sign_in_again(page, demo.password)

    page.wait_for_url(re.compile(r"/alerts/drafts/[0-9a-f]+$"))
    instruction = page.locator("#instruction-en")
    expect(instruction).to_have_value("Go to high ground now.")


def test_a_draft_survives_another_browser_and_a_restart(
    place: Installation, sit_here: Sit
) -> None:
    """It is on the server: whoever signs in elsewhere goes on with it."""
    page = sit_here()
    with place.web() as server:
        enrol(page)
        page.click("a.primary")
        page.wait_for_selector(".strip")
        page.goto("/alerts/new")
        page.wait_for_selector("#pick[data-ready]")
        page.fill("#area_desc", "The river bank")
        expect(page.locator("#draft-state")).to_contain_text("Draft kept at")
        server.kill()
    page.fill("#area_desc", "Both banks")
    expect(page.locator("#draft-state")).to_contain_text("Kept in this browser")
    with place.web():
        expect(page.locator("#draft-state")).to_contain_text(
            "Draft kept at", timeout=60_000
        )
        page.goto("/alerts/new")
        page.click("#drafts a")
        expect(page.locator("#area_desc")).to_have_value("Both banks")
        page.goto("about:blank")


def is_saving(answer: Response) -> bool:
    """Whether this is what the service says of a saved draft: the page says it late."""
    return "/drafts" in answer.url and answer.request.method == "POST"


def test_the_second_save_is_told(demo: Demo, mapless: Browser) -> None:
    """Two operators, one draft: both versions are shown, nothing is overwritten."""
    # The browser says by itself that it was refused.
    for sit in desks(mapless, demo, forgiven="409"):
        first, second = sit("anna"), sit("boran")
        begin_draft(first)
        second.goto(first.url)
        second.wait_for_selector("#pick[data-ready]")
        with second.expect_response(is_saving):
            second.fill("#area_desc", "The south bank")
        first.fill("#area_desc", "The north bank")

        conflict = first.locator("#conflict")
        expect(conflict).to_contain_text("Somebody else saved this draft meanwhile")
        expect(conflict).to_contain_text("The south bank")
        expect(conflict).to_contain_text("The north bank")
        keep(first, "draft-conflict")
        first.click("#conflict [data-take=area_desc]")
        expect(first.locator("#area_desc")).to_have_value("The south bank")
        first.fill("#area_desc", "Both banks")
        with first.expect_response(is_saving):
            first.click("#keep-mine")
        second.reload()
        expect(second.locator("#area_desc")).to_have_value("Both banks")


def test_without_a_map_the_lists_do(sit_mapless: Sit) -> None:
    """Where WebGL does not work the page says so, and areas are chosen by name."""
    page = sit_mapless("anna", viewport=PHONE)
    page.goto("/alerts/new")
    page.wait_for_selector("#pick[data-ready]")
    expect(page.locator("#map-failed")).to_contain_text("No map can be drawn here")
    page.select_option("#pick", label="Phnom Penh")

    expect(page.locator("#count span")).to_have_text("people inside")
    keep(page, "new-warning-without-map-phone")
