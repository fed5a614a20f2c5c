"""What a screen reader, a keyboard and tired eyes need: axe-core on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from tests.browser.conftest import PHONE, Demo, Sit, desks, keep
from tests.browser.full_console import application, furnished, pages, served
from tests.scenario.installation import ROOT
from tests.web.fakes import PASSWORD, FakeServices
from web.problems import _MACHINE_PATHS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.xdist_group("browser"),
    pytest.mark.timeout(240),
]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
#: WCAG 2.2, A and AA, with everything that it contains.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Theme, language, size: each theme, each direction, and the small screen.
LOOKS = {
    "light": {"color_scheme": "light", "locale": "en"},
    "arabic-dark-phone": {"color_scheme": "dark", "locale": "ar", "viewport": PHONE},
}
#: What is folded away is part of the page; the menu lies over it and is a state.
OPEN_ALL = (
    "document.querySelectorAll('main details').forEach(it => { it.open = true; })"
)
#: What does not fit, and forms that a rule for small screens has taken away.
MISFITS = """() => [
  ...[...document.querySelectorAll('html, main, .panel, .page, table')]
    .filter(it => it.clientWidth && it.scrollWidth > it.clientWidth + 1)
    .map(it => `${it.tagName} is too wide`),
  ...[...document.querySelectorAll('main form')]
    .filter(it => !it.hidden && getComputedStyle(it).display === 'none')
    .map(it => `${it.action} is not there`)]"""
#: Where there may be nothing yet.
LISTS = ("/", "/alerts/", "/cases/", "/reports/", "/responders/", "/settings/sources")
#: Routes that answer with a part of a page, data or a file.
NO_PAGES = re.compile(r"\.(json|geojson|csv|svg|wav|pdf|toml)$|/now$|/events$|/sound$")
#: Before somebody is in; ``test_trouble`` walks through them.
MACHINES = (*_MACHINE_PATHS, "/static/")
DOORS = {"/sign-in", "/sign-in/code", "/sign-in/enrol"}


@cache
def axe() -> str:
    """The program that looks for barriers."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make setup")
    return AXE.read_text(encoding="utf-8")


def barriers(page: Page) -> list[str]:
    """What axe finds on a page: rule, and the first places."""
    # The page's own policy lets no foreign script in; the debugger may.
    page.evaluate(axe())
    found = page.evaluate(
        "rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES
    )
    told = cast("list[dict[str, Any]]", found["violations"])
    return [
        f"{page.url} {one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in told
    ]


@pytest.fixture(scope="module")
def furnished_console() -> Iterator[tuple[str, list[str]]]:
    """A console with something of everything on it, and its pages."""
    services = furnished()
    with served(services) as url:
        yield url, pages(services)


@pytest.fixture
def sit_everywhere(
    furnished_console: tuple[str, list[str]], mapless: Browser
) -> Iterator[Sit]:
    """A desk at it."""
    demo = Demo(url=furnished_console[0], password=PASSWORD)
    # What is refused here on purpose the browser tells by itself.
    yield from desks(mapless, demo, forgiven="the server responded with a status of 4")


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_has_a_barrier(
    sit_everywhere: Sit, furnished_console: tuple[str, list[str]], look: str
) -> None:
    """No violation of WCAG 2.2 A or AA on any page; nothing that does not fit."""
    page = sit_everywhere(None, **LOOKS[look])
    page.goto("/sign-in")
    found = barriers(page)
    page = sit_everywhere("admin", **LOOKS[look])
    for path in furnished_console[1]:
        page.goto(path)
        page.wait_for_selector("#map[hidden], body:not(:has(#map))", state="attached")
        keep(page, f"{look}-{path.strip('/').replace('/', '-') or 'situation'}"[:60])
        page.evaluate(OPEN_ALL)
        found += barriers(page)
        found += [f"{path}: {one}" for one in page.evaluate(MISFITS)]

    assert found == []


def told_nothing(page: Page) -> None:
    """A warning is sent with nothing in it: the form comes back and says what."""
    page.goto("/alerts/new")
    page.wait_for_selector("#pick[data-ready]")
    page.evaluate("document.getElementById('warning').noValidate = true")
    page.click("#send")
    page.wait_for_selector("[id^=why-]")


