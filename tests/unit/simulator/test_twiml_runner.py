"""The interpreter alone: steps out, replies in, no clock and no network."""

from __future__ import annotations

import pytest

from simulator.twiml import Gather, Pause, Play, Say
from simulator.twiml_runner import MAX_DOCUMENTS, run
from simulator.twiml_steps import (
    SOMLENG_RUNNER,
    TWILIO_RUNNER,
    AskKeys,
    Connect,
    Connected,
    Ending,
    Fetch,
    Fetched,
    Recorded,
    Reply,
    RunnerRules,
    Speak,
    Step,
    TakeRecording,
)

BASE = "https://tocsin.example/voice/7?try=1"
BOTH = pytest.mark.parametrize(
    "rules", [TWILIO_RUNNER, SOMLENG_RUNNER], ids=["twilio", "somleng"]
)


def perform(
    document: str, rules: RunnerRules, *replies: Reply, base: str = BASE
) -> tuple[list[Step], Ending]:
    """Run an already fetched document with prepared replies."""
    steps: list[Step] = []
    left = list(replies)
    machine = run(Fetched(f"<Response>{document}</Response>", base), rules)
    reply: Reply = None
    while True:
        try:
            step = machine.send(reply)
        except StopIteration as stop:
            ending = stop.value
            assert isinstance(ending, Ending)
            return steps, ending
        steps.append(step)
        reply = left.pop(0) if left else None


@BOTH
def test_speaks_in_order_and_ends(rules: RunnerRules) -> None:
    """Prompts are heard one after another; the end of the document ends the call."""
    steps, ending = perform("<Say>A</Say><Play>https://x.org/b.wav</Play>", rules)
    assert steps == [Speak((Say("A"),)), Speak((Play("https://x.org/b.wav"),))]
    assert ending == Ending("completed", [])


@BOTH
def test_keys_go_to_the_action(rules: RunnerRules) -> None:
    """Digits are posted to the action; the document that answers goes on."""
    document = '<Gather numDigits="1" action="https://x.org/k"><Say>Q</Say></Gather>'
    after = Fetched("<Response><Say>Thanks</Say></Response>", "https://x.org/k")
    steps, _ = perform(document, rules, "2", after)
    assert steps[1] == Fetch("https://x.org/k", "POST", [("Digits", "2")])
    assert steps[2] == Speak((Say("Thanks"),))


@BOTH
def test_silence_goes_on_with_the_next_verb(rules: RunnerRules) -> None:
    """Without a key and without actionOnEmptyResult the document goes on."""
    steps, _ = perform('<Gather action="https://x.org/k"/><Say>Bye</Say>', rules, "")
    assert steps[1] == Speak((Say("Bye"),))


@BOTH
def test_silence_calls_the_action_without_digits(rules: RunnerRules) -> None:
    """With actionOnEmptyResult the action is asked, and has no Digits field at all."""
    document = '<Gather action="https://x.org/k" actionOnEmptyResult="true"/>'
    steps, ending = perform(document, rules, "", None)
    assert steps[1] == Fetch("https://x.org/k", "POST", [])
    assert ending.warnings  # the action could not be fetched


def test_twilio_resolves_relative_addresses() -> None:
    """On Twilio actions and sounds are resolved against their document."""
    document = '<Gather action="../k?n=2"><Play>/s/a.wav</Play></Gather>'
    steps, _ = perform(document, TWILIO_RUNNER, "1", None)
    (ask, fetch) = steps
    assert isinstance(ask, AskKeys)
    assert ask.gather.prompts == (Play("https://tocsin.example/s/a.wav"),)
    assert isinstance(fetch, Fetch)
    assert fetch.url == "https://tocsin.example/k?n=2"


def test_somleng_plays_only_absolute_addresses() -> None:
    """A relative sound ends the call on Somleng."""
    steps, ending = perform("<Play>/a.wav</Play><Say>Never</Say>", SOMLENG_RUNNER)
    assert steps == []
    assert ending.warnings == ["11100 <Play> has no absolute URL"]


def test_somleng_ends_at_an_unknown_verb() -> None:
    """Somleng runs what precedes, then drops the rest and ends the call."""
    for verb in ("<Pause/>", "<Enqueue>q</Enqueue>", "<Gather><Pause/></Gather>"):
        steps, ending = perform(f"<Say>A</Say>{verb}<Say>B</Say>", SOMLENG_RUNNER)
        assert steps == [Speak((Say("A"),))], verb
        assert len(ending.warnings) == 1


