"""A warning, its update and its all-clear, whole: who reads which words.

Real processes over real HTTP to the built-in telco, two people at the desk.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.alert_desk import EAST, WEST, a_form, desk

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.timeout(180),
]

IN_WEST, IN_BOTH, FRENCH, IN_EAST, AWAY = (f"+8551234560{n}" for n in range(5))
PEOPLE = [
    f"{IN_WEST},en,104.3,11.5,sms",
    f"{IN_BOTH},en,104.3,11.5,sms",
    f"{IN_BOTH},en,105.5,11.5,sms",
    f"{FRENCH},fr,104.3,11.5,sms",
    f"{IN_EAST},en,105.5,11.5,sms",
    f"{AWAY},en,120.0,11.5,sms",
]


def test_warning_update_all_clear(tmp_path: Path) -> None:
    """Each of five people reads exactly what concerns them, in their language."""
    with desk(tmp_path, sms_per_s=100) as one:
        one.register(PEOPLE)
        draft = one.ask("POST", "/alerts", a_form(WEST, "Flood of the Mekong"))
        alert = draft["id"]
        preview = one.ask("GET", f"/alerts/{alert}/preview")
        assert preview["counts"]["n"] == 3
        assert preview["by_variant"] == {"warning": 3}
        one.ask("POST", f"/alerts/{alert}/submit")
        one.approve(alert)
        one.wait_for_texts(3)

        update = one.ask(
            "POST", f"/alerts/{alert}/update", a_form(EAST, "Flood moves east")
        )
        preview = one.ask("GET", f"/alerts/{update['id']}/preview")
        assert preview["by_variant"] == {"warning": 1, "update": 1, "released": 2}
        assert preview["differences"]["removed_km2"] > 0
        changed = {one["field"] for one in preview["differences"]["changed"]["en"]}
        assert "headline" in changed
        one.ask("POST", f"/alerts/{update['id']}/submit")
        one.approve(update["id"])
        one.wait_for_texts(7)
        assert one.ask("GET", f"/alerts/{alert}")["state"] == "ended"

        all_clear = one.ask("POST", f"/alerts/{update['id']}/all-clear")
        assert (all_clear["state"], all_clear["kind"]) == ("submitted", "all_clear")
        one.approve(all_clear["id"])
        one.wait_for_texts(11)

        assert heard(one.texts(IN_WEST)) == ["Flood of the Mekong", "gone", "clear"]
        assert heard(one.texts(IN_BOTH)) == ["Flood of the Mekong", "update", "clear"]
        assert heard(one.texts(IN_EAST)) == ["Flood moves east", "clear"]
        assert one.texts(AWAY) == []
        french = one.texts(FRENCH)
        assert len(french) == 3
        assert french[0].startswith("Ministry of Water. Crue: Flood of the Mekong.")
        assert "Crue" in french[2]
        progress = one.ask("GET", f"/alerts/{update['id']}/progress")
        assert progress["by_variant"] == {"warning": 1, "update": 1, "released": 2}
        report = one.ask("GET", f"/alerts/{all_clear['id']}/report")
        assert report["is_balanced"]
        assert report["progress"]["people_attempted"] == 4
        actions = [step["action"] for step in report["steps"]]
        assert actions == ["alert.draft", "alert.approve"]


def heard(texts: list[str]) -> list[str]:
    """Which text each is."""
    marks = {
        "UPDATE of our earlier message.": "update",
        "no longer holds for": "gone",
        "ALL CLEAR": "clear",
        "Flood moves east": "Flood moves east",
        "Flood of the Mekong": "Flood of the Mekong",
    }
    return [
        next(name for mark, name in marks.items() if mark in text) for text in texts
    ]
