"""Our texts are written anew at the desk, and read over by somebody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo, Sit, desks
from tests.browser.full_console import furnished, served
from tests.web.fakes import PASSWORD, FakeServices

pytestmark = [
    pytest.mark.browser,
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.xdist_group("browser"),
    pytest.mark.timeout(240),
]
PAGE = "/settings/texts/km/hazards.storm"
ACT = "hazards.storm.act"
FIELD = f"[id='{ACT}']"


@pytest.fixture
def services() -> FakeServices:
    return furnished()


@pytest.fixture
def sit(services: FakeServices, mapless: Browser) -> Iterator[Sit]:
    """A desk at a console that refuses on purpose."""
    with served(services) as url:
        demo = Demo(url=url, password=PASSWORD)
        refused = "the server responded with a status of 4"
        yield from desks(mapless, demo, forgiven=refused)


def keep(page: Page, words: str) -> None:
    """Write the text and keep it."""
    page.fill(FIELD, words)
    page.click("#texts .primary")


def test_a_text_is_written_and_read_over(sit: Sit, services: FakeServices) -> None:
    """The message follows the pencil; what is kept is marked until somebody read it."""
    page = sit("admin")
    page.goto("/settings/texts")
    page.click(f"a[href='{PAGE}']")
    phone = page.locator("#phones figure").first
    page.fill(FIELD, "ចូលក្នុងវត្ត!")
    expect(phone).to_contain_text("ចូលក្នុងវត្ត!")
    expect(phone).to_contain_text("Parts: ")
    assert services.texts.desk.language("km").n_own == 2

    page.click("#texts .primary")
    expect(page.locator("[id='about-hazards.storm.act']")).to_contain_text(
        "our own words"
    )
    assert services.texts.templates().texts["km"].text(ACT) == "ចូលក្នុងវត្ត!"
    page.click("text=I speak this language and have read these texts")
    expect(page.locator(".problem").first).to_contain_text("somebody else")

    services.texts.desk.review("km", [ACT], seen=99, by="dara")
    page.goto(PAGE)
    expect(page.locator("[id='about-hazards.storm.act']")).to_contain_text("dara")
    page.click("[aria-label^='Back to the words of the release']")
    expect(
        page.locator("text=The text is the one of the release again.")
    ).to_be_visible()
    assert services.texts.desk.language("km").n_own == 2


def test_two_write_one_text(sit: Sit, services: FakeServices) -> None:
    """What is wrong is said beside the field; the second of two sees both versions."""
    page = sit("admin")
    page.goto(PAGE)
    keep(page, "{place}")
    expect(page.locator(f"[id='why-{ACT}']")).to_contain_text("these and no others")
    expect(page.locator(FIELD)).to_have_value("{place}")

    services.texts.desk.save("km", {ACT: "ឡើង!"}, seen=99, by="sokha")
    keep(page, "ទៅ!")
    conflict = page.locator(".conflict")
    expect(conflict).to_contain_text("sokha")
    expect(conflict).to_contain_text("ឡើង!")
    expect(page.locator(FIELD)).to_have_value("ទៅ!")
    assert services.texts.templates().texts["km"].text(ACT) == "ឡើង!"
    page.click("#texts .primary")
    expect(page.locator("text=The texts are kept.")).to_be_visible()
    assert services.texts.templates().texts["km"].text(ACT) == "ទៅ!"