def test_twilio_pauses_and_skips_what_it_does_not_know() -> None:
    """Twilio runs Pause and goes on after an unknown verb with a warning."""
    steps, ending = perform("<Pause length='2'/><Foo/><Say>B</Say>", TWILIO_RUNNER)
    assert steps == [Speak((Pause(2.0),)), Speak((Say("B"),))]
    assert ending.warnings == ["12200 <Foo> is not a verb"]


@BOTH
def test_redirect(rules: RunnerRules) -> None:
    """Redirect asks for another document; Somleng waits a second before."""
    steps, _ = perform('<Redirect method="GET">https://x.org/n</Redirect>', rules, None)
    waits = [Speak((Pause(1.0),))] if rules is SOMLENG_RUNNER else []
    assert steps == [*waits, Fetch("https://x.org/n", "GET", [])]


@BOTH
def test_redirect_to_nowhere(rules: RunnerRules) -> None:
    """A Redirect without an address is no redirect."""
    steps, ending = perform("<Redirect/>", rules)
    assert (steps, len(ending.warnings)) == ([], 1)


@BOTH
@pytest.mark.parametrize(
    ("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")]
)
def test_reject(rules: RunnerRules, reason: str, status: str) -> None:
    """Reject ends the call as busy or not answered."""
    steps, ending = perform(f'<Reject reason="{reason}"/><Say>Never</Say>', rules)
    assert (steps, ending.status) == ([], status)


@BOTH
def test_recording_goes_to_the_action(rules: RunnerRules) -> None:
    """What was recorded is posted; silence goes on with the next verb."""
    document = '<Record action="https://x.org/r"/><Say>Nothing heard</Say>'
    taken = Recorded("RE1", "https://telco/RE1", 6, "#")
    steps, _ = perform(document, rules, taken, None)
    assert isinstance(steps[0], TakeRecording)
    fetch = steps[1]
    assert isinstance(fetch, Fetch)
    told = {"RecordingUrl": "https://telco/RE1", "RecordingDuration": "6"}
    if rules is TWILIO_RUNNER:
        told |= {"RecordingSid": "RE1", "Digits": "#"}
    assert dict(fetch.fields) == told
    steps, _ = perform(document, rules, None)
    assert steps[1] == Speak((Say("Nothing heard"),))


@BOTH
def test_dial(rules: RunnerRules) -> None:
    """How dialling went is posted to the action, if there is one."""
    document = '<Dial action="https://x.org/d">+85512</Dial><Say>After</Say>'
    steps, _ = perform(document, rules, Connected("completed", "CA2", 30), None)
    assert isinstance(steps[0], Connect)
    fetch = steps[1]
    assert isinstance(fetch, Fetch)
    assert dict(fetch.fields)["DialCallStatus"] == "completed"
    steps, _ = perform("<Dial>+85512</Dial><Say>After</Say>", rules, Connected("busy"))
    assert steps[1] == Speak((Say("After"),))


@BOTH
def test_an_inline_document_has_no_address(rules: RunnerRules) -> None:
    """Relative actions of an inline document lead nowhere; without one it goes on."""
    steps, ending = perform('<Gather action="/k"/>', rules, "1", base="")
    assert (steps, len(ending.warnings)) == ([], 1)
    steps, _ = perform("<Gather/><Say>B</Say>", rules, "1", base="")
    assert steps == [AskKeys(Gather()), Speak((Say("B"),))]


@BOTH
def test_a_call_that_goes_in_circles_ends(rules: RunnerRules) -> None:
    """A document that asks for itself for ever is cut off."""
    text = f"<Response><Redirect>{BASE}</Redirect></Response>"
    machine = run(Fetch(BASE, "POST", []), rules)
    step: Step | None = next(machine)
    n_documents = 0
    while step is not None:
        n_documents += isinstance(step, Fetch)
        reply = Fetched(text, BASE) if isinstance(step, Fetch) else None
        try:
            step = machine.send(reply)
        except StopIteration:
            step = None
    assert n_documents == MAX_DOCUMENTS


@BOTH
def test_a_broken_document_ends_the_call(rules: RunnerRules) -> None:
    """What is no TwiML, or not to be had, ends the call with a warning."""
    machine = run(Fetched("<html>", BASE), rules)
    with pytest.raises(StopIteration) as stop:
        next(machine)
    assert stop.value.value.warnings[0].startswith("12100")


def test_a_wrong_reply_is_a_defect() -> None:
    """The session must reply in kind."""
    machine = run(Fetched("<Response><Gather/></Response>", BASE), TWILIO_RUNNER)
    next(machine)
    with pytest.raises(TypeError):
        machine.send(Connected("busy"))
