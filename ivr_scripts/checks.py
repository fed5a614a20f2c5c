"""Prove of all scripts and all languages together that they can be used.

Every call ends (``flow``), every prompt exists in every language or its declared
fall-back, placeholders are those of the reference language and known to the script,
and no word asks for two things.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Set

from ivr_scripts.catalogue import LANGUAGE_KEY, PLACEHOLDER, Catalogue
from ivr_scripts.flow import LISTS, check_flow
from ivr_scripts.interpreter import MORE_DIGIT, SILENCE_KEY, WRONG_KEY
from ivr_scripts.keywords import MAX_PHRASE, NEEDED_LISTS, WORD_LISTS
from ivr_scripts.loader import Texts
from ivr_scripts.model import Script, Step, StepKind
from ivr_scripts.problem import Problem
from ivr_scripts.words import split_words

REFERENCE = "en"  #: the language the others are compared with
SMS_PREFIX = "sms."  #: texts that no script speaks
_KEYS_PREFIX = "press."  #: complete in itself, whatever keys scripts use today
_KEY_NAMES = {"*": "star", "#": "hash"}


def check(scripts: Mapping[str, Script], texts: Mapping[str, Texts]) -> list[Problem]:
    """Everything that is wrong with scripts and texts.

    Parameters
    ----------
    scripts : mapping of str to Script
        By name.
    texts : mapping of str to Texts
        By language tag; the reference language must be among them.

    Returns
    -------
    list of Problem
        Sorted by place; empty if everything can be used.
    """
    if REFERENCE not in texts:
        return [Problem("texts", f"the reference language {REFERENCE!r} is missing.")]
    problems = [
        problem for script in scripts.values() for problem in check_flow(script)
    ]
    used = {key for script in scripts.values() for key in spoken_keys(script)}
    used |= {key for key in texts[REFERENCE].prompts if key.startswith(SMS_PREFIX)}
    used.add(LANGUAGE_KEY)
    catalogue = Catalogue(scripts, texts)
    for language, words in texts.items():
        problems += _fallback(words, texts)
        problems += _completeness(catalogue, language, used)
        problems += _quality(words, texts[REFERENCE], used)
        problems += check_keywords(words)
    for script in scripts.values():
        problems += _placeholders(script, texts[REFERENCE])
    return sorted(problems)


def spoken_keys(script: Script) -> set[str]:
    """Keys of all texts a script can speak: what has to be recorded for it."""
    return {key for step in script.steps.values() for key in _step_keys(step)}


def check_keywords(words: Texts) -> Iterator[Problem]:
    """Find what is wrong with the word lists of one language."""
    lists = words.keywords
    if not lists and words.fallback:
        return
    for name in sorted(NEEDED_LISTS - lists.keys()):
        yield Problem(words.language, f"there are no keywords {name}.")
    for name in sorted(lists.keys() - WORD_LISTS):
        yield Problem(words.language, f"there is no command {name!r}.")
    seen: dict[tuple[str, ...], str] = {}
    for name, phrases in lists.items():
        for text in phrases:
            phrase = tuple(word.plain for word in split_words(text))
            where = f"{words.language}: keywords.{name}"
            if not 0 < len(phrase) <= MAX_PHRASE:
                yield Problem(where, f"{text!r} must be 1 to {MAX_PHRASE} words.")
            elif seen.setdefault(phrase, name) != name:
                yield Problem(where, f"{text!r} stands for {seen[phrase]} as well.")


def _step_keys(step: Step) -> Iterator[str]:
    yield from (piece for piece in step.say if piece[0] not in "$@>")
    digits = [choice.digit for choice in step.choices]
    yield from (choice.say for choice in step.choices)
    if step.kind in LISTS:
        digits += [str(digit) for digit in range(1, step.page_size + 1)]
        digits.append(MORE_DIGIT)
        yield "common.more"
    yield from (f"press.{_KEY_NAMES.get(digit, digit)}" for digit in digits)
    if step.on_give_up and step.tries > 1:
        yield SILENCE_KEY
        if step.kind is not StepKind.RECORD:
            yield WRONG_KEY


def _fallback(words: Texts, texts: Mapping[str, Texts]) -> Iterator[Problem]:
    seen = [words.language]
    tag = words.fallback
    while tag:
        if tag not in texts:
            yield Problem(words.language, f"falls back on {tag!r}, which has no texts.")
            return
        if tag in seen:
            chain = " → ".join([*seen, tag])
            yield Problem(words.language, f"falls back in a circle: {chain}.")
            return
        seen.append(tag)
        tag = texts[tag].fallback


def _completeness(
    catalogue: Catalogue, language: str, used: Set[str]
) -> Iterator[Problem]:
    chain = [catalogue.texts[tag].prompts for tag in catalogue.chain(language)]
    for key in used:
        if not any(key in prompts for prompts in chain):
            yield Problem(f"{language}: {key}", "there is no text.")


def _quality(words: Texts, reference: Texts, used: Set[str]) -> Iterator[Problem]:
    for key, text in words.prompts.items():
        where = f"{words.language}: {key}"
        if key not in used and not key.startswith(_KEYS_PREFIX):
            yield Problem(where, "no script speaks this.")
        if not text:
            yield Problem(where, "the text is empty.")
        if any(unicodedata.category(letter) == "Cc" for letter in text):
            yield Problem(where, "there is a line end or a control character in it.")
        wanted = set(PLACEHOLDER.findall(reference.prompts.get(key, text)))
        has = set(PLACEHOLDER.findall(text))
        if has != wanted:
            names = ", ".join(sorted(has ^ wanted))
            yield Problem(where, f"placeholders differ from {reference.name}: {names}.")
        if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
            yield Problem(where, "a brace that is no {placeholder}.")


def _placeholders(script: Script, reference: Texts) -> Iterator[Problem]:
    for key in spoken_keys(script):
        names = set(PLACEHOLDER.findall(reference.prompts.get(key, "")))
        for name in sorted(names - script.variables):
            sentence = f"{key!r} needs {{{name}}}, which is not among the variables."
            yield Problem(script.name, sentence)
