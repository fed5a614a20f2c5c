"""Prove of one script that every call it makes ends.

Three facts together prove it. From every step an end can be reached, so nobody is
stuck. Following only what happens without an answer never comes back to a step, so
silence ends after the tries of the steps on that way. And answers are counted by the
interpreter up to ``max_turns``, where the script ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ivr_scripts.interpreter import MORE_DIGIT
from ivr_scripts.model import Script, Step, StepKind
from ivr_scripts.problem import Problem

#: Fields that a step of this kind must have, and those it may have besides ``say``.
FIELDS: dict[StepKind, tuple[frozenset[str], frozenset[str]]] = {
    kind: (frozenset(must.split()), frozenset(may.split()))
    for kind, must, may in [
        (StepKind.SAY, "say to", "results"),
        (StepKind.MENU, "say choices on_give_up", ""),
        (StepKind.LANGUAGE, "to on_empty on_give_up", "results choices"),
        (StepKind.LOOKUP, "lookup pick to on_empty on_give_up", "results choices"),
        (StepKind.ENTER, "say lookup pick to on_give_up", "results choices"),
        (StepKind.RECORD, "say to on_give_up", "results pick"),
        (StepKind.DIAL, "dial to on_give_up", "results"),
        (StepKind.END, "", "results"),
    ]
}
LISTS = frozenset({StepKind.LANGUAGE, StepKind.LOOKUP})
MAX_PAGE_SIZE = 8  #: 9 turns the page
_ALL_FIELDS = frozenset().union(*(must | may for must, may in FIELDS.values()))
_LIMITS = {
    "tries": (1, 5),
    "timeout_s": (1, 60),
    "max_digits": (1, 20),
    "max_s": (1, 600),
    "page_size": (1, MAX_PAGE_SIZE),
}
_MAX_TURNS = 200
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_DIGIT = re.compile(r"[0-9*#]", re.ASCII)


def check_flow(script: Script) -> list[Problem]:
    """Everything that is wrong with a script regardless of its words.

    Returns
    -------
    list of Problem
        Sorted; empty if every call ends and every step can be reached.
    """
    problems = [*_script_fields(script)]
    for step in script.steps.values():
        where = f"{script.name}.{step.name}"
        sentences = [*_step_fields(step), *_digits(step), *_names(script, step)]
        problems += [Problem(where, sentence) for sentence in sentences]
    if not problems:
        # The graph is worth looking at only when every edge leads somewhere.
        problems += _graph(script)
    return sorted(problems)


def targets(step: Step) -> Iterator[str]:
    """Names of the steps a step can lead to."""
    names = [choice.to for choice in step.choices]
    names += [step.to, step.on_give_up, step.on_empty]
    yield from dict.fromkeys(name for name in names if name)


def _script_fields(script: Script) -> Iterator[Problem]:
    for field in ("start", "on_limit"):
        name = getattr(script, field)
        if name not in script.steps:
            yield Problem(script.name, f"{field} is {name!r}, which is no step.")
    limit = script.steps.get(script.on_limit)
    if limit is not None and limit.kind is not StepKind.END:
        yield Problem(script.name, f"on_limit must be an end, {limit.name!r} is not.")
    if not 1 <= script.max_turns <= _MAX_TURNS:
        yield Problem(script.name, f"max_turns must be 1 to {_MAX_TURNS}.")


def _step_fields(step: Step) -> Iterator[str]:
    must, may = FIELDS[step.kind]
    for field in sorted(_ALL_FIELDS):
        is_filled = bool(getattr(step, field))
        if is_filled and field not in must | may | {"say"}:
            yield f"a step of the kind {step.kind} has no use for {field!r}."
        elif not is_filled and field in must:
            yield f"a step of the kind {step.kind} needs {field!r}."
    for field, (least, most) in _LIMITS.items():
        if not least <= getattr(step, field) <= most:
            yield f"{field} must be {least} to {most}."


def _digits(step: Step) -> Iterator[str]:
    taken = set()
    if step.kind in LISTS:
        taken = {str(digit) for digit in range(1, step.page_size + 1)} | {MORE_DIGIT}
    for choice in step.choices:
        if not _DIGIT.fullmatch(choice.digit):
            yield f"{choice.digit!r} is not a key: 0 to 9, * or #."
        if choice.digit in taken:
            yield f"the key {choice.digit} is used twice."
        taken.add(choice.digit)


def _names(script: Script, step: Step) -> Iterator[str]:
    """Names of steps, variables and picks that do not exist."""
    if not _NAME.fullmatch(step.name):
        yield "a step is named with a-z, 0-9 and _."
    for name in targets(step):
        if name not in script.steps:
            yield f"leads to {name!r}, which is no step."
    picks = _picks(script)
    for piece in step.say:
        if piece.startswith("$") and piece[1:] not in script.variables:
            yield f"speaks {piece}, which is not among the variables."
        if piece.startswith("@") and piece[1:] not in picks:
            yield f"speaks {piece}, which nothing picks."
        if piece.startswith(">") and piece[1:] not in _recorded(script):
            yield f"plays {piece}, which nothing records."
    results = [*step.results, *(r for choice in step.choices for r in choice.results)]
    for result in results:
        if result.value.startswith("@") and result.value[1:] not in picks:
            yield f"tells {result}, which nothing picks."


def _picks(script: Script) -> set[str]:
    steps = script.steps.values()
    chosen = (choice.pick for step in steps for choice in step.choices)
    return {step.pick for step in steps if step.pick} | {
        pick[0] for pick in chosen if pick is not None
    }


def _graph(script: Script) -> Iterator[Problem]:
    reached = _closure(script, {script.start, script.on_limit})
    for name in script.steps.keys() - reached:
        yield Problem(f"{script.name}.{name}", "no step leads here.")
    for name, step in script.steps.items():
        kinds = {script.steps[after].kind for after in _closure(script, {name})}
        if StepKind.END not in kinds:
            yield Problem(f"{script.name}.{name}", "no way from here ends the call.")
        if _comes_back(script, step):
            sentence = "without an answer the call comes back here again and again."
            yield Problem(f"{script.name}.{name}", sentence)


def _recorded(script: Script) -> set[str]:
    """Names under which something is recorded."""
    return {
        step.pick
        for step in script.steps.values()
        if step.kind is StepKind.RECORD and step.pick
    }


def _closure(script: Script, names: set[str]) -> set[str]:
    """Steps that can be reached, the given ones included."""
    reached: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= set(targets(script.steps[name])) - reached
    return reached


def _comes_back(script: Script, step: Step) -> bool:
    """Whether the ways taken without an answer return to a step."""
    seen: set[str] = set()
    waiting = set(_silent_targets(step))
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= set(_silent_targets(script.steps[name])) - seen
    return step.name in seen


def _silent_targets(step: Step) -> Iterator[str]:
    """Where a step leads when nobody presses a key or a list is empty."""
    # Whoever listens to a bridge presses nothing, however it ends.
    goes_on = step.kind in {StepKind.SAY, StepKind.DIAL}
    names = [step.to if goes_on else "", step.on_give_up, step.on_empty]
    yield from (name for name in names if name)
