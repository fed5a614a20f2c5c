"""Runs TwiML as a pure interpreter: says what to do next, is told what came of it.

`run` is a generator. It yields steps (fetch this document, speak these prompts, ask for
keys, record, dial) and receives replies; it has no clock, no network and no phone. The
call session performs the steps against a simulated person.

The dialects differ here: Twilio resolves relative addresses, runs `<Pause>`, skips a
verb it does not know with a warning; Somleng ends the call at such a verb, waits a
second before a `<Redirect>`, and plays only absolute addresses.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urljoin

from simulator.errors import TwimlError
from simulator.forms import Pairs
from simulator.twiml import (
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Prompt,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
    parse,
)
from simulator.twiml_checks import fault_of
from simulator.twiml_steps import (
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

#: A call that asks for more documents than this is going round in circles.
MAX_DOCUMENTS = 200

_ReplyT = TypeVar("_ReplyT", Fetched, str, Recorded, Connected)


@dataclass(frozen=True, slots=True)
class _GoTo:
    """Continue with another document."""

    fetch: Fetch


Run = Generator[Step, Reply, Ending]
_Part = Generator[Step, Reply, "_GoTo | Reject | Hangup | None"]


def run(start: Fetch | Fetched, rules: RunnerRules) -> Run:
    """Interpret a call's documents from the first to the last.

    Parameters
    ----------
    start : Fetch or Fetched
        What to ask for first, or an inline document (its address is empty).
    rules : RunnerRules
        The dialect.

    Yields
    ------
    Step
        Send the reply each one documents.

    Returns
    -------
    Ending
        Status and warnings; a person who rings off simply ends the generator.
    """
    ending = Ending()
    document: Fetched | None
    fetch: Fetch | None = start if isinstance(start, Fetch) else None
    document = None if isinstance(start, Fetch) else start
    for _ in range(MAX_DOCUMENTS):
        if fetch is not None:
            document = _expect((yield fetch), Fetched)
        if document is None:
            ending.warnings.append("11200 the document could not be fetched")
            return ending
        try:
            verbs = parse(document.text)
        except TwimlError as error:
            ending.warnings.append(f"12100 {error}")
            return ending
        outcome = yield from _run_document(verbs, document.url, rules, ending)
        if isinstance(outcome, Reject):
            ending.status = "busy" if outcome.reason == "busy" else "no-answer"
        if not isinstance(outcome, _GoTo):
            return ending
        fetch = outcome.fetch
    ending.warnings.append(f"the call asked for more than {MAX_DOCUMENTS} documents")
    return ending


def _run_document(
    verbs: tuple[Verb, ...], base: str, rules: RunnerRules, ending: Ending
) -> _Part:
    for verb in verbs:
        fault = fault_of(verb, base, rules)
        if fault:
            ending.warnings.append(fault)
            if rules.stops_at_unknown:
                return None
            continue
        if isinstance(verb, Hangup | Reject):
            return verb
        goto = yield from _run_verb(verb, base, rules)
        if goto is not None:
            return goto
    return None


def _run_verb(
    verb: Verb, base: str, rules: RunnerRules
) -> Generator[Step, Reply, _GoTo | None]:
    if isinstance(verb, Say | Play | Pause):
        yield Speak((_resolved(verb, base, rules),))
    elif isinstance(verb, Gather):
        return (yield from _gather(verb, base, rules))
    elif isinstance(verb, Record):
        return (yield from _record(verb, base, rules))
    elif isinstance(verb, Dial):
        return (yield from _dial(verb, base))
    elif isinstance(verb, Redirect):
        if rules.redirect_wait_s:
            yield Speak((Pause(rules.redirect_wait_s),))
        return _goto(verb.url, verb.method, base, [])
    return None


def _gather(
    gather: Gather, base: str, rules: RunnerRules
) -> Generator[Step, Reply, _GoTo | None]:
    prompts = tuple(_resolved(prompt, base, rules) for prompt in gather.prompts)
    asked = Gather(
        prompts=prompts,
        timeout_s=gather.timeout_s,
        num_digits=gather.num_digits,
        finish_on_key=gather.finish_on_key,
    )
    digits = _expect((yield AskKeys(asked)), str) or ""
    if not digits and not gather.action_on_empty_result:
        return None
    if not gather.action and not base:
        # An inline document has no address of its own to ask again.
        return None
    # No key pressed: the action is asked without any `Digits` field at all.
    fields = [("Digits", digits)] if digits else []
    return _goto(gather.action, gather.method, base, fields)


def _record(
    record: Record, base: str, rules: RunnerRules
) -> Generator[Step, Reply, _GoTo | None]:
    recorded = _expect((yield TakeRecording(record)), Recorded)
    if recorded is None or not (record.action or base):
        return None
    fields = [
        ("RecordingUrl", recorded.url),
        ("RecordingDuration", str(recorded.duration_s)),
    ]
    if rules.describes_recordings:
        fields += [("RecordingSid", recorded.sid), ("Digits", recorded.ended_by)]
    return _goto(record.action, record.method, base, fields)


def _dial(dial: Dial, base: str) -> Generator[Step, Reply, _GoTo | None]:
    connected = _expect((yield Connect(dial)), Connected) or Connected("failed")
    if not dial.action:
        return None
    fields = [("DialCallStatus", connected.status)]
    if connected.sid:
        fields.append(("DialCallSid", connected.sid))
    if connected.duration_s is not None:
        fields.append(("DialCallDuration", str(connected.duration_s)))
    return _goto(dial.action, dial.method, base, fields)


def _goto(url: str | None, method: str, base: str, fields: Pairs) -> _GoTo:
    # Without an action the document asks its own address again.
    return _GoTo(Fetch(urljoin(base, url or ""), method, fields))


def _resolved(prompt: Prompt, base: str, rules: RunnerRules) -> Prompt:
    if isinstance(prompt, Play) and rules.resolves_media:
        return Play(urljoin(base, prompt.url), prompt.loop)
    return prompt


def _expect(reply: Reply, kind: type[_ReplyT]) -> _ReplyT | None:
    if reply is not None and not isinstance(reply, kind):
        raise TypeError(f"a {kind.__name__} was expected, not {type(reply).__name__}")
    return reply
