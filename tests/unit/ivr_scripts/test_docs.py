"""The manual of the scripts names everything the code knows."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from ivr_scripts.catalogue import load_catalogue
from ivr_scripts.keywords import CommandKind
from ivr_scripts.model import Choice, Outcome, Script, Step, StepKind

MANUAL = (Path(__file__).parents[3] / "docs" / "ivr-scripts.md").read_text("utf-8")


def test_every_field_and_kind_is_in_the_manual() -> None:
    """Who writes a script need not read the code."""
    names = {spec.name for kind in (Script, Step, Choice) for spec in fields(kind)}
    names |= {kind.value for kind in StepKind}

    names -= {"name", "steps"}  # keys of tables, not fields of a file

    assert sorted(name for name in names if f"`{name}" not in MANUAL) == []


def test_every_script_outcome_and_command_is_in_the_manual() -> None:
    """And who reads a report finds the words explained."""
    names = {f"`{name}`" for name in load_catalogue().scripts}
    names |= {f"`{outcome.name}`" for outcome in Outcome}
    names |= {f"`{kind.name}`" for kind in CommandKind}

    assert sorted(name for name in names if name not in MANUAL) == []


def test_every_list_the_scripts_ask_for_is_in_the_manual() -> None:
    """The caller implements them from this table."""
    scripts = load_catalogue().scripts.values()
    lists = {step.lookup for script in scripts for step in script.steps.values()}

    assert all(f"`{name}`" in MANUAL for name in lists if name)
