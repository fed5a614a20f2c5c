"""``tocsin alert``, ``audience`` and ``cap``: good and bad input, nothing half-done."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ops.demo.world import ALERT_FILE, alert_for
from tests.cli.conftest import Run, assert_refused

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[104, 11], [106, 11], [106, 13], [104, 13], [104, 11]]],
}
BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[104, 11], [106, 13], [106, 11], [104, 13], [104, 11]]],
}
DOCTYPE = (
    '<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY x "y">]>'
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">&x;</alert>'
)


@pytest.fixture
def people(database: Path, tocsin: Run, tmp_path: Path) -> Path:
    """A database with three people between the Mekong and the lake."""
    lines = "phone,language,lon,lat\n"
    lines += "".join(f"+8551234567{n},km,104.4{n},12.5{n}\n" for n in range(3))
    (tmp_path / "people.csv").write_text(lines)
    assert tocsin("import", "subscribers", "people.csv").status == 0
    return database


@pytest.fixture
def cap(tmp_path: Path) -> Path:
    """The demo's flood alert, dated today."""
    file = tmp_path / "alert.xml"
    now = datetime.now(UTC)  # noqa: TID251 - the services read the real clock
    file.write_bytes(alert_for(now, file=ALERT_FILE, identifier="a-1"))
    return file


def n_alerts(database: Path) -> int:
    connection = sqlite3.connect(database)
    (n,) = connection.execute("SELECT count(*) FROM alerts").fetchone()
    connection.close()
    return int(n)


def write(path: Path, document: object) -> Path:
    text = document if isinstance(document, str) else json.dumps(document)
    path.write_text(text, encoding="utf-8")
    return path


def test_send_submits_and_says_who_comes_next(
    people: Path, cap: Path, tocsin: Run
) -> None:
    """A CAP file becomes a submitted alert; a second person is needed."""
    result = tocsin("alert", "send", cap, "--by", "anna", "--json")

    told = json.loads(result.out)
    assert result.status == 0
    assert (told["state"], told["affected"]) == ("submitted", 3)
    assert n_alerts(people) == 1


@pytest.mark.usefixtures("people")
def test_a_crossing_outline_is_told_to_who_sends_it(cap: Path, tocsin: Run) -> None:
    """It becomes a draft, repaired, with the element and line of the crossing."""
    crossing = "<polygon>11,104 13,106 11,106 13,104 11,104</polygon>"
    text = re.sub("<polygon>.*?</polygon>", crossing, cap.read_text(), flags=re.DOTALL)
    cap.write_text(text, encoding="utf-8")

    result = tocsin("alert", "send", cap, "--by", "anna")

    assert result.status == 0
    assert re.search(r"alert\.xml: .*polygon.*crosses", result.out)
    assert "is submitted and concerns 3 people" in result.out


def test_the_same_alert_twice_is_told(people: Path, cap: Path, tocsin: Run) -> None:
    """The second one names the first, and is not kept."""
    tocsin("alert", "send", cap)

    assert_refused(tocsin("alert", "send", cap), "already known")
    assert n_alerts(people) == 1


def test_an_alert_for_nobody_is_not_kept(
    database: Path, cap: Path, tocsin: Run
) -> None:
    """No draft is left behind for somebody to find."""
    assert_refused(tocsin("alert", "send", cap), "Nobody", "tocsin audience")
    assert n_alerts(database) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not xml", "JSON"),
        ("<alert>", "well-formed"),
        (DOCTYPE, "DOCTYPE"),
        ("<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>", "identifier"),
        ("", "JSON"),
    ],
)
def test_bad_documents_are_not_sent(
    text: str, words: str, people: Path, tocsin: Run, tmp_path: Path
) -> None:
    """What is wrong and where; nothing is kept."""
    file = write(tmp_path / "bad.xml", text)

    result = tocsin("alert", "send", file)

    assert result.status == 1
    assert words in result.err
    assert "Traceback" not in result.err
    assert n_alerts(people) == 0


