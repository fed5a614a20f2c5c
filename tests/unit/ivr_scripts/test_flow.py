"""The proof that every call ends: what it accepts and what it refuses."""

from __future__ import annotations

import pytest

from ivr_scripts.catalogue import load_catalogue
from ivr_scripts.flow import check_flow, targets
from ivr_scripts.loader import read_script

SOUND = """
start = "menu"
on_limit = "end"
variables = ["area"]
[steps.menu]
kind = "menu"
say = ["warning.where", "$area"]
on_give_up = "end"
choices = [
  { digit = "1", say = "choice.again", to = "menu" },
  { digit = "2", say = "choice.yes", to = "told", pick = { kind = "fire" } },
]
[steps.told]
kind = "say"
say = ["@kind"]
results = ["REPORTED:@kind"]
to = "list"
[steps.list]
kind = "lookup"
lookup = "places"
pick = "place"
to = "end"
on_empty = "end"
on_give_up = "end"
[steps.end]
kind = "end"
"""


def sentences(text: str) -> list[str]:
    return [str(problem) for problem in check_flow(read_script(text, "x"))]


@pytest.mark.parametrize("name", sorted(load_catalogue().scripts))
def test_the_packaged_scripts_are_sound(name: str) -> None:
    """Every call of the product ends, whatever a person does."""
    assert check_flow(load_catalogue().script(name)) == []


def test_a_sound_script_has_no_problems() -> None:
    """A person may hear the menu again as often as the limit of turns allows."""
    assert sentences(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('start = "menu"', 'start = "x"', "x: start is 'x', which is no step."),
        ('on_limit = "end"', 'on_limit = "menu"',
         "x: on_limit must be an end, 'menu' is not."),
        ('on_limit = "end"', 'on_limit = "end"\nmax_turns = 0',
         "x: max_turns must be 1 to 200."),
        ('to = "told"', 'to = "x"', "x.menu: leads to 'x', which is no step."),
        ('digit = "2"', 'digit = "1"', "x.menu: the key 1 is used twice."),
        ('digit = "2"', 'digit = "12"', "x.menu: '12' is not a key: 0 to 9, * or #."),
        ('"$area"', '"$aera"',
         "x.menu: speaks $aera, which is not among the variables."),
        ('"@kind"', '"@kin"', "x.told: speaks @kin, which nothing picks."),
        ("REPORTED:@kind", "REPORTED:@kin",
         "x.told: tells REPORTED:@kin, which nothing picks."),
        ('kind = "lookup"', 'kind = "lookup"\npage_size = 9',
         "x.list: page_size must be 1 to 8."),
        ('kind = "lookup"', 'kind = "lookup"\ntries = 6',
         "x.list: tries must be 1 to 5."),
        ('lookup = "places"', "", "x.list: a step of the kind lookup needs 'lookup'."),
        ('on_give_up = "end"', "",
         "x.menu: a step of the kind menu needs 'on_give_up'."),
        ('[steps.end]\nkind = "end"', '[steps.end]\nkind = "end"\nto = "menu"',
         "x.end: a step of the kind end has no use for 'to'."),
        ('kind = "lookup"',
         'kind = "lookup"\nchoices = [{ digit = "9", say = "choice.no", to = "end" }]',
         "x.list: the key 9 is used twice."),
        ("[steps.end]", '[steps.Odd]\nkind = "end"\n[steps.end]',
         "x.Odd: a step is named with a-z, 0-9 and _."),
        ("[steps.end]", '[steps.alone]\nkind = "end"\n[steps.end]',
         "x.alone: no step leads here."),
        ('on_give_up = "end"', 'on_give_up = "told"', None),
        ('on_empty = "end"', 'on_empty = "told"',
         "x.list: without an answer the call comes back here again and again."),
        ('on_give_up = "end"', 'on_give_up = "menu"',
         "x.menu: without an answer the call comes back here again and again."),
    ],
)  # fmt: skip
def test_each_defect_has_its_sentence(old: str, new: str, sentence: str | None) -> None:
    """One change to a sound script gives one problem, which names the place."""
    found = sentences(SOUND.replace(old, new, 1))

    assert (sentence in found) if sentence else not found


def test_a_step_from_which_no_end_can_be_reached_is_a_problem() -> None:
    """A person would be held for all turns of the call."""
    text = """
    start = "a"
    on_limit = "end"
    [steps.a]
    kind = "menu"
    say = ["x"]
    on_give_up = "b"
    choices = [{ digit = "1", say = "x", to = "b" }]
    [steps.b]
    kind = "dial"
    dial = "n"
    to = "a"
    on_give_up = "a"
    [steps.end]
    kind = "end"
    """

    assert "x.a: no way from here ends the call." in sentences(text)


def test_targets_are_told_once_each() -> None:
    """Three ways to the same step are one target."""
    script = read_script(SOUND, "x")

    assert list(targets(script.steps["list"])) == ["end"]
    assert list(targets(script.steps["menu"])) == ["menu", "told", "end"]
