"""A sound that its owner brought, played in place of the owner's words.

An authority may send what it has to say as a recording. It then stands for everything
that the call would say in the authority's words, and for what we put between them: from
its first word to its last. What comes before ("Public warning", or that this is an
exercise) and after (which key to press) stays ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ivr_scripts.model import Prompt, Turn
from telephony.calls.spoken import Sounds
from telephony.delivery import OWN_SOUND


def with_own_sound(
    turn: Turn, variables: Callable[[str], Mapping[str, str]], sounds: Sounds
) -> Turn:
    """Put the owner's sound where its words would be; the turn as it is without one.

    Parameters
    ----------
    turn : Turn
    variables : callable
        What the owner says, by language tag.
    sounds : Sounds
        Asked whether the sound is still there: if not, the words are said.
    """
    prompts = _replaced(turn.prompts, variables, sounds)
    return turn if prompts is None else replace(turn, prompts=prompts)


def _replaced(
    prompts: Sequence[Prompt],
    variables: Callable[[str], Mapping[str, str]],
    sounds: Sounds,
) -> tuple[Prompt, ...] | None:
    own = [at for at, prompt in enumerate(prompts) if prompt.key.startswith("$")]
    if not own:
        return None
    first, last = own[0], own[-1]
    language = prompts[first].language
    name = variables(language).get(OWN_SOUND, "")
    if not name or sounds.named(name) is None:
        return None
    return (*prompts[:first], Prompt(language, sound=name), *prompts[last + 1 :])
