"""``tocsin scripts``: what people who write scripts are told."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ivr_scripts import catalogue, checks
from ivr_scripts.problem import Problem
from tests.cli.conftest import Run, assert_refused


def test_the_packaged_scripts_can_be_used(tocsin: Run) -> None:
    """All that comes with the product passes its own check, without a database."""
    said = tocsin("scripts", "check", "--json")
    assert said.status == 0
    facts = json.loads(said.out)
    assert facts["is_usable"]
    assert "registration" in facts["scripts"]
    assert {"en", "km", "ar"} <= set(facts["languages"])


def test_each_defect_is_a_line_and_the_status_says_so(
    tocsin: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script that is wrong is named with its place, and a build stops."""
    wrong = [Problem("drill.menu", "nobody ever gets here.")]
    monkeypatch.setattr(checks, "check", lambda *_: wrong)
    said = tocsin("scripts", "check")
    assert said.status == 1
    assert said.out.strip() == "drill.menu: nobody ever gets here."


@pytest.mark.parametrize("language", ["en", "km", "ar"])
def test_a_script_is_drawn_in_a_language(
    tocsin: Run, tmp_path: Path, language: str
) -> None:
    """The picture is one SVG document with the words of the language asked for."""
    file = tmp_path / "flow.svg"
    said = tocsin(
        "scripts", "graph", "registration", "--language", language, "-o", file
    )
    assert said.status == 0
    assert ET.parse(file).getroot().tag.endswith("svg")  # noqa: S314 - our own
    first_words = catalogue.load_catalogue().text(language, "registration.opening")
    assert first_words.split()[0][:8] in file.read_text(encoding="utf-8")


def test_a_picture_goes_to_standard_output_unless_a_file_is_named(tocsin: Run) -> None:
    """It can be piped into a browser."""
    assert tocsin("scripts", "graph", "drill").out.lstrip().startswith("<svg")


def test_an_unknown_script_or_language_is_told_with_those_there_are(
    tocsin: Run,
) -> None:
    """Who mistypes sees what to type."""
    assert_refused(tocsin("scripts", "graph", "flod"), "flood_warning")
    assert_refused(tocsin("scripts", "graph", "drill", "--language", "xx"), "km")
