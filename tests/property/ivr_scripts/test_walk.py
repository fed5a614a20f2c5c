"""Every script, through every branch, in every language, on both telcos."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
from lxml import etree

from ivr_scripts.catalogue import LanguageLookup, Wording, load_catalogue
from ivr_scripts.flow import targets
from ivr_scripts.interpreter import advance, start
from ivr_scripts.model import (
    LookupRequest,
    Option,
    Outcome,
    Result,
    Script,
    StepKind,
    Turn,
)
from ivr_scripts.position import Position
from telephony.calls import twiml
from telephony.calls.spoken import NoSounds, SpokenSource
from telephony.calls.twiml import Dialect

KEYS = (None, *"0123456789*#", "120501")
CATALOGUE = load_catalogue()
LANGUAGES = CATALOGUE.languages
VERBS = {"Say", "Play", "Gather", "Record", "Dial", "Redirect", "Hangup"}
ALWAYS_BY_SILENCE = {
    "flood_warning", "warning", "all_clear", "check_in", "drill", "cardiac_dispatch",
    "registration", "report_incident", "record_prompt", "notice", "help_callback",
    "reachability", "cardiac_home",
}  # fmt: skip


@dataclass(frozen=True)
class Country:
    """Lists as a service offers them: levels of places, codes, warnings."""

    n: int = 10
    n_levels: int = 3

    def options(self, request: LookupRequest) -> Sequence[Option]:
        if request.name == "languages":
            return LanguageLookup(CATALOGUE).options(request)[: self.n]
        if request.name == "pin":
            return [Option("5ea1")] if request.entered == "120501" else []
        if request.name == "place_by_code":
            return (
                [Option("120501", "Tonle Basak")] if request.entered == "120501" else []
            )
        level = len(request.picked.get("place", "")) // 2
        if request.name == "places" and level >= self.n_levels:
            return []
        parent = request.picked.get("place", "")
        return [Option(f"{parent}{i:02}", f"Name {i}") for i in range(1, self.n + 1)]

    def name(self, pick: str, value: str, language: str) -> str:
        return f"{pick} {value}"


def words(_: str) -> Mapping[str, str]:
    """What an alert or a case says, with everything that could break a document."""
    names = {name for script in CATALOGUE.scripts.values() for name in script.variables}
    return {name: f'<{name}> & "ទឹក" \x07' for name in names}


class Recorded(NoSounds):
    """Recordings exist for what no telco speaks, as approval demands."""

    def recorded(self, wording: Wording) -> str | None:
        if twiml.speakable(wording.language, Dialect.SOMLENG):
            return None
        return f"https://warn.example/audio/{wording.language}.wav"

    def named(self, name: str) -> str | None:
        return f"https://warn.example/audio/{name}.wav"


def walked(
    script: Script, language: str, country: Country
) -> Iterator[tuple[str, Turn]]:
    """Each turn that can happen, after the step from which it came."""
    first = advance(script, start(script, language), lookup=country)
    waiting, seen = [first], {key(first.position)}
    yield script.start, first
    while waiting:
        before = waiting.pop()
        for digits in KEYS:
            turn = advance(
                script,
                before.position,
                digits,
                lookup=country,
                recording=spoken(digits),
                dialled=ended(digits),
            )
            yield before.position.step, turn
            if not turn.ends and key(turn.position) not in seen:
                seen.add(key(turn.position))
                waiting.append(turn)


def spoken(digits: str | None) -> str | None:
    """A recording, unless the walk is silent."""
    return digits and "RE1"


def ended(digits: str | None) -> str | None:
    """How a bridge ended: each way, once by a carrier that says nothing."""
    return {"1": "completed/9", "2": "busy/0", "3": "no-answer/0"}.get(digits or "")


def key(position: Position) -> tuple[str, int, int, int]:
    """What makes a place in a call different: of what was picked only how much."""
    depth = sum(len(value) for _, value in position.picked)
    return position.step, position.said, position.page % 2, depth


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(CATALOGUE.scripts))
def test_every_branch_makes_a_document_both_telcos_run(
    name: str, language: str, dialect: Dialect
) -> None:
    """No key at any step, in any language, leads to a document a telco would drop."""
    script = CATALOGUE.script(name)
    source = SpokenSource(CATALOGUE, words, Recorded(), dialect)
    done = set()
    for _, turn in walked(script, language, Country(2)):
        if (turn.prompts, turn.position) in done:
            continue
        done.add((turn.prompts, turn.position))
        for prompt in turn.prompts:
            if not prompt.sound:
                assert CATALOGUE.wording(prompt, words(prompt.language)).text
        assert Position.decode(turn.position.encode()) == turn.position
        text = twiml.render(
            turn,
            action_url=lambda at: f"https://warn.example/ivr?at={at.encode()}&s={name}",
            prompt_source=source,
            dialect=dialect,
            numbers={"citizen_number": "+85512345678"},
            caller_id="1294",
        )
        check_document(text)


def check_document(text: str) -> None:
    """The rules both telcos have in common."""
    root = etree.fromstring(text.encode("utf-8"))
    assert root.tag == "Response"
    assert {verb.tag for verb in root} <= VERBS
    assert root[-1].tag in {"Hangup", "Gather", "Dial", "Redirect"}
    for element in root.iter():
        assert element.tail is None
        address = element.get("action")
        if element.tag in {"Play", "Redirect"}:
            address = element.text
        assert address is None or address.startswith("https://warn.example/")
    for gather in root.iter("Gather"):
        assert gather.get("actionOnEmptyResult") == "true"
        assert {verb.tag for verb in gather} <= {"Say", "Play"}
        assert gather.text is None
        assert len(gather)


COUNTRIES = [Country(0), Country(2, 1), Country(2, 2), Country(2, 3)]


@pytest.mark.parametrize("name", sorted(CATALOGUE.scripts))
def test_every_way_of_every_script_is_taken(name: str) -> None:
    """The walk leaves no arrow out, and takes none that is not there."""
    script = CATALOGUE.script(name)
    arrived: dict[str, set[str]] = {}
    for country in COUNTRIES:
        for step, turn in walked(script, "en", country):
            arrived.setdefault(step, set()).add(turn.position.step)

    for step, reached in arrived.items():
        # A list that is empty has not been asked: that way starts one step earlier.
        asked = replace(script.steps[step], on_empty="")
        ways = {end for to in targets(asked) for end in ends_of(script, to)}
        assert reached - {step} == ways - {step}
    silent = {step.name for step in script.steps.values() if not step.on_give_up}
    assert set(script.steps) - arrived.keys() <= silent


def ends_of(script: Script, name: str) -> Iterator[str]:
    """Where a call can stand after going to a step."""
    step = script.steps[name]
    if step.kind is StepKind.SAY:
        yield from ends_of(script, step.to)
        return
    yield name
    if step.on_empty:
        yield from ends_of(script, step.on_empty)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(CATALOGUE.scripts))
def test_silence_ends_every_call_within_nine_questions(
    name: str, language: str
) -> None:
    """A machine that picks up is not spoken to for long, and confirms nothing."""
    script = CATALOGUE.script(name)
    turn = advance(script, start(script, language), lookup=Country())
    results: list[Result] = list(turn.results)
    n_questions = 1
    while not turn.ends:
        turn = advance(script, turn.position, None, lookup=Country())
        results += turn.results
        n_questions += 1

    assert n_questions <= 10
    expected = [Outcome.NO_ANSWER] if name in ALWAYS_BY_SILENCE else []
    assert [result.outcome for result in results] == expected


@pytest.mark.parametrize("name", sorted(CATALOGUE.scripts))
@pytest.mark.parametrize("digits", KEYS)
def test_one_key_for_ever_ends_every_call(name: str, digits: str | None) -> None:
    """Whatever a broken phone keeps sending, the call is over after ``max_turns``."""
    script = CATALOGUE.script(name)
    turn = advance(script, start(script, "km"), lookup=Country())
    n_questions = 0
    while not turn.ends:
        turn = advance(script, turn.position, digits, lookup=Country(), recording="RE1")
        n_questions += 1

    assert n_questions <= script.max_turns


def call(name: str, *keys: str | None) -> list[str]:
    """Results of a call in Khmer in which these keys are pressed, as text."""
    script = CATALOGUE.script(name)
    turn = advance(script, start(script, "km"), lookup=Country())
    results = list(turn.results)
    for digits in keys:
        turn = advance(
            script,
            turn.position,
            digits,
            lookup=Country(),
            recording="RE1",
            dialled=ended(digits),
        )
        results += turn.results
    assert turn.ends
    return [str(result) for result in results]


@pytest.mark.parametrize(
    ("name", "keys", "expected"),
    [
        ("flood_warning", "1", ["CONFIRMED"]),
        ("flood_warning", "21", ["CONFIRMED"]),
        ("warning", "3-", ["CONFIRMED", "NEED_HELP", "RECORDED:RE1"]),
        ("warning", "91", ["OPTED_OUT", "OPTED_IN"]),
        ("warning", "9-", ["OPTED_OUT"]),
        ("all_clear", "1", ["CONFIRMED"]),
        ("check_in", "1", ["SAFE"]),
        ("check_in", "2-", ["NEED_HELP", "RECORDED:RE1"]),
        ("check_in", "3-", ["URGENT", "RECORDED:RE1"]),
        ("drill", "1", ["CONFIRMED"]),
        ("cardiac_dispatch", "1--", ["ACCEPTED"]),
        ("cardiac_dispatch", "139", ["ACCEPTED", "WITHDRAWN"]),
        ("cardiac_dispatch", "32", ["DECLINED"]),
        ("registration", "311231", ["LANGUAGE_CHANGED:en", "REGISTERED:010203"]),
        ("my_settings", "211231" + "0", ["PLACE_CHANGED:010203"]),
        ("my_settings", "430", ["CHANNELS_CHANGED:sms+voice"]),
        ("my_settings", "330", ["LANGUAGE_CHANGED:en"]),
        ("my_settings", "110", []),
        ("my_settings", "9-", ["OPTED_OUT"]),
        ("report_incident", "211-", ["REPORTED:fire", "RECORDED:RE1"]),
        ("report_incident", "1221231-", ["REPORTED:flood", "RECORDED:RE1"]),
        ("help_callback", "11", ["DIALLED:completed/9"]),
        ("help_callback", "121--", ["DIALLED:busy/0", "DIALLED"]),
        ("record_prompt", "-3-1", ["RECORDED:RE1"] * 2 + ["RECORDING_KEPT:RE1"]),
    ],
)  # fmt: skip
def test_what_a_call_leads_to(name: str, keys: str, expected: list[str]) -> None:
    """The keys of a whole call, ``-`` for none, and everything they bring about."""
    assert call(name, *(None if digit == "-" else digit for digit in keys)) == expected


def test_registration_by_code_registers_that_place() -> None:
    """A code is quicker than four pages of provinces."""
    results = call("registration", "3", "2", "999", "120501", "1")

    assert results == ["LANGUAGE_CHANGED:en", "REGISTERED:120501"]


def test_choosing_again_starts_with_the_provinces() -> None:
    """A wrong district is undone by 0, or by 2 at the end."""
    results = call("registration", "3", "1", "1", "0", "1", "2", "1", "1", "2", "1",
                   "3", "3", "3", "1")  # fmt: skip

    assert results[-1] == "REGISTERED:030303"


def test_what_is_reported_stays_with_the_call() -> None:
    """Kind, injured and place can be read from the turn that reports."""
    script = CATALOGUE.script("report_incident")
    turn = advance(script, start(script, "en"), lookup=Country())
    for digits in ("3", "1", "1"):
        turn = advance(script, turn.position, digits, lookup=Country())

    assert dict(turn.position.picked) == {
        "kind": "road",
        "hurt": "yes",
        "place": "home",
    }
