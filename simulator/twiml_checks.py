"""What keeps a verb from being run: unknown, malformed, an address without a host.

Pure; the dialects differ in `<Pause>` and in what `<Play>` resolves.
"""

from __future__ import annotations

from urllib.parse import urljoin

from simulator.twiml import (
    Dial,
    Gather,
    Pause,
    Play,
    Record,
    Redirect,
    Texted,
    Unknown,
    Verb,
    is_absolute_url,
)
from simulator.twiml_steps import RunnerRules


def fault_of(verb: Verb, base: str, rules: RunnerRules) -> str | None:
    """Say what keeps a verb from being run, or None.

    Parameters
    ----------
    verb : Verb
        As parsed.
    base : str
        Address of its document, empty for an inline one.
    rules : RunnerRules
        The dialect.
    """
    return (
        _fault_of_form(verb)
        or _fault_of_prompts(verb, base, rules)
        or (_fault_of_target(verb, base))
    )


def _fault_of_form(verb: Verb) -> str | None:
    match verb:
        case Unknown():
            return f"12200 <{verb.name}> {verb.why}"
        case Texted():
            return "12200 <Message> is not a verb of a call"
        case Redirect(url=""):
            return "<Redirect> must contain a URL"
        case Dial(numbers=()):
            return "13223 <Dial> names no number"
        case _:
            return None


def _fault_of_prompts(verb: Verb, base: str, rules: RunnerRules) -> str | None:
    prompts = verb.prompts if isinstance(verb, Gather) else (verb,)
    for prompt in prompts:
        if isinstance(prompt, Pause) and rules.stops_at_unknown:
            return "Invalid element <Pause>"
        if isinstance(prompt, Play) and not _is_playable(prompt, base, rules):
            return "11100 <Play> has no absolute URL"
    return None


def _fault_of_target(verb: Verb, base: str) -> str | None:
    target = verb.url if isinstance(verb, Redirect) else _action(verb)
    if target and not is_absolute_url(urljoin(base, target)):
        return f"11100 <{type(verb).__name__}> has no absolute URL"
    return None


def _action(verb: Verb) -> str | None:
    return verb.action if isinstance(verb, Gather | Record | Dial) else None


def _is_playable(play: Play, base: str, rules: RunnerRules) -> bool:
    url = urljoin(base, play.url) if rules.resolves_media else play.url
    return is_absolute_url(url)
