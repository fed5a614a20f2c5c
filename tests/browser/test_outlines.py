"""Outlines that nobody should draw, paste or upload: a sentence each, nothing lost."""

from __future__ import annotations

import io
import json
import math
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import Demo, Sit, desks, keep, wait_for_map

pytestmark = [
    pytest.mark.browser,
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.xdist_group("browser"),
    pytest.mark.timeout(240),
]

#: In the middle of an ocean, a bow tie over the country, and all of the country.
NOBODY = [[[-30, -30], [-29, -30], [-29, -29], [-30, -29], [-30, -30]]]
CROSSING = [[[104, 11], [105, 12], [105, 11], [104, 12], [104, 11]]]
EVERYBODY = [[[100, 8], [110, 8], [110, 16], [100, 16], [100, 8]]]
N_PEOPLE = "2,000"
#: Where a mouse goes so that the third line crosses the first.
BOW_TIE = ((0.3, 0.3), (0.6, 0.6), (0.6, 0.3), (0.3, 0.6))
MANY_CORNERS = 50_001
#: A service takes 64 MiB as it comes.
TOO_MANY_BYTES = 65 * 1024 * 1024
TYPED = "The river bank"


def circle(n_corners: int) -> bytes:
    """A polygon of many corners, as GeoJSON."""
    turns = (2 * math.pi * n / n_corners for n in range(n_corners))
    ring = [[105 + math.cos(turn), 12 + math.sin(turn)] for turn in turns]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return json.dumps(shape).encode()


def bomb(kind: str) -> bytes:
    """A zip of a few kilobytes that would be 50 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"area.{kind}", bytes(50_000_000))
    return made.getvalue()


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">'
    b'<!ENTITY c SYSTEM "file:///etc/passwd">]>'
    b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">&b;&c;</alert>'
)
#: What is said of each file, and the file.
FILES = {
    "map.png": ("none of GeoJSON", b"\x89PNG\r\n\x1a\n" + bytes(64)),
    "empty.geojson": ("none of GeoJSON", b""),
    "cut.geojson": ("Check that the file is complete", circle(8)[:99]),
    "entities.cap": ("was not read", LAUGHS),
    "bomb.zip": ("does not contain what its ending", bomb("shp")),
    "deep.geojson": ("nested too deeply", b'{"a":' * 20_000),
    "script.geojson": ("<img", b'{"type":"<img src=x onerror=fail()>"}'),
}


@pytest.fixture
def page(sit_mapless: Sit) -> Page:
    """The form of a new warning, with a word typed."""
    page = sit_mapless("anna")
    page.goto("/alerts/new")
    page.wait_for_selector("#pick[data-ready]")
    page.fill("#area_desc", TYPED)
    page.click("text=Coordinates or a file")
    return page


@pytest.mark.parametrize(
    ("rings", "told"),
    [
        (NOBODY, "Nobody is registered inside"),
        (CROSSING, "people inside · "),
        (EVERYBODY, "people inside"),
    ],
    ids=["nobody", "crossing", "everybody"],
)
def test_an_odd_area_says_what_is_odd(
    page: Page, rings: list[list[list[float]]], told: str
) -> None:
    """An area over nobody, over all, lines that cross: a sentence, and no fault."""
    page.fill("#area", json.dumps({"type": "Polygon", "coordinates": rings}))

    expect(page.locator("#count span")).to_contain_text(told)
    if rings is EVERYBODY:
        expect(page.locator("#count strong")).to_have_text(N_PEOPLE)


def test_no_file_does_harm(page: Page) -> None:
    """Of the wrong kind, of too many corners, hostile: why not, and all goes on."""
    told = page.locator("#file-problem")
    for name, (why, content) in FILES.items():
        file = FilePayload(name=name, mimeType="", buffer=content)
        page.set_input_files("#file", file)

        expect(told).to_contain_text(why)
    expect(page.locator("#area_desc")).to_have_value(TYPED)
    expect(page.locator("#area")).to_have_value("")


def test_an_outline_of_very_many_corners_is_counted(page: Page) -> None:
    """More than 50,000 corners: who is inside is told, and the draft is kept."""
    file = FilePayload(name="coast.geojson", mimeType="", buffer=circle(MANY_CORNERS))
    page.set_input_files("#file", file)

    expect(page.locator("#count span")).to_contain_text("people inside")
    expect(page.locator("#draft-state")).to_contain_text("Draft kept at")


def test_a_huge_file_is_refused(demo: Demo, mapless: Browser, tmp_path: Path) -> None:
    """More than the service reads: it says so, and what was typed is there."""
    huge = tmp_path / "world.geojson"
    with huge.open("wb") as file:
        file.truncate(TOO_MANY_BYTES)
    # The browser says by itself that it was refused.
    for sit in desks(mapless, demo, forgiven="413"):
        page = sit("anna")
        page.goto("/alerts/new")
        page.wait_for_selector("#pick[data-ready]")
        page.fill("#area_desc", TYPED)
        page.click("text=Coordinates or a file")
        page.set_input_files("#file", huge)

        expect(page.locator("#file-problem")).to_have_text("The file is too large.")
        expect(page.locator("#area_desc")).to_have_value(TYPED)


def test_lines_that_cross_while_drawing(sit_down: Sit) -> None:
    """A bow tie is taken, counted, and said to cross itself."""
    page = sit_down("anna")
    page.goto("/alerts/new")
    wait_for_map(page)
    page.wait_for_selector("#pick[data-ready]")
    page.click('[data-draw="polygon"]')
    box = page.locator("#map").bounding_box()
    assert box is not None
    spots = [
        (box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in BOW_TIE
    ]
    for x, y in spots:
        page.mouse.move(x, y, steps=4)
        page.mouse.click(x, y)
    page.mouse.click(*spots[-1])

    expect(page.locator("#count span")).to_contain_text("people inside · ")
    keep(page, "crossing-lines")
