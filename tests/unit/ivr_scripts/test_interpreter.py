"""The interpreter: one answer in, one turn out, and every call ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from ivr_scripts.catalogue import Catalogue, LanguageLookup, load_catalogue
from ivr_scripts.errors import LookupMissingError, PositionError, ScriptError
from ivr_scripts.interpreter import advance, start
from ivr_scripts.loader import read_script
from ivr_scripts.model import (
    Dial,
    Gather,
    LookupRequest,
    Option,
    Outcome,
    Prompt,
    Record,
    Result,
    Turn,
)
from ivr_scripts.position import Position


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@dataclass
class Places:
    """A lookup with places in three levels, as the service would offer them."""

    n: int = 3
    asked: list[LookupRequest] = field(default_factory=list)

    def options(self, request: LookupRequest) -> Sequence[Option]:
        self.asked.append(request)
        if request.name == "languages":
            return [Option("km", key="common.language", language="km")]
        if request.entered:
            return (
                [Option("120501", "Tonle Basak")] if request.entered == "120501" else []
            )
        parent = request.picked.get("place", "")
        return [Option(f"{parent}{i:02}", f"place {i}") for i in range(1, self.n + 1)]

    def name(self, pick: str, value: str, language: str) -> str:
        return f"{pick} {value} in {language}"


def walk(script_text: str, keys: Sequence[str | None], lookup: Places) -> list[Turn]:
    """Every turn of a call in English in which these keys are pressed."""
    script = read_script(script_text, "sample")
    turns = [advance(script, start(script, "en"), lookup=lookup)]
    for key in keys:
        turns.append(advance(script, turns[-1].position, key, lookup=lookup))
    return turns


LIST = """
start = "list"
on_limit = "end"
[steps.list]
kind = "lookup"
say = ["place.province"]
lookup = "places"
pick = "place"
results = ["PLACE_CHANGED"]
page_size = 2
to = "told"
on_empty = "end"
on_give_up = "end"
choices = [{ digit = "0", say = "choice.finish", to = "end", forget = ["place"] }]
[steps.told]
kind = "say"
say = ["place.chosen", "@place"]
to = "end"
[steps.end]
kind = "end"
say = ["common.goodbye"]
"""


def test_the_first_turn_speaks_the_alert_and_then_its_keys(
    catalogue: Catalogue,
) -> None:
    """Words come first, then "Press 1" and what for, key by key."""
    script = catalogue.script("flood_warning")

    turn = advance(script, start(script, "km"), lookup=LanguageLookup(catalogue))

    assert turn.prompts[0] == Prompt("km", "flood_warning.opening")
    assert Prompt("km", "$instruction") in turn.prompts
    keys = [prompt.key for prompt in turn.prompts]
    assert keys[keys.index("press.3") + 1] == "choice.need_help"
    assert turn.wait == Gather(max_digits=1, timeout_s=6)
    assert turn.position == Position("km", "menu", said=1, turn=1)
    assert not turn.results


def test_understood_confirms_and_ends(catalogue: Catalogue) -> None:
    """Key 1 on a warning is the confirmation."""
    script = catalogue.script("flood_warning")
    lookup = LanguageLookup(catalogue)

    turn = advance(script, Position("km", "menu", 1, 1), "1", lookup=lookup)

    assert turn.results == (Result(Outcome.CONFIRMED),)
    assert turn.ends


@pytest.mark.parametrize("key", [None, "", " ", "5", "#", "*", "12", "x"])
def test_silence_and_wrong_keys_end_after_three_tries(
    catalogue: Catalogue, key: str | None
) -> None:
    """Three times without a valid key is no answer, never a confirmation."""
    script = catalogue.script("flood_warning")
    lookup = LanguageLookup(catalogue)
    turn = advance(script, start(script, "en"), lookup=lookup)
    for _ in range(2):
        turn = advance(script, turn.position, key, lookup=lookup)
        assert not turn.ends

    turn = advance(script, turn.position, key, lookup=lookup)

    assert turn.ends
    assert turn.results == (Result(Outcome.NO_ANSWER),)


def test_silence_repeats_everything_and_a_wrong_key_only_the_choices(
    catalogue: Catalogue,
) -> None:
    """Who said nothing may not have listened yet; who pressed a wrong key has."""
    script = catalogue.script("flood_warning")
    lookup = LanguageLookup(catalogue)
    position = Position("en", "menu", 1, 1)

    silent = advance(script, position, None, lookup=lookup)
    wrong = advance(script, position, "8", lookup=lookup)

    assert silent.prompts[0].key == "common.silence"
    assert Prompt("en", "$area") in silent.prompts
    assert wrong.prompts[0].key == "common.wrong"
    assert Prompt("en", "$area") not in wrong.prompts
    assert Prompt("en", "press.1") in wrong.prompts


def test_a_language_is_offered_in_itself_and_kept(catalogue: Catalogue) -> None:
    """The language menu names each language in its own words, then goes on in it."""
    script = catalogue.script("flood_warning")
    lookup = LanguageLookup(catalogue, offered=["km", "en"])
    menu = advance(script, Position("en", "menu", 1, 1), "4", lookup=lookup)
    assert Prompt("km", "press.1") in menu.prompts
    assert Prompt("km", "common.language") in menu.prompts

    turn = advance(script, menu.position, "1", lookup=lookup)

    assert [str(result) for result in turn.results] == ["LANGUAGE_CHANGED:km"]
    assert turn.language == "km"
    assert {prompt.language for prompt in turn.prompts} == {"km"}


def test_asking_again_and_again_ends_at_the_limit(catalogue: Catalogue) -> None:
    """A machine that presses 2 for ever is hung up on."""
    script = catalogue.script("flood_warning")
    lookup = LanguageLookup(catalogue)
    turn = advance(script, start(script, "en"), lookup=lookup)
    n_turns = 1
    while not turn.ends:
        turn = advance(script, turn.position, "2", lookup=lookup)
        n_turns += 1

    assert n_turns == script.max_turns + 1
    assert turn.results == (Result(Outcome.NO_ANSWER),)


def test_the_last_answer_counts(catalogue: Catalogue) -> None:
    """At the limit no further question is asked, but what was said is kept."""
    script = catalogue.script("flood_warning")
    lookup = LanguageLookup(catalogue)
    position = Position("en", "menu", 1, script.max_turns)

    understood = advance(script, position, "1", lookup=lookup)
    help_wanted = advance(script, position, "3", lookup=lookup)

    assert [str(result) for result in understood.results] == ["CONFIRMED"]
    assert understood.position.step == "thanks"
    assert [str(result) for result in help_wanted.results] == ["CONFIRMED", "NEED_HELP"]
    assert help_wanted.ends


def test_a_repeated_request_gives_the_same_turn(catalogue: Catalogue) -> None:
    """A carrier that asks twice does not move the call twice."""
    script = catalogue.script("flood_warning")
    lookup = LanguageLookup(catalogue)
    position = Position("en", "menu", 2, 4)

    turns = [advance(script, position, "3", lookup=lookup) for _ in range(2)]

    assert turns[0] == turns[1]


@pytest.mark.parametrize("step", ["nowhere", "thanks"])
def test_a_position_that_is_no_question_is_refused(
    catalogue: Catalogue, step: str
) -> None:
    """Steps that are unknown, or at which a call has ended, take no answer."""
    script = catalogue.script("flood_warning")

    with pytest.raises(PositionError, match=step):
        advance(
            script, Position("en", step, 1, 1), "1", lookup=LanguageLookup(catalogue)
        )


def test_a_lookup_turns_its_pages_and_wraps() -> None:
    """Key 9 shows the next page and, after the last, the first again."""
    turns = walk(LIST, ["9", "9"], Places(n=3))

    spoken = [[prompt.text for prompt in turn.prompts if prompt.text] for turn in turns]
    assert spoken == [
        ["place 1", "place 2"],
        ["place 3"],
        ["place 1", "place 2"],
    ]
    assert Prompt("en", "common.more") in turns[1].prompts


def test_a_choice_of_a_page_is_picked_named_and_told() -> None:
    """What is chosen is kept, spoken by its name, and is the value of the result."""
    turn = walk(LIST, ["9", "1"], Places(n=3))[-1]

    assert [str(result) for result in turn.results] == ["PLACE_CHANGED:03"]
    assert turn.prompts[1] == Prompt("en", text="place 03 in en")
    assert dict(turn.position.picked) == {"place": "03"}
    assert turn.ends


def test_a_page_has_no_keys_beyond_its_choices() -> None:
    """Key 2 on a page of one is a wrong key; 9 without more pages as well."""
    assert walk(LIST, ["9", "2"], Places(n=3))[-1].prompts[0].key == "common.wrong"
    assert walk(LIST, ["9"], Places(n=2))[-1].prompts[0].key == "common.wrong"


def test_an_empty_list_is_not_offered() -> None:
    """Nothing to choose from leads where the script says, without a question."""
    turn = walk(LIST, [], Places(n=0))[-1]

    assert turn.ends
    assert turn.prompts == (Prompt("en", "common.goodbye"),)


CODE = """
start = "code"
on_limit = "end"
[steps.code]
kind = "enter"
say = ["place.code"]
lookup = "place_by_code"
pick = "place"
max_digits = 6
to = "speak"
on_give_up = "end"
[steps.speak]
kind = "record"
say = ["report.speak"]
results = ["RECORDED", "REPORTED:@place"]
tries = 1
max_s = 30
to = "bridge"
on_give_up = "bridge"
[steps.bridge]
kind = "dial"
dial = "operator_number"
results = ["DIALLED"]
to = "end"
on_give_up = "nobody"
[steps.nobody]
kind = "end"
say = ["place.code"]
[steps.end]
kind = "end"
say = ["common.goodbye"]
"""


def test_a_code_is_entered_and_recognised_or_asked_again() -> None:
    """Digits that no lookup knows are a wrong answer, with the question repeated."""
    lookup = Places()
    first, again, speak = walk(CODE, ["99", "120501"], lookup)

    assert first.wait == Gather(max_digits=6, timeout_s=12, finish_on_key="#")
    assert [prompt.key for prompt in again.prompts] == ["common.wrong", "place.code"]
    assert dict(speak.position.picked) == {"place": "120501"}
    assert speak.wait == Record(max_s=30, silence_s=5)
    assert [request.entered for request in lookup.asked] == ["99", "120501"]


def test_a_recording_is_reported_with_what_was_picked() -> None:
    """The address of the recording and the place come out together."""
    script = read_script(CODE, "sample")
    position = Position("en", "speak", 1, 3).pick("place", "120501")

    turn = advance(script, position, lookup=Places(), recording="https://a.example/r")

    assert [str(result) for result in turn.results] == [
        "RECORDED:https://a.example/r",
        "REPORTED:120501",
    ]
    assert turn.wait == Dial("operator_number")


def test_nothing_recorded_goes_on_without_a_result() -> None:
    """A silent recording is not kept and does not hold the call up."""
    script = read_script(CODE, "sample")

    turn = advance(script, Position("en", "speak", 1, 3), lookup=Places())

    assert turn.results == ()
    assert turn.wait == Dial("operator_number")


@pytest.mark.parametrize(
    ("dialled", "step", "told"),
    [
        ("completed/34", "end", "DIALLED:completed/34"),
        ("answered/1", "end", "DIALLED:answered/1"),
        ("busy/0", "nobody", "DIALLED:busy/0"),
        (None, "nobody", "DIALLED"),
    ],
)
def test_after_a_bridge_the_call_goes_on_by_what_came_of_it(
    dialled: str | None, step: str, told: str
) -> None:
    """The carrier comes back when either side has hung up, or nobody picked up."""
    script = read_script(CODE, "sample")

    turn = advance(
        script, Position("en", "bridge", 1, 3), lookup=Places(), dialled=dialled
    )

    assert turn.ends
    assert turn.position.step == step
    assert [str(result) for result in turn.results] == [told]


def test_what_was_recorded_is_played_under_its_name() -> None:
    """A recording that is picked can be heard again at any later step."""
    text = CODE.replace('kind = "record"', 'kind = "record"\npick = "take"')
    text = text.replace('say = ["common.goodbye"]', 'say = ["common.goodbye", ">take"]')
    script = read_script(text, "sample")

    spoken = advance(
        script, Position("en", "speak", 1, 3), lookup=Places(), recording="ab12"
    )
    over = advance(script, spoken.position, lookup=Places(), dialled="completed/1")

    assert dict(spoken.position.picked) == {"take": "ab12"}
    assert over.prompts[-1] == Prompt("en", sound="ab12")


def test_a_list_that_nobody_offers_is_an_error(catalogue: Catalogue) -> None:
    """The lookup of plain warnings knows languages only and says so."""
    script = read_script(LIST, "sample")

    with pytest.raises(LookupMissingError, match="places"):
        advance(script, start(script, "en"), lookup=LanguageLookup(catalogue))


def test_a_name_that_was_not_picked_is_not_spoken() -> None:
    """Choosing "none of these" leaves a gap, not an error, in mid-call."""
    turn = walk(
        LIST.replace('to = "end", forget', 'to = "told", forget'), ["0"], Places()
    )

    assert [prompt.key for prompt in turn[-1].prompts] == [
        "place.chosen",
        "common.goodbye",
    ]


def test_a_script_that_speaks_in_a_circle_is_stopped() -> None:
    """Such a script does not pass the check; a call would hang for ever."""
    circle = LIST.replace('to = "end"\n[steps.end]', 'to = "told"\n[steps.end]')

    with pytest.raises(ScriptError, match="sample speaks in a circle around 'told'"):
        walk(circle, ["1"], Places())
