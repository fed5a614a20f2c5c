"""A demo that goes on, and a real browser that may reach nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from ops.listening import LOOPBACK, free_port, is_listening
from tests.scenario.installation import ROOT, wait_for

CHROMIUM = Path("/usr/bin/chromium")
#: A software renderer draws the map; nothing is asked of the makers of the browser.
_FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
#: A machine that draws no map: the lists must do, and pages are quick.
_NO_MAP = ("--no-sandbox", "--disable-gpu", "--disable-3d-apis", *_FLAGS[4:])
#: A machine with two cores may draw maps and run another demo beside.
_PATIENCE_MS = 60_000
expect.set_options(timeout=_PATIENCE_MS / 3)
SCREENS = ROOT / "var" / "screens"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Demo:
    """A service with 2,000 people and a flood alert, and who may sign in."""

    url: str
    password: str
    #: Its settings, where it is a process of its own.
    config: Path | None = None


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """``tocsin demo`` without ``--once``: it stays up when the alert is through."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, str(ROOT / "app.py"), "demo"]
    command += ["--people", "2000", "--call-after", "2"]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TOCSIN_")}
    with subprocess.Popen(  # noqa: S603 - our own program, no shell
        [*command, "--folder", str(folder)],
        cwd=folder,
        env=kept | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield replace(_once_up(process.stdout), config=folder / "tocsin.toml")
        finally:
            process.terminate()
            process.stdout.read()


def _once_up(told: Iterable[str]) -> Demo:
    """Read what the demo says until it says that it stays."""
    lines = []
    for line in told:
        lines.append(line)
        stays = re.search(r"stays up at (http://\S+?)/ .* with (\S+)", line)
        if stays is not None:
            return Demo(url=stays[1], password=stays[2])
    pytest.fail("".join(lines[-20:]))


#: Who signs in where six digits are needed, and their password.
CREW = {"sita": "operator", "visal": "approver"}
STRICT_PASSWORD = "quiet river at night"


def run_command(demo: Demo, *arguments: str, typed: str = "") -> None:
    """Run a command on the demo's installation."""
    subprocess.run(  # noqa: S603 - our own program, no shell
        [sys.executable, str(ROOT / "app.py"), *arguments],
        env=os.environ | {"TOCSIN_CONFIG": str(demo.config)},
        input=typed,
        text=True,
        check=True,
        capture_output=True,
    )


@pytest.fixture(scope="session")
def strict(demo: Demo) -> Iterator[Demo]:
    """The demo behind a second web server, where everybody needs six digits."""
    for name, role in CREW.items():
        added = ("operator", "add", name, "--role", role, "--password-stdin")
        run_command(demo, *added, typed=f"{STRICT_PASSWORD}\n")
    port = free_port()
    chosen = {"TOCSIN_CONFIG": str(demo.config), "TOCSIN_PORT": str(port)}
    with subprocess.Popen(  # noqa: S603 - our own program, no shell
        [sys.executable, str(ROOT / "app.py"), "web"],
        env=os.environ | chosen | {"TOCSIN_SECOND_FACTOR": "required"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_for(lambda: is_listening(LOOPBACK, port), timeout_s=30)
            yield Demo(url=f"http://{LOOPBACK}:{port}", password=STRICT_PASSWORD)
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def browsers() -> Iterator[Playwright]:
    """What starts browsers."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(browsers: Playwright) -> Iterator[Browser]:
    """Debian's browser, without a window."""
    yield from _launched(browsers, _FLAGS)


@pytest.fixture(scope="session")
def mapless(browsers: Playwright) -> Iterator[Browser]:
    """The same where WebGL does not work."""
    yield from _launched(browsers, _NO_MAP)


def _launched(browsers: Playwright, flags: Iterable[str]) -> Iterator[Browser]:
    browser = browsers.chromium.launch(executable_path=str(CHROMIUM), args=[*flags])
    yield browser
    browser.close()


Sit = Callable[..., Page]


@pytest.fixture
def sit_down(demo: Demo, chromium: Browser) -> Iterator[Sit]:
    """Somebody at a desk of their own; a fault in the browser fails the test."""
    yield from desks(chromium, demo)


@pytest.fixture
def sit_mapless(demo: Demo, mapless: Browser) -> Iterator[Sit]:
    """The same at a machine that draws no map."""
    yield from desks(mapless, demo)


def desks(browser: Browser, demo: Demo, *, forgiven: str = "") -> Iterator[Sit]:
    """Yield what seats people; at the end, no fault but ``forgiven`` was seen."""
    faults: list[str] = []
    contexts = []

    def sit(name: str | None = None, **options: Any) -> Page:
        chosen: dict[str, Any] = {"viewport": DESK, "base_url": demo.url, **options}
        context = browser.new_context(**chosen)
        context.set_default_timeout(_PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if said.type == "error" else None,
        )
        page.on("request", lambda asked: _require_ours(asked.url, demo, faults))
        if name is not None:
            page.goto(f"{demo.url}/sign-in")
            page.fill("#name", name)
            page.fill("#password", demo.password)
            page.click("button.primary")
            page.wait_for_url(f"{demo.url}/")
        return page

    yield sit
    for context in contexts:
        context.close()
    assert [fault for fault in faults if not forgiven or forgiven not in fault] == []


def _require_ours(url: str, demo: Demo, faults: list[str]) -> None:
    if not url.startswith((demo.url, "data:", "blob:")):
        faults.append(f"asked another host: {url}")


def wait_for_map(page: Page) -> None:
    """Until everything of the map is drawn; a software renderer takes its time."""
    page.wait_for_selector("#map[data-ready]", timeout=60_000)


def keep(page: Page, name: str) -> None:
    """Keep a picture of the page, for people to look at."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SCREENS / f"{name}.png"))
