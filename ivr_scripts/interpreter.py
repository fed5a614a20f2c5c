"""Walk a script: a position and the keys pressed go in, the next turn comes out.

Pure: no clock, no input or output, no memory between two calls. Lists from outside
come from the ``Lookup`` the caller gives.

A call always ends: every answer makes ``Position.turn`` one larger and a script allows
``max_turns``; within one turn only ``SAY`` steps follow one another, and ``checks``
refuses scripts in which they run in a circle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ivr_scripts.errors import PositionError, ScriptError
from ivr_scripts.model import (
    Choice,
    Dial,
    Gather,
    Lookup,
    LookupRequest,
    Option,
    Prompt,
    Record,
    Result,
    Script,
    Step,
    StepKind,
    Turn,
)
from ivr_scripts.position import Position

MORE_DIGIT = "9"  #: turns the page of a lookup
LANGUAGES_LOOKUP = "languages"  #: the list a ``LANGUAGE`` step asks for
SILENCE_KEY = "common.silence"  #: said before a step that got no key
WRONG_KEY = "common.wrong"  #: said before a step that got an unused key
_SPEAKING = frozenset({StepKind.SAY, StepKind.END})
_LISTS = frozenset({StepKind.LOOKUP, StepKind.LANGUAGE})
_CODE_TIMEOUT_FACTOR = 2  #: a code is read from paper; a menu is heard
_RECORD_SILENCE_S = 5
_CONNECTED = frozenset({"completed", "answered"})  #: the carriers' words for it


@dataclass(frozen=True, slots=True)
class _Move:
    """Where an answer leads."""

    to: str
    position: Position
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back from the phone; empty where there was none of it."""

    pressed: str
    recording: str
    dialled: str

    @property
    def was_connected(self) -> bool:
        """Whether whoever was dialled picked up."""
        return self.dialled.partition("/")[0] in _CONNECTED


def start(script: Script, language: str) -> Position:
    """Where a call in that language begins; give it to ``advance`` with no digits."""
    return Position(language=language, step=script.start)


def advance(
    script: Script,
    position: Position,
    digits: str | None = None,
    *,
    lookup: Lookup,
    recording: str | None = None,
    dialled: str | None = None,
) -> Turn:
    """Judge an answer and tell what comes next.

    Parameters
    ----------
    script : Script
        The conversation.
    position : Position
        From ``start``, or the one that came back with the keys.
    digits : str or None
        Keys pressed; None or blank is silence. Ignored while the position's step has
        not been spoken (``said == 0``).
    lookup : Lookup
        Lists from outside.
    recording : str or None
        Name of what was recorded, if the step was ``RECORD`` and anything was.
    dialled : str or None
        How the bridge went, if the step was ``DIAL``: the carrier's word, and perhaps
        more after a slash.

    Returns
    -------
    Turn
        What happened, what to say and what to wait for. The same arguments always give
        an equal turn, so a repeated request of the carrier does no harm.

    Raises
    ------
    PositionError
        If the position does not belong to this script.
    LookupMissingError
        If the caller's lookup does not know the list of the step.
    """
    answer = _Answer((digits or "").strip(), recording or "", dialled or "")
    turn = _next(script, position, answer, lookup)
    if turn.ends or turn.position.turn <= script.max_turns:
        return turn
    # The answer counts; only the question that would follow it is not asked.
    limit = _enter(script, _Move(script.on_limit, position), lookup)
    return replace(limit, results=turn.results or limit.results)


def _next(script: Script, position: Position, answer: _Answer, lookup: Lookup) -> Turn:
    """Judge an answer, whatever the number of questions.

    Raises
    ------
    PositionError
        If the position does not belong to this script.
    """
    step = script.steps.get(position.step)
    if step is not None and position.said == 0:
        return _enter(script, _Move(step.name, position), lookup)
    if step is None or step.kind in _SPEAKING:
        msg = f"{script.name} has no question {position.step!r}; start the call again."
        raise PositionError(msg)
    move = _judged(step, position, answer, lookup)
    if move is not None:
        return _enter(script, move, lookup)
    if position.said >= step.tries:
        return _enter(script, _Move(step.on_give_up, position), lookup)
    return _again(step, position, lookup, is_silent=not answer.pressed)


def _judged(
    step: Step, position: Position, answer: _Answer, lookup: Lookup
) -> _Move | None:
    """Where the answer leads, None if it is silence or no answer to this step."""
    if step.kind is StepKind.DIAL:
        to = step.to if answer.was_connected else step.on_give_up
        return _Move(to, position, _valued(step.results, answer.dialled))
    if step.kind is StepKind.RECORD:
        if not answer.recording:
            return None
        after = position.pick(step.pick, answer.recording) if step.pick else position
        return _Move(step.to, after, _valued(step.results, answer.recording))
    for choice in step.choices:
        if choice.digit == answer.pressed:
            return _chosen(choice, position)
    if not answer.pressed or step.kind is StepKind.MENU:
        return None
    return _listed(step, position, answer.pressed, lookup)


def _chosen(choice: Choice, position: Position) -> _Move:
    after = position.forget(*choice.forget)
    if choice.pick is not None:
        after = after.pick(*choice.pick)
    return _Move(choice.to, after, choice.results)


def _listed(
    step: Step, position: Position, pressed: str, lookup: Lookup
) -> _Move | None:
    """Where a choice of the caller's list leads."""
    if step.kind is StepKind.ENTER:
        options = _options(step, position, lookup, entered=pressed)
        return _picked(step, position, options[0]) if options else None
    options = _options(step, position, lookup)
    if pressed == MORE_DIGIT and len(options) > step.page_size:
        return _Move(step.name, replace(position, page=position.page + 1))
    for digit, option in _page(step, position, options):
        if digit == pressed:
            return _picked(step, position, option)
    return None


