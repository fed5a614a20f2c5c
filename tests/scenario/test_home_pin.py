"""Into a home with a PIN, over real HTTP: by key, by text, and by the dispatcher."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.scenario.test_cardiac_case import (
    ADDRESS,
    LAT,
    LON,
    METRE,
    Story,
    opened,
    phone,
)

BY_KEY, BY_TEXT, WITHOUT = 1, 2, 3
PINS = {BY_KEY: "4821", BY_TEXT: "5930"}
#: How rows begin, where they are written out, in which a PIN might be.
_WHERE = tuple(
    f'INSERT INTO "{table}"'
    for table in ("carrier_events", "inbox", "responders", "contents", "audit")
)


def register(story: Story) -> None:
    """Three, of whom two have chosen a PIN."""
    then = "2026-01-01T00:00:00Z"
    lines = ["phone,skills,home_lon,home_lat,consent_at,number_verified_at,pin"]
    lines += [
        f"{phone(n)},cpr,{LON},{LAT + 100 * n * METRE},{then},{then},{PINS.get(n, '')}"
        for n in (BY_KEY, BY_TEXT, WITHOUT)
    ]
    table = "\n".join(lines).encode()
    report = story.ask("POST", "/responders/import", table, content_type="text/csv")
    assert (report["added"], report["rejected"]) == (3, [])
    telco = story.telco
    telco.force("*", call="no-answer", sms="delivered", ring_s=2)
    telco.force(phone(BY_KEY), keys=["1", PINS[BY_KEY]], sms="delivered")
    telco.force(phone(BY_TEXT), call="busy", reply="1", reply_after_s=4)
    telco.force(phone(WITHOUT), call="busy", reply="1", reply_after_s=6)


@pytest.mark.scenario
@pytest.mark.enable_socket
def test_the_address_of_a_home(tmp_path: Path) -> None:
    """Nobody has it before they have shown who they are; no digit is kept."""
    with opened(tmp_path, home_address_pin=True) as story:
        register(story)
        report = {
            "lon": LON,
            "lat": LAT,
            "address": ADDRESS,
            "scene_safe": True,
            "place_type": "private_home",
            "ems_eta_min": 14,
        }
        case = f"/cases/{story.ask('POST', '/cases', report)['id']}"

        story.wait_for_text(BY_KEY, ADDRESS, timeout_s=30)
        story.wait_for_text(BY_TEXT, "4-digit PIN")
        story.wait_for_text(WITHOUT, "rings you")
        assert ADDRESS not in story.texts(BY_TEXT) + story.texts(WITHOUT)

        story.write(BY_TEXT, "1111")
        story.wait_for_text(BY_TEXT, "not your PIN")
        story.write(BY_TEXT, PINS[BY_TEXT])
        story.ask("POST", f"{case}/offers/{WITHOUT}/vouch")
        for n in (BY_TEXT, WITHOUT):
            story.wait_for_text(n, ADDRESS)
        story.ask("POST", f"{case}/close")
    kept = [_kept(file) for file in tmp_path.rglob("*.db")]
    assert any(word.startswith("~") for words in kept for word in words)
    assert all(not words & {*PINS.values(), "1111"} for words in kept)


def _kept(file: Path) -> set[str]:
    """Words of everything that carriers have sent."""
    with sqlite3.connect(file) as connection:
        rows = [line for line in connection.iterdump() if line.startswith(_WHERE)]
    return set(" ".join(rows).replace('"', " ").replace("'", " ").split())
