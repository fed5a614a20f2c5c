"""What people write, with all that fingers and telephones do to it, is understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from bench.citizens.inbound_corpus import Sample, corpus
from bench.citizens.inbound_phrases import PHRASES
from ivr_scripts.catalogue import load_catalogue
from ivr_scripts.keywords import CommandKind, Keywords

TEXTS = load_catalogue().texts
KEYWORDS = Keywords(TEXTS)
N = 4_000
SEED = 7


def got(sample: Sample) -> str:
    command = KEYWORDS.parse(sample.text, sample.language)
    is_reply = command.kind is CommandKind.REPLY
    return command.kind.name + (command.digit if is_reply else "")


@pytest.fixture(scope="module")
def misread() -> Counter[tuple[str, str]]:
    """Meant and taken for → how many."""
    found = Counter((one.meant, got(one)) for one in corpus(N, SEED))
    return Counter({pair: n for pair, n in found.items() if pair[0] != pair[1]})


def test_99_of_100_are_understood(misread: Counter[tuple[str, str]]) -> None:
    """In every language, with slips, emoji, other digits and 1,600 characters."""
    assert misread.total() <= N // 100, misread


def test_nobody_is_subscribed_or_safe_by_mistake(
    misread: Counter[tuple[str, str]],
) -> None:
    """What is not understood gets the one answer; it is not taken for a wish."""
    taken_for = {taken for _, taken in misread}
    assert taken_for.isdisjoint({"JOIN", "START", "SAFE", "REPLY1", "REPLY2"})


def test_every_language_with_words_is_in_the_corpus() -> None:
    """A language added to the texts is added to the phrases."""
    assert {tag for tag, words in TEXTS.items() if words.keywords} == PHRASES.keys()


def every_phrase() -> Iterator[tuple[str, str, str]]:
    for language, intents in PHRASES.items():
        for intent, phrases in intents.items():
            meant = "REPLY1" if intent == "YES" else intent
            yield from ((language, meant, phrase) for phrase in phrases)


def test_every_phrase_is_understood_as_it_is_written() -> None:
    """Without noise nothing is misread."""
    wrong = [
        (language, meant, phrase)
        for language, meant, phrase in every_phrase()
        if got(Sample(phrase, language, meant)) != meant
    ]
    assert wrong == []


def test_the_same_seed_gives_the_same_texts() -> None:
    """Figures of two days can be compared."""
    assert list(corpus(50, SEED)) == list(corpus(50, SEED))
