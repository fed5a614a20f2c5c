"""Pictures for docs/operator-guide.md; run by ``scripts/operator-guide``."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import (
    PHONE,
    STRICT_PASSWORD,
    Demo,
    Sit,
    desks,
    wait_for_map,
)
from tests.browser.full_console import furnished, served, with_a_case
from tests.browser.test_accessibility import saved_by_two
from tests.browser.test_warning_story import draw
from tests.scenario.installation import ROOT
from tests.web.fakes import PASSWORD

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
    boran.click("#groups summary")
    boran.locator("#groups table").last.scroll_into_view_if_needed()
    take(boran, "groups")
    small = sit_down("boran", viewport=PHONE)
    small.goto(boran.url)
    wait_for_map(small)
    take(small, "phone")
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


REPORTS = (
    ("flood", "Water up to the knee behind the market", 104.92, 11.56),
    ("flood", "Water in my street", 104.9205, 11.5603),
    ("road", "The bridge is gone", 104.88, 11.50),
    ("power", "Line down on the school, two hurt", 105.0, 11.62),
)


def report(page: Page) -> None:
    """Tell of what citizens saw, with a token that the settings make."""
    page.goto("/settings")
    page.select_option("#operator", "dara")
    page.select_option("#role", "operator")
    page.click("text=Make a token")
    token = page.locator(".big code").inner_text()
    for n, (kind, words, lon, lat) in enumerate(REPORTS):
        seen = {"kind": kind, "words": words, "lon": lon, "lat": lat}
        answer = page.request.post(
            "/api/v1/reports",
            headers={"Authorization": f"Bearer {token}"},
            data={**seen, "hurt": kind == "power", "phone": f"+8551234500{n}"},
        )
        assert answer.status == 201


def test_pictures_of_reports_and_cases(sit_down: Sit) -> None:
    """What citizens saw, and somebody who needs help at once."""
    page = sit_down("dara")
    report(page)
    page.goto("/reports/")
    wait_for_map(page)
    page.locator("main a[href^='/reports/']").last.scroll_into_view_if_needed()
    take(page, "reports")
    page.click("main a[href^='/reports/'] >> nth=0")
    wait_for_map(page)
    take(page, "report-one")
    page.goto("/cases/new")
    wait_for_map(page)
    page.fill("#address", "Street 63, house 12")
    page.fill("#place", "phnom")
    page.wait_for_selector("#found li")
    take(page, "new-case")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#lon")).not_to_have_value("")


def test_picture_of_a_case(chromium: Browser) -> None:
    """Somebody comes, and AEDs are near: the demo has no volunteers."""
    services = with_a_case()
    (case,) = services.cases.board.open()
    with served(services) as url:
        for page in (sit("dispatcher") for sit in desks(chromium, Demo(url, PASSWORD))):
            page.goto(f"/cases/{case.case_id}")
            wait_for_map(page)
            page.click(".aeds summary")
            take(page, "case")


def test_pictures_of_people_and_settings(sit_mapless: Sit) -> None:
    """People, what calls say, carriers, who may do what, the record."""
    page = sit_mapless("dara")
    for path, name in (
        ("/people/", "people"),
        ("/people/1", "person"),
        ("/settings/sources", "sources"),
        ("/settings/new-plan", "plan"),
        ("/scripts/", "scripts"),
        ("/scripts/flood_warning", "script"),
        ("/telco/", "telco"),
        ("/telco/wall", "phones"),
        ("/settings", "settings"),
        ("/settings/kept", "kept"),
        ("/settings/escalation", "steps"),
        ("/settings/texts", "texts"),
        ("/settings/texts/km/hazards.flood", "text-form"),
        ("/audit?verify=1", "audit"),
    ):
        page.goto(path)
        take(page, name)


def test_picture_of_the_second_factor(strict: Demo, mapless: Browser) -> None:
    """The picture that a telephone reads at the first sign-in."""
    for sit in desks(mapless, strict):
        page = sit()
        page.goto("/sign-in")
        page.fill("#name", "sita")
        page.fill("#password", STRICT_PASSWORD)
        page.click("button.primary")
        page.wait_for_selector("#secret")
        # Nobody ever signs in with it: this demo is gone with its picture.
        take(page, "enrol")


def test_pictures_of_what_went_wrong(mapless: Browser) -> None:
    """A file with a wrong line, and a draft that two have written."""
    with served(furnished()) as url:
        for sit in desks(mapless, Demo(url, PASSWORD), forgiven="status of 409"):
            page = sit("admin")
            page.goto("/responders/")
            page.wait_for_selector("#alarm:visible")
            take(page, "responders")
            page.goto("/people/import/1")
            take(page, "import")
            saved_by_two(page)
            take(page, "conflict")
