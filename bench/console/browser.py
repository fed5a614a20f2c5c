"""What a browser sees: bytes of the first page, frames while panning and zooming."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response, sync_playwright

_CHROMIUM = "/usr/bin/chromium"
_FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
)
_MAP_LIBRARY = ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css")
#: Where a hand drags the map to, in pixels from its middle: it is let go after each.
_DRAGS = ((260, 0), (-260, 0), (0, 200), (0, -200), (220, 160), (-220, -160)) * 2
_DRAG_STEPS = 40
#: How far a wheel is turned, in pixels of scrolling; 450 are twice as large.
_TURNS = (-900, 900, -450, -450, 900) * 2
_TURN_STEPS = 20
_TURN_EVERY_MS = 16
_REST_MS = 400
_COUNT = """() => {
  window.frameTimes = [];
  window.views = 0;
  const count = (at) => { window.frameTimes.push(at); requestAnimationFrame(count); };
  requestAnimationFrame(count);
  new MutationObserver(() => { window.views += 1; })
    .observe(document.querySelector('[data-live="alerts"]'), { childList: true });
}"""


def look(base_url: str, name: str, password: str) -> None:
    """Sign in, weigh the first page, pan its map; print what was seen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=[*_FLAGS])
        try:
            _look(browser, base_url, name, password)
        finally:
            browser.close()


def _look(browser: Browser, base_url: str, name: str, password: str) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    weights: dict[str, int] = {}
    page.on("response", lambda response: _weigh(response, weights))
    page.goto(f"{base_url}/sign-in")
    page.fill("#name", name)
    page.fill("#password", password)
    weights.clear()
    page.click("button.primary")
    page.wait_for_selector("#map[data-ready]", timeout=120_000)
    page.wait_for_timeout(2_000)
    ours = {path: n for path, n in weights.items() if not path.endswith(_MAP_LIBRARY)}
    library = sum(weights.values()) - sum(ours.values())
    print(
        f"first page over the wire {sum(ours.values()) / 1e3:.0f} kB, and the map "
        f"library {library / 1e3:.0f} kB"
    )
    for path, n in sorted(ours.items(), key=lambda one: -one[1])[:4]:
        print(f"  {n / 1e3:7.0f} kB {path}")
    page.evaluate(_COUNT)
    _pan(page)
    _tell(page, "panning")
    _zoom(page)
    _tell(page, "zooming")


def _weigh(response: Response, weights: dict[str, int]) -> None:
    path = urlsplit(response.url).path
    if path != "/console/events":  # it never ends
        sizes = response.request.sizes()
        weights[path] = sizes["responseBodySize"] + sizes["responseHeadersSize"]


def _pan(page: Page) -> None:
    """Drag the map as a hand does."""
    for across, down in _DRAGS:
        _drag(page, _middle(page), (across, down))


def _zoom(page: Page) -> None:
    """Turn the wheel in and out, beside the middle of the map."""
    x, y = _middle(page)
    page.mouse.move(x + 60, y - 40)
    for turn in _TURNS:
        for _ in range(_TURN_STEPS):
            page.mouse.wheel(0, turn / _TURN_STEPS)
            page.wait_for_timeout(_TURN_EVERY_MS)
        # The hand rests between two turns.
        page.wait_for_timeout(_REST_MS)


def _middle(page: Page) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _tell(page: Page, what: str) -> None:
    """Say how many frames the page has drawn since this was asked last."""
    times = page.evaluate("window.frameTimes.splice(0)")
    gaps = sorted(later - earlier for earlier, later in pairwise(times))
    took_s = (times[-1] - times[0]) / 1_000
    print(
        f"{what}: {len(gaps) / took_s:.0f} frames/s over {took_s:.1f} s, gaps: "
        f"median {median(gaps):.0f} ms, p95 {gaps[len(gaps) * 95 // 100]:.0f} ms, "
        f"longest {gaps[-1]:.0f} ms; {page.evaluate('window.views')} updates came"
    )


def _drag(page: Page, middle: tuple[float, float], by: tuple[int, int]) -> None:
    """Press in the middle of the map, move, let go."""
    page.mouse.move(*middle)
    page.mouse.down()
    for step in range(1, _DRAG_STEPS + 1):
        share = step / _DRAG_STEPS
        page.mouse.move(middle[0] + share * by[0], middle[1] + share * by[1])
    page.mouse.up()
