"""``tocsin case``, and ``tocsin import responders`` and ``aeds``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, assert_refused

PLACE = ("--lon", "104.92", "--lat", "11.56", "--address", "Kerkstraat 12")


@pytest.mark.usefixtures("database")
def test_a_case_from_open_to_close(tocsin: Run) -> None:
    """Opened, listed, shown, closed; then it cannot be cancelled."""
    opened = tocsin("case", "open", *PLACE, "--scene-safe", "--json")
    assert opened.status == 0
    case = json.loads(opened.out)
    assert (case["state"], case["duplicates"]) == ("triaged", [])
    again = tocsin("case", "open", *PLACE, "--scene-safe")
    assert "May be the same patient" in again.out
    assert case["case"] in tocsin("case", "list").out
    shown = tocsin("case", "show", case["case"], "--json")
    assert json.loads(shown.out)["offers"] == []
    assert "0 asked" in tocsin("case", "show", case["case"]).out
    closed = tocsin("case", "close", case["case"], "--reason", "there")
    assert "is closed" in closed.out
    assert_refused(tocsin("case", "cancel", case["case"]), "closed")
    assert_refused(tocsin("case", "show", "nowhere"), "no case")
    assert "No decision yet" in tocsin("case", "replay", case["case"]).out
    assert_refused(tocsin("case", "replay", "nowhere"), "no case")


@pytest.mark.usefixtures("database")
def test_without_a_safe_scene_nobody_is_asked(tocsin: Run) -> None:
    """It is the default, and it is said."""
    opened = tocsin("case", "open", *PLACE)
    assert "Nobody is asked to go" in opened.out


@pytest.mark.usefixtures("database")
def test_files_of_volunteers_and_aeds(tocsin: Run, tmp_path: Path) -> None:
    """Good lines are in; exit status 1 if one was not."""
    people = tmp_path / "volunteers.csv"
    people.write_text("phone,skills\n+85512345678,cpr\n+85512345679,juggler\n")
    result = tocsin("import", "responders", people)
    assert result.status == 1
    assert "1 volunteers added" in result.out
    assert "line 3: There is no skill 'juggler'" in result.out
    aeds = tmp_path / "aeds.csv"
    aeds.write_text("ref,lon,lat\na1,104.9,11.5\n")
    result = tocsin("import", "aeds", aeds, "--json")
    assert (result.status, json.loads(result.out)["added"]) == (0, 1)


@pytest.mark.usefixtures("database")
def test_who_can_be_reached(tocsin: Run, tmp_path: Path) -> None:
    """One is asked now; who has not had time to answer is on no list yet."""
    people = tmp_path / "volunteers.csv"
    people.write_text("phone,skills\n+85512345678,cpr\n")
    assert tocsin("import", "responders", people).status == 0
    assert "Volunteer 1 is asked" in tocsin("volunteer", "test", "1").out
    assert "Everybody who was asked" in tocsin("volunteer", "unreachable").out
    listed = json.loads(tocsin("volunteer", "unreachable", "--json").out)
    assert listed == {"unreachable": []}
    assert_refused(tocsin("volunteer", "test", "7"), "no responder 7")
