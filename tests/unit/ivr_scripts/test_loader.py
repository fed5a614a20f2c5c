"""Script and text files: what is read, and what is refused with which sentence."""

from __future__ import annotations

import pytest

from ivr_scripts.errors import ScriptFormatError
from ivr_scripts.loader import read_script, read_texts
from ivr_scripts.model import Choice, Outcome, Result, StepKind

SCRIPT = """
start = "menu"
on_limit = "end"
variables = ["area"]
[steps.menu]
kind = "menu"
say = ["warning.where", "$area"]
on_give_up = "end"
timeout_s = 9
choices = [
  { digit = "1", say = "choice.fire", to = "end", pick = { kind = "fire" }, results = ["REPORTED:@kind"], forget = ["place"] },
]
[steps.end]
kind = "end"
"""  # noqa: E501 - as files have it
TEXTS = """
language = "xx"
name = "Xish"
fallback = "en"
[prompts]
top = " spaced "
[prompts.press]
1 = "Press 1"
[keywords]
STOP = ["stop"]
"""


def test_a_script_is_read_with_all_its_fields() -> None:
    """What stands in the file stands in the value, the rest has its default."""
    script = read_script(SCRIPT, "sample")

    menu = script.steps["menu"]
    assert (script.name, script.start, script.on_limit) == ("sample", "menu", "end")
    assert script.variables == {"area"}
    assert (menu.kind, menu.timeout_s, menu.tries) == (StepKind.MENU, 9, 3)
    assert menu.choices == (
        Choice(
            digit="1",
            to="end",
            say="choice.fire",
            results=(Result(Outcome.REPORTED, "@kind"),),
            pick=("kind", "fire"),
            forget=("place",),
        ),
    )


def test_parts_add_their_steps() -> None:
    """Steps that several scripts share are written once."""
    parts = {"bye": '[steps.bye]\nkind = "end"'}

    script = read_script(f'parts = ["bye"]\n{SCRIPT}', "sample", parts)

    assert set(script.steps) == {"menu", "end", "bye"}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("start =", "start", "sample: not TOML"),
        ('start = "menu"', "", "the field 'start' is missing"),
        ('start = "menu"', "start = 1", "sample: start: must be a text, not 1"),
        ('start = "menu"', 'begin = "menu"', "no such field: 'begin'"),
        ('start = "menu"', 'start = "menu"\nparts = ["x"]', "no such part: 'x'"),
        ('variables = ["area"]', 'variables = "area"', "variables: must be a list"),
        ('kind = "menu"', 'kind = "quiz"', "sample.menu: kind must be one of say,"),
        ("timeout_s = 9", "timeout_s = true", "timeout_s: must be a whole number"),
        ("timeout_s = 9", "time_out = 9", "sample.menu: no such field: 'time_out'"),
        ('digit = "1"', "digit = 1", "choice 1: digit: must be a text"),
        ('to = "end", ', "", "choice 1: the field 'to' is missing"),
        ("REPORTED:", "TOLD:", "no such outcome: 'TOLD'"),
        ('{ kind = "fire" }', '{ a = "1", b = "2" }', "pick takes one name"),
        ('{ kind = "fire" }', "{ kind = 1 }", "pick: must be a text"),
        ("[steps.end]", "[steps]\nend = 1\n[other]", "sample.end: must be a table"),
    ],
)
def test_a_script_that_cannot_be_read(old: str, new: str, sentence: str) -> None:
    """The message names file, step and field."""
    with pytest.raises(ScriptFormatError) as raised:
        read_script(SCRIPT.replace(old, new, 1), "sample")

    assert sentence in str(raised.value)


def test_a_step_cannot_be_in_a_part_and_in_the_script() -> None:
    """Neither silently wins."""
    with pytest.raises(ScriptFormatError, match="'end' is in the part 'bye' as well"):
        read_script(
            f'parts = ["bye"]\n{SCRIPT}', "sample", {"bye": '[steps.end]\nkind = "end"'}
        )


def test_texts_are_read_with_dotted_keys() -> None:
    """Tables inside the prompts are only a way to write keys."""
    texts = read_texts(TEXTS, "xx")

    assert dict(texts.prompts) == {"top": "spaced", "press.1": "Press 1"}
    assert dict(texts.keywords) == {"STOP": ("stop",)}
    assert (texts.name, texts.fallback, texts.is_reviewed) == ("Xish", "en", False)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"xx"', '"yy"', 'needs `language = "xx"`'),
        ('name = "Xish"', "", "the language's own `name`"),
        ('fallback = "en"', "fallback = 1", "fallback: must be a text"),
        ('fallback = "en"', "is_reviewed = 1", "is_reviewed: must be true or false"),
        ('fallback = "en"', 'colour = "red"', "no such field: 'colour'"),
        ('1 = "Press 1"', "1 = 1", "prompts.press.1: must be a text"),
        ('["stop"]', '"stop"', "keywords.STOP: must be a list"),
    ],
)
def test_texts_that_cannot_be_read(old: str, new: str, sentence: str) -> None:
    """The message names file and key."""
    with pytest.raises(ScriptFormatError) as raised:
        read_texts(TEXTS.replace(old, new, 1), "xx")

    assert sentence in str(raised.value)