def _picked(step: Step, position: Position, option: Option) -> _Move:
    if step.kind is StepKind.LANGUAGE:
        after = replace(position, language=option.value)
    else:
        after = position.pick(step.pick, option.value)
    return _Move(step.to, after, _valued(step.results, option.value))


def _valued(results: tuple[Result, ...], value: str) -> tuple[Result, ...]:
    """Results of a step; those without a value of their own get what was answered."""
    return tuple(
        result if result.value else replace(result, value=value) for result in results
    )


def _enter(script: Script, move: _Move, lookup: Lookup) -> Turn:
    """Speak from a step on until one waits or ends.

    Raises
    ------
    ScriptError
        If the script runs in a circle without a question.
    """
    position = move.position
    prompts: list[Prompt] = []
    results = [_filled(result, position) for result in move.results]
    name = move.to
    for _ in range(len(script.steps) + 1):
        step = script.steps[name]
        page = position.page if name == move.position.step else 0
        position = replace(position, step=name, page=page)
        options = _options(step, position, lookup) if step.kind in _LISTS else ()
        if step.kind in _LISTS and not options:
            name = step.on_empty
            continue
        if step.kind not in _SPEAKING:
            turn = _ask(step, position, lookup, options)
            return replace(
                turn, prompts=(*prompts, *turn.prompts), results=tuple(results)
            )
        prompts.extend(_said(step.say, position, lookup))
        results.extend(_filled(result, position) for result in step.results)
        if step.kind is StepKind.END:
            return Turn(tuple(prompts), position, tuple(results))
        name = step.to
    msg = f"{script.name} speaks in a circle around {name!r}."
    raise ScriptError(msg)


def _ask(
    step: Step, position: Position, lookup: Lookup, options: Sequence[Option]
) -> Turn:
    """Speak a question for the first time."""
    said = replace(position, said=1, turn=position.turn + 1)
    prompts = (
        *_said(step.say, position, lookup),
        *_choices_said(step, position, options),
    )
    return Turn(prompts, said, wait=_wait(step))


def _again(step: Step, position: Position, lookup: Lookup, *, is_silent: bool) -> Turn:
    """Speak a question once more.

    After silence the whole step is repeated: the person may have taken the phone to
    the ear too late. After a wrong key the choices are enough.
    """
    said = replace(position, said=position.said + 1, turn=position.turn + 1)
    whole = is_silent or step.kind is StepKind.ENTER
    options = _options(step, position, lookup) if step.kind in _LISTS else ()
    prompts = (
        Prompt(position.language, SILENCE_KEY if is_silent else WRONG_KEY),
        *(_said(step.say, position, lookup) if whole else ()),
        *_choices_said(step, position, options),
    )
    return Turn(prompts, said, wait=_wait(step))


def _wait(step: Step) -> Gather | Record | Dial:
    if step.kind is StepKind.RECORD:
        return Record(step.max_s, _RECORD_SILENCE_S)
    if step.kind is StepKind.DIAL:
        return Dial(step.dial)
    if step.kind is StepKind.ENTER:
        return Gather(step.max_digits, step.timeout_s * _CODE_TIMEOUT_FACTOR, "#")
    return Gather(1, step.timeout_s)


def _said(
    pieces: Sequence[str], position: Position, lookup: Lookup
) -> Iterator[Prompt]:
    picked = dict(position.picked)
    for piece in pieces:
        if piece.startswith(">"):
            yield Prompt(position.language, sound=picked[piece[1:]])
        elif not piece.startswith("@"):
            yield Prompt(position.language, piece)
        elif piece[1:] in picked:
            name = lookup.name(piece[1:], picked[piece[1:]], position.language)
            yield Prompt(position.language, text=name)


def _choices_said(
    step: Step, position: Position, options: Sequence[Option]
) -> Iterator[Prompt]:
    """Say "Press 1", then what for: digit and words cannot drift apart."""
    for digit, option in _page(step, position, options):
        language = option.language or position.language
        yield Prompt(language, f"press.{digit}")
        yield Prompt(language, option.key, option.text)
    if len(options) > step.page_size:
        yield Prompt(position.language, f"press.{MORE_DIGIT}")
        yield Prompt(position.language, "common.more")
    for choice in step.choices:
        key = {"*": "star", "#": "hash"}.get(choice.digit, choice.digit)
        yield Prompt(position.language, f"press.{key}")
        yield Prompt(position.language, choice.say)


def _options(
    step: Step, position: Position, lookup: Lookup, *, entered: str = ""
) -> Sequence[Option]:
    name = LANGUAGES_LOOKUP if step.kind is StepKind.LANGUAGE else step.lookup
    request = LookupRequest(name, position.language, dict(position.picked), entered)
    return lookup.options(request)


def _page(
    step: Step, position: Position, options: Sequence[Option]
) -> Iterator[tuple[str, Option]]:
    """Digits and choices of the page, which wraps to the first after the last."""
    n_pages = max(1, -(-len(options) // step.page_size))
    first = position.page % n_pages * step.page_size
    for place, option in enumerate(options[first : first + step.page_size], start=1):
        yield str(place), option


def _filled(result: Result, position: Position) -> Result:
    """Put what was picked where a result says ``@pick``."""
    if not result.value.startswith("@"):
        return result
    return replace(result, value=dict(position.picked).get(result.value[1:], ""))
