"""Work at the desk by hand: a case without a mouse, an alarm, a voice, an inbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, Route, expect

from tests.browser.conftest import _NO_MAP, CHROMIUM, Demo, Sit, desks
from tests.browser.full_console import furnished, served
from tests.fakes.recordings import FakeRecordings, make_prompts, make_recordings
from tests.web.fakes import PASSWORD, FakeServices, make_progress
from warning.alert import AlertState

pytestmark = [
    pytest.mark.browser,
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.xdist_group("browser"),
    pytest.mark.timeout(240),
]
#: A microphone that gives a tone, and nobody is asked whether it may be used.
_MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
KEY = "common.goodbye"


@pytest.fixture
def services(tmp_path: Path) -> FakeServices:
    made = furnished()
    rows = FakeRecordings()
    made.recordings = make_recordings(tmp_path, made.now, rows)
    made.prompts = make_prompts(rows)
    return made


@pytest.fixture
def address(services: FakeServices) -> Iterator[str]:
    with served(services) as url:
        yield url


@pytest.fixture
def sit(address: str, mapless: Browser) -> Iterator[Sit]:
    """A desk at it."""
    yield from desks(mapless, Demo(url=address, password=PASSWORD))


@pytest.fixture
def sit_with_microphone(address: str, browsers: Playwright) -> Iterator[Sit]:
    """A desk with a microphone."""
    browser = browsers.chromium.launch(
        executable_path=str(CHROMIUM), args=[*_NO_MAP, *_MICROPHONE]
    )
    yield from desks(browser, Demo(url=address, password=PASSWORD))
    browser.close()


def test_a_case_is_opened_without_a_mouse(sit: Sit, services: FakeServices) -> None:
    """The place is typed, chosen with the arrows, and stands in the form."""
    page = sit("dispatcher")
    page.goto("/cases/new")
    page.wait_for_selector("#map[hidden]", state="attached")
    assert page.evaluate("document.activeElement.id") == "address"
    page.keyboard.type("Street 63")
    page.focus("#place")
    page.keyboard.type("ta kh")
    expect(page.locator("#found li")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#place")).to_have_attribute("aria-activedescendant", "found-0")
    page.keyboard.press("Enter")
    expect(page.locator("#lon")).to_have_value("104.950000")
    page.focus("input[name=scene_safe]")
    page.keyboard.press("Space")
    page.focus("#case .primary")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"/cases/[0-9a-f]+$"))
    scenes = [case.scene for case in services.cases.board.open()]
    assert ("Street 63", 104.95) in [(one.address, one.lon) for one in scenes]


def test_an_alarm_is_seen_and_silenced(sit: Sit) -> None:
    """An approver sees what waits; silence is for ten minutes, and the words stay."""
    page = sit("approver")
    alarm = page.locator("#alarm")
    expect(alarm).to_contain_text("Waiting for your approval: 2")
    expect(alarm).to_contain_text("Carriers that do not send: 1")
    alarm.get_by_role("button").click()

    expect(alarm.get_by_role("button")).to_be_hidden()
    expect(alarm).to_contain_text("Waiting for your approval: 2")
    page.reload()
    expect(alarm).to_contain_text("Waiting for your approval: 2")
    expect(alarm.get_by_role("button")).to_be_hidden()


def test_an_alarm_is_seen_also_where_its_script_comes_late(sit: Sit) -> None:
    """What was told before is told to it: nothing is said again until it changes."""
    page, held = sit("approver").context.new_page(), list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/js/alarm\b"), hold)
    page.goto("/", wait_until="commit")
    expect(page.locator("[data-live][data-shown]").first).to_be_attached()
    held[0].continue_()

    expect(page.locator("#alarm")).to_contain_text("Waiting for your approval: 2")


def test_who_submitted_is_not_waited_for(sit: Sit) -> None:
    """Nobody is called to approve their own, and a viewer to nothing but carriers."""
    page = sit("operator")

    expect(page.locator("#alarm")).to_contain_text("Carriers that do not send")
    expect(page.locator("#alarm")).not_to_contain_text("approval")


def test_a_text_is_spoken_at_the_desk(
    sit_with_microphone: Sit, services: FakeServices
) -> None:
    """Record, stop: it is kept, and plays from then on."""
    page = sit_with_microphone("operator")
    page.goto("/scripts/drill?language=da")
    line = page.locator(f'[id="{KEY}"]')
    line.get_by_role("button", name="Record").click()
    stop = line.get_by_role("button", name="Stop")
    expect(stop).to_be_visible()
    # The microphone of the test gives a beep a second.
    page.wait_for_timeout(1_500)
    stop.click()

    expect(line).to_contain_text("recorded by operator", timeout=30_000)
    (kept,) = services.recordings.all()
    assert (kept.key, kept.language) == (KEY, "da")
    assert kept.duration_ms > 500


def test_a_report_is_judged_from_the_inbox(sit: Sit, services: FakeServices) -> None:
    """Open it, say that it is true, and it stands so in the list."""
    page = sit("operator")
    page.goto("/reports/")
    page.click("main a[href='/reports/1']")
    page.click("text=It is true")
    expect(page.locator(".panel")).to_contain_text("verified")

    assert services.report_desk.known[1].judged_by == "operator"


def test_a_new_view_moves_neither_focus_nor_folds(
    sit: Sit, services: FakeServices
) -> None:
    """Whoever goes by keyboard stays where they are, and what they folded stays so."""
    services.alert(AlertState.LIVE)
    page = sit("viewer")
    alerts = page.locator("[data-live=alerts]")
    first, second = (alerts.locator("details").nth(n) for n in (0, 1))
    second.locator("summary").click()
    link = alerts.locator("h2 a", has_text="Flood").nth(1)
    link.focus()
    wanted = link.get_attribute("href")
    for case in services.board.list(states=[AlertState.LIVE]):
        services.board.figures[case.alert_id] = make_progress(confirmed=431)

    expect(alerts.locator(".confirmed dd").first).to_have_text("431")
    assert page.evaluate("document.activeElement.getAttribute('href')") == wanted
    expect(first).to_have_attribute("open", "")
    expect(second).not_to_have_attribute("open", "")