@pytest.mark.usefixtures("people")
def test_audience_counts_who_is_inside(tocsin: Run, tmp_path: Path) -> None:
    """Polygon in, counts out."""
    file = write(tmp_path / "area.json", SQUARE)

    told = json.loads(tocsin("audience", file, "--json").out)
    words = tocsin("audience", file)

    assert (told["n"], told["repairs"]) == (3, [])
    assert words.status == 0
    assert words.out.startswith("3 people inside")


@pytest.mark.usefixtures("people")
def test_audience_of_a_cap_file(cap: Path, tocsin: Run) -> None:
    """The same file that would be sent."""
    assert tocsin("audience", cap).out.startswith("3 people inside")


@pytest.mark.usefixtures("people")
def test_repairs_are_shown(tocsin: Run, tmp_path: Path) -> None:
    """Whoever's polygon crosses itself reads where, what was done, and what to do."""
    file = write(tmp_path / "area.json", BOW_TIE)

    words = tocsin("audience", file)
    told = json.loads(tocsin("audience", file, "--json").out)

    assert words.status == 0
    assert "area.json: The outline crosses or touches itself" in words.out
    assert "correct the outline" in words.out
    assert told["repairs"]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("[[[", "not JSON"),
        ({"type": "Polygon", "coordinates": "abc"}, "must be a list"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]]]}, "coordinate|number"),
        ({"type": "Point", "coordinates": [104, 11]}, "area|Point"),
        ({"type": "Polygon", "coordinates": [[[999, 11], [1, 1], [2, 2]]]}, "999"),
        (
            {
                "type": "Polygon",
                "coordinates": [[[11, 104], [12, 104], [12, 105], [11, 104]]],
            },
            "exchanged",
        ),
        ({"type": "Polygon", "coordinates": []}, "empty|no"),
        (DOCTYPE, "DOCTYPE"),
    ],
    ids=str,
)
@pytest.mark.usefixtures("database")
def test_bad_areas_are_told(
    document: object, words: str, tocsin: Run, tmp_path: Path
) -> None:
    """Wrong types, swapped axes, impossible coordinates: a sentence each."""
    file = write(tmp_path / "area.json", document)

    result = tocsin("audience", file)

    assert_refused(result)
    assert re.search(words, result.err)


@pytest.mark.usefixtures("database")
def test_an_area_may_have_as_many_points_as_the_settings_say(
    tocsin: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command obeys the limit that the service obeys."""
    monkeypatch.setenv("TOCSIN_MAX_AREA_POINTS", "100")
    ring = [[104 + k / 1000, 11 + k % 2 / 1000] for k in range(150)]
    shape = {"type": "Polygon", "coordinates": [[*ring, [104, 12], ring[0]]]}
    file = write(tmp_path / "area.json", shape)

    assert_refused(tocsin("audience", file), "100")


def test_check_of_a_good_file(cap: Path, tocsin: Run) -> None:
    """Exit 0 and JSON; no database is needed."""
    result = tocsin("cap", "check", cap)

    assert result.status == 0
    assert json.loads(result.out)


@pytest.mark.parametrize("text", ["", "not xml", "<alert>", DOCTYPE])
def test_check_of_a_bad_file(text: str, tocsin: Run, tmp_path: Path) -> None:
    """Exit 1 and every defect with its line; JSON if wanted."""
    file = write(tmp_path / "bad.xml", text)

    words = tocsin("cap", "check", file)
    told = tocsin("cap", "check", file, "--json")

    assert words.status == told.status == 1
    assert words.out.startswith(f"{file}: line ")
    assert json.loads(told.out)


def test_check_of_a_missing_file(tocsin: Run) -> None:
    """The path is repeated."""
    result = tocsin("cap", "check", "nowhere.xml")

    assert result.status == 2
    assert "nowhere.xml" in result.err
