"""``tocsin import`` and ``tocsin db``: what is refused is told, the rest is in."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Run, assert_refused

EXAMPLE = Path(__file__).parents[2] / "warning/examples/khm-mekong-flood.xml"
HEADER = "phone,language,lon,lat\n"
GOOD = "+85512345678,km,104.9,11.5\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


def n_subscribers(database: Path) -> int:
    connection = sqlite3.connect(database)
    (n,) = connection.execute("SELECT count(*) FROM subscribers").fetchone()
    connection.close()
    return int(n)


def test_upgrade_twice_is_upgrade_once(tocsin: Run) -> None:
    """Making the tables may be repeated."""
    first, second = tocsin("db", "upgrade"), tocsin("db", "upgrade")

    assert first == second
    assert first.status == 0


def test_import_says_what_came_of_it(database: Path, people: Path, tocsin: Run) -> None:
    """Numbers, in words that fit one and many."""
    people.write_text(HEADER + GOOD)

    result = tocsin("import", "subscribers", people)

    assert result.status == 0
    assert result.out == (
        "1 line read: 1 person was added, 0 updated, 1 place, 0 lines rejected.\n"
    )
    assert n_subscribers(database) == 1


def test_bad_lines_are_told_and_the_others_are_in(
    database: Path, people: Path, tocsin: Run
) -> None:
    """Each rejected line with its number and reason; exit 1; nothing else lost."""
    people.write_text(
        HEADER + "abc,km,1,1\n" + GOOD + "+85512345679,km,999,11\n" + '"x,km,1\n'
        "+85512345670,km,11.5,104.9\n+85512345671,xx-nonsense-,104.9,11.5\n"
    )

    result = tocsin("import", "subscribers", people)

    assert result.status == 1
    for line in (2, 4, 5, 6, 7):
        assert f"  line {line}: " in result.out
    assert "look exchanged" in result.out
    assert "import the file again" in result.out
    assert "12345679" not in result.out
    assert n_subscribers(database) == 1


def test_when_no_line_can_be_used(database: Path, people: Path, tocsin: Run) -> None:
    """Exit 1, and the database is as it was."""
    people.write_text(HEADER + "abc,km,1,1\n")

    result = tocsin("import", "subscribers", people)

    assert result.status == 1
    assert "nothing was changed" in result.out
    assert n_subscribers(database) == 0


def test_dry_run_changes_nothing(database: Path, people: Path, tocsin: Run) -> None:
    """It only says what would be."""
    people.write_text(HEADER + GOOD)

    result = tocsin("import", "subscribers", people, "--dry-run", "--json")

    told = json.loads(result.out)
    assert (told["dry_run"], told["added"]) == (True, 1)
    assert n_subscribers(database) == 0


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (b"", [], "empty"),
        (b"phone;language;lon;lat\n", [], "comma"),
        (b"name,age\nx,1\n", [], "phone"),
        (HEADER.encode() + "សុខ".encode("utf-16-le"), [], "UTF-8"),
        (HEADER.encode() + b"\xe9t\xe9,km,1,1\n", [], "UTF-8"),
        (HEADER.encode(), ["--encoding", "klingon"], "klingon"),
    ],
    ids=["empty", "semicolons", "header", "mixed", "latin-1", "unknown-encoding"],
)
def test_files_that_cannot_be_read(  # noqa: PLR0917 - three of them are fixtures
    content: bytes,
    options: list[str],
    words: str,
    database: Path,
    people: Path,
    tocsin: Run,
) -> None:
    """The whole file is refused, in a sentence, before anybody is stored."""
    people.write_bytes(content)

    result = tocsin("import", "subscribers", people, *options)

    assert result.status == 1
    assert words in result.err
    assert "Traceback" not in result.err
    assert n_subscribers(database) == 0


def test_rejected_lines_go_to_a_file(
    database: Path, people: Path, tocsin: Run, tmp_path: Path
) -> None:
    """All of them, also those that the screen has no room for."""
    people.write_text(HEADER + GOOD + "abc,km,1,1\n" * 30)

    result = tocsin("import", "subscribers", people, "--rejected", "rejected.csv")

    lines = (tmp_path / "rejected.csv").read_text().splitlines()
    assert lines[0] == "line,column,reason"
    assert len(lines) == 31
    assert "… and 10 more" in result.out
    assert n_subscribers(database) == 1


def test_rejected_lines_need_a_place_before_the_start(
    database: Path, people: Path, tocsin: Run
) -> None:
    """A folder that is not there is told before, not after, half an hour of work."""
    people.write_text(HEADER + GOOD)

    result = tocsin("import", "subscribers", people, "--rejected", "nowhere/r.csv")

    assert_refused(result, "nowhere/r.csv")
    assert n_subscribers(database) == 0


def test_the_file_that_is_read_is_not_overwritten(
    database: Path, people: Path, tocsin: Run
) -> None:
    """Whoever names one file twice keeps it."""
    people.write_text(HEADER + GOOD)

    result = tocsin("import", "subscribers", people, "--rejected", people)

    assert result.status == 2
    assert people.read_text() == HEADER + GOOD
    assert n_subscribers(database) == 0


def test_areas_come_in(database: Path, tocsin: Run, tmp_path: Path) -> None:
    """A GeoJSON file of areas."""
    feature = {
        "type": "Feature",
        "properties": {"code": "KH-1", "name": "One"},
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[104, 11], [105, 11], [105, 12], [104, 11]]],
        },
    }
    collection = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "areas.geojson").write_text(json.dumps(collection))
    options = ["--code-field", "code", "--name-field", "name", "--level", "1"]

    result = tocsin("import", "areas", "areas.geojson", *options)

    assert (result.status, result.err) == (0, "")
    assert result.out == "1 areas are known from areas.geojson.\n"
    assert database.exists()


# What the library warns its programmers of is kept from the screen by the logging.
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("text", ["", "[[[", '{"type": "Polygon", "coordinates": 1}'])
def test_bad_boundary_files_are_told(text: str, tocsin: Run, tmp_path: Path) -> None:
    """One sentence, and no warning of a library beside it."""
    (tmp_path / "areas.geojson").write_text(text)

    assert_refused(tocsin("import", "areas", "areas.geojson"), "areas.geojson")


def test_figures_that_differ_are_told_and_mended(database: Path, tocsin: Run) -> None:
    """Status 1 until somebody mends them; nothing is changed by looking."""
    assert tocsin("db", "recount").status == 0
    connection = sqlite3.connect(database)
    connection.execute(
        "INSERT INTO alerts (alert_id, cap_xml, sender, identifier, sent, msg_type,"
        " cap_status, state, created_by, created_at) VALUES"
        " ('A1', ?, 's', 'i', 0, 'Alert', 'Actual', 'live', 'anna', 0)",
        [EXAMPLE.read_text()],
    )
    connection.execute("INSERT INTO recipient_tallies VALUES (1, 1, NULL, NULL, 0, 5)")
    connection.commit()

    for _ in range(2):
        told = tocsin("db", "recount", "--json")
        assert (told.status, json.loads(told.out)["different"]) == (1, ["A1"])
    assert tocsin("db", "recount", "--mend").status == 0
    assert tocsin("db", "recount").status == 0
    connection.close()
