"""What a screen reader, a keyboard and tired eyes need: axe-core on every page."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, cast

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Sit, keep
from tests.scenario.installation import ROOT

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
#: Theme, language, size: each theme with each direction, and the small screen.
LOOKS = {
    "light": {"color_scheme": "light", "locale": "en"},
    "dark": {"color_scheme": "dark", "locale": "en"},
    "arabic-light": {"color_scheme": "light", "locale": "ar"},
    "arabic-dark-phone": {"color_scheme": "dark", "locale": "ar", "viewport": PHONE},
    "khmer-phone": {"color_scheme": "light", "locale": "km", "viewport": PHONE},
}


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


def pages(page: Page) -> list[str]:
    """Every place of the rail, and the first alert or case that a list leads to."""
    links = page.locator(".rail a").evaluate_all("all => all.map(a => a.pathname)")
    found = [str(path) for path in links]
    for path in list(found):
        page.goto(path)
        inner = page.locator("main a[href]").evaluate_all("all => all.map(a => a.href)")
        inside = (
            re.sub(r"^https?://[^/]+", "", str(address)).partition("?")[0]
            for address in inner
        )
        deeper = [one for one in inside if one.startswith(path) and one != path]
        found += deeper[:1] if path != "/" else deeper[:2]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_has_a_barrier(sit_mapless: Sit, look: str) -> None:
    """No violation of WCAG 2.2 A or AA, in both themes and both directions."""
    page = sit_mapless(None, **LOOKS[look])
    page.goto("/sign-in")
    found = barriers(page)
    page = sit_mapless("dara", **LOOKS[look])
    for path in pages(page):
        page.goto(path)
        page.wait_for_selector("#map[hidden], body:not(:has(#map))", state="attached")
        found += barriers(page)
        keep(page, f"{look}-{path.strip('/').replace('/', '-') or 'situation'}"[:60])

    assert found == []
