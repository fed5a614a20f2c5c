"""``tocsin texts``: read, written anew, as a file and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, assert_refused

pytestmark = pytest.mark.usefixtures("database")
ACT = "hazards.flood.act"


def test_a_text_is_written_and_gone_back_on(tocsin: Run) -> None:
    """What is said shows it, and so does a preview."""
    assert tocsin("texts", "set", "en", ACT, "Go to the pagoda.").status == 0
    assert (
        "says so already" in tocsin("texts", "set", "en", ACT, "Go to the pagoda.").out
    )
    assert f"{ACT}*  Go to the pagoda." in tocsin("texts", "show", "en").out
    told = tocsin(
        "message", "template", "flood", "--place", "en=Kandal", "--source", "M"
    )
    assert "Go to the pagoda." in told.out

    assert "release again: 1." in tocsin("texts", "back", "en", "--all").out
    assert ACT + "  Move" in tocsin("texts", "show", "en").out
    action = tocsin("audit", "verify")
    assert action.status == 0


def test_languages_are_listed(tocsin: Run) -> None:
    """With what is one's own and what nobody has read."""
    tocsin("texts", "set", "km", ACT, "ឡើង!")
    listed = json.loads(tocsin("texts", "list", "--json").out)["languages"]
    assert {"language": "km", "own": 1, "unreviewed": 67} in listed
    assert "en  0 of your own, 0 not read" in tocsin("texts", "list").out


def test_a_speaker_notes_what_they_have_read(tocsin: Run) -> None:
    """All of it or by name; not what they wrote themselves."""
    assert "noted as read: 67." in tocsin("texts", "review", "da", "--all").out
    facts = json.loads(tocsin("texts", "show", "da", "--json").out)
    assert all(one["reviewed_by"] for one in facts["texts"])
    tocsin("texts", "set", "da", ACT, "Op!")
    assert_refused(tocsin("texts", "review", "da", ACT), "somebody else")
    assert tocsin("texts", "review", "da").status == 2
    assert tocsin("texts", "review", "da", ACT, "--all").status == 2


def test_a_language_goes_out_and_comes_back(tocsin: Run, tmp_path: Path) -> None:
    """On the screen or in a file; a new language by another tag."""
    file = tmp_path / "sw.toml"
    assert tocsin("texts", "export", "en", "--output", file).status == 0
    text = file.read_text(encoding="utf-8")
    assert tocsin("texts", "export", "en").out == text

    file.write_text(text.replace('"en"', '"sw"'), encoding="utf-8")
    taken = json.loads(tocsin("texts", "import", file, "--json").out)
    assert (taken["language"], len(taken["changed"])) == ("sw", 67)


def test_a_file_does_not_write_over_what_came_later(
    tocsin: Run, tmp_path: Path
) -> None:
    """Unless that is said."""
    file = tmp_path / "km.toml"
    tocsin("texts", "export", "km", "--output", file)
    tocsin("texts", "set", "km", ACT, "ឡើង!")
    assert_refused(tocsin("texts", "import", file), "meanwhile")
    assert "are changed: 1." in tocsin("texts", "import", "--over", file).out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("set", "km", ACT, "x" * 121), "at most 120"),
        (("set", "km", "flood.act", "x"), "No text is called"),
        (("set", "xx", ACT, "x"), "no texts in 'xx'"),
        (("show", "xx"), "no texts in 'xx'"),
        (("export", "xx"), "no texts in 'xx'"),
    ],
)
def test_what_cannot_be_is_refused(
    tocsin: Run, arguments: tuple[str, ...], says: str
) -> None:
    """With a sentence that says what to do."""
    assert_refused(tocsin("texts", *arguments), says)


def test_a_huge_file_is_not_read(tocsin: Run, tmp_path: Path) -> None:
    """No further than texts can be long."""
    file = tmp_path / "km.toml"
    file.write_bytes(b"#" * 5_000_000)
    assert_refused(tocsin("texts", "import", file), "at most 200,000")
