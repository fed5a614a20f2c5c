"""The map under the hand: drawn by a processor, and still it follows at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Demo, Sit, desks, wait_for_map
from tests.browser.full_console import furnished, served
from tests.web.fakes import PASSWORD, FakeServices, make_progress
from warning.alert import AlertId

pytestmark = [
    pytest.mark.browser,
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.xdist_group("browser"),
    pytest.mark.timeout(240),
]
#: Pixels that a hand drags the map by.
ACROSS, DOWN = 90, 40
#: The live alert of the furnished console.
LIVE = AlertId("a2")


@pytest.fixture
def services() -> FakeServices:
    return furnished()


@pytest.fixture
def sit(services: FakeServices, chromium: Browser) -> Iterator[Sit]:
    with served(services) as url:
        yield from desks(chromium, Demo(url=url, password=PASSWORD))


def grasp(page: Page) -> tuple[float, float]:
    """Press the button in the middle of the map; return where."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    return x, y


def corner(thing: Locator) -> tuple[float, float]:
    """Where on the screen a thing begins."""
    box = thing.bounding_box()
    assert box is not None
    return box["x"], box["y"]


def middle(thing: Locator) -> tuple[float, float]:
    """Where on the screen the middle of a thing is."""
    box = thing.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_map_goes_where_the_hand_goes(sit: Sit) -> None:
    """Under the hand and after it is let go, a place is as far as the hand went."""
    page = sit("viewer")
    wait_for_map(page)
    label = page.locator(".area-label").first
    before = corner(label)
    x, y = grasp(page)
    expected = pytest.approx((before[0] + ACROSS, before[1] + DOWN), abs=2)

    page.mouse.move(x + ACROSS, y + DOWN, steps=6)
    assert corner(label) == expected
    page.mouse.up()
    assert corner(label) == expected
    # Nothing is left to be moved: what was carried has been drawn.
    carried = page.locator(".maplibregl-canvas-container")
    assert carried.evaluate("it => it.style.transform") == ""


#: Whether a picture is drawn, and the middle of a thing on it is at a place.
IS_DRAWN_AT = """([thing, x, y]) => {
  const box = thing.getBoundingClientRect();
  return !thing.closest(".is-carried").style.transform
    && Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) < 4;
}"""


def test_the_wheel_turns_around_the_pointer(sit: Sit) -> None:
    """What is under the pointer stays; a place beside it goes twice as far away."""
    page = sit("viewer")
    wait_for_map(page)
    box = page.locator("#map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 3, box["y"] + box["height"] / 3
    label = page.locator(".area-label").first
    before = middle(label)
    page.mouse.move(x, y)
    for _ in range(5):
        page.mouse.wheel(0, -90)

    expected = [x + 2 * (before[0] - x), y + 2 * (before[1] - y)]
    page.wait_for_function(IS_DRAWN_AT, arg=[label.element_handle(), *expected])


def test_figures_come_while_the_hand_moves(sit: Sit, services: FakeServices) -> None:
    """The panel tells at once; the map as soon as it is let go."""
    page = sit("viewer")
    wait_for_map(page)
    x, y = grasp(page)
    page.mouse.move(x + ACROSS, y, steps=4)
    asking = {"KH-12": {"confirmed": 300, "needs_help": 7}}
    services.board.figures[LIVE] = make_progress(by_area=asking, confirmed=431)

    panel = page.locator(".panel")
    expect(panel.locator(".confirmed dd").first).to_have_text("431")
    asked = page.locator(".area-label .bad")
    expect(asked).to_have_count(0)
    page.mouse.up()
    expect(asked).to_have_text("✚ 7")


def test_no_name_lies_on_another(sit: Sit) -> None:
    """Where several areas are in one place, the one with most people is named."""
    page = sit("viewer")
    wait_for_map(page)
    names = page.locator(".area-label:visible")
    expect(names).to_have_text(["Phnom Penh"])