def with_a_wrong_file(page: Page) -> None:
    """A file is none that can be read."""
    page.goto("/alerts/new")
    page.wait_for_selector("#pick[data-ready]")
    page.evaluate(OPEN_ALL)
    wrong = FilePayload(name="map.png", mimeType="", buffer=b"\x89PNG")
    page.set_input_files("#file", wrong)
    page.wait_for_selector("#file-problem:visible")


def saved_by_two(page: Page) -> None:
    """Somebody else has saved the draft meanwhile: both versions are shown."""
    page.goto("/alerts/new")
    page.wait_for_selector("#pick[data-ready]")
    page.fill("#area_desc", "The north bank")
    page.wait_for_selector("[name=draft_id]:not([value=''])", state="attached")
    page.locator("[name=draft_version]").evaluate("it => { it.value = 77; }")
    page.fill("#area_desc", "The south bank")
    page.wait_for_selector("#conflict table")


def with_a_secret(page: Page) -> None:
    """Somebody is added, and their first password shown this once."""
    page.goto("/settings")
    page.fill("#name", f"reader-of-{page.locator('html').get_attribute('lang')}")
    page.click("form:has(#new-role) button")
    page.wait_for_selector(".big code")


def with_keys(page: Page) -> None:
    """The list of keys lies over the page."""
    page.goto("/alerts/")
    page.wait_for_selector("#show-keys", state="attached")
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")


def with_a_wrong_text(page: Page) -> None:
    """A text of ours cannot be sent as it is written, or was changed meanwhile."""
    language = page.locator("html").get_attribute("lang") or ""
    page.goto("/settings/texts/km/hazards.flood")
    page.fill("[id='hazards.flood.act']", "{place}")
    page.click("#texts .primary")
    page.wait_for_selector("[id^=why-]")
    page.fill("[id='hazards.flood.act']", language)
    page.locator("#texts [name=seen]").evaluate("it => { it.value = 0; }")
    page.click("#texts .primary")
    page.wait_for_selector(".conflict")


def with_a_menu(page: Page) -> None:
    """Under the operator's name: keys, password, languages, and the way out."""
    page.goto("/alerts/")
    page.click(".account summary")
    page.wait_for_selector(".menu form button")


STATES = (
    with_a_menu,
    told_nothing,
    with_a_wrong_file,
    with_a_wrong_text,
    saved_by_two,
    with_a_secret,
    with_keys,
)


@pytest.mark.parametrize("look", LOOKS)
def test_no_state_of_a_page_has_a_barrier(sit_everywhere: Sit, look: str) -> None:
    """What is refused, in conflict, secret or laid over a page is for everybody too."""
    page = sit_everywhere(None, **LOOKS[look])
    page.goto("/sign-in")
    page.fill("#name", "admin")
    page.fill("#password", "wrong")
    page.click("button.primary")
    page.wait_for_selector("[role=alert]")
    found = barriers(page)
    page = sit_everywhere("admin", **LOOKS[look])
    for bring_about in STATES:
        bring_about(page)
        keep(page, f"{look}-{bring_about.__name__}")
        found += barriers(page)

    assert found == []


def test_nothing_yet_has_no_barrier(mapless: Browser) -> None:
    """Lists without a line say what will be there, to everybody."""
    found: list[str] = []
    with served(FakeServices()) as url:
        for sit in desks(mapless, Demo(url=url, password=PASSWORD)):
            page = sit("admin", **LOOKS["arabic-dark-phone"])
            for path in LISTS:
                page.goto(path)
                found += barriers(page)
    assert found == []


def test_every_page_is_walked() -> None:
    """A page that is added is looked at: in the list, or said to be no page."""
    services = furnished()
    app = application(services)
    urls = app.url_map.bind("")
    walked = {
        urls.match(path.partition("?")[0])[0]
        for path in pages(services)
        if path != "/nothing-here"
    }
    missing = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set())
        and rule.endpoint not in walked
        and rule.rule not in DOORS
        and not rule.rule.startswith(MACHINES)
        and not NO_PAGES.search(rule.rule)
    ]

    assert missing == []
