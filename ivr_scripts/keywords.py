"""What a text message asks for: one command, or unclear.

The words are data of each language; a person may write in any of them whatever
language is registered. Two rules come before all others: who starts with STOP is never
written to again, and nothing counts as "safe" unless it says that and no more ("safe
here but my mother is not" must reach a human).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from ivr_scripts.loader import Texts
from ivr_scripts.slips import Slips
from ivr_scripts.words import MAX_CHARACTERS, Word, known_words, split_words, squeeze

_POLITE = "polite"
_NAMES = "names"
MAX_PHRASE = 6  #: words of the longest phrase
#: Code of an open case: no vowels, nothing that looks like another letter or digit.
_CODE = re.compile(r"[2-9BCDFGHJKLMNPQRSTVWXYZ]{2}", re.ASCII | re.IGNORECASE)
#: What a digit means in words, so that "1 yes" is a reply.
_MEANING = {"1": "YES", "2": "SAFE", "3": "HELP"}
_HELP_DIGIT = "3"
_TAG_LENGTH = 2  #: a bare "es" or "da" is more often a word than a wish
_WITH_CODE = 2  #: words in a reply that names its case
_DIGITS = frozenset("0123456789")

Phrase = tuple[str, ...]


class CommandKind(Enum):
    """What the sender wants."""

    STOP = "stop"  #: no more messages and calls, at once
    REPLY = "reply"  #: a digit in answer to the last message
    HELP = "help"  #: needs help; argument: the rest of the text
    SAFE = "safe"  #: is safe
    JOIN = "join"  #: wants to be warned; argument: a place, if any
    START = "start"  #: takes a STOP back
    LANG = "lang"  #: argument: language tag, or what was written if it is unknown
    PLACE = "place"  #: argument: code or name
    REPORT = "report"  #: argument: what was seen
    INFO = "info"  #: current warnings; argument: a place, if any
    STATUS = "status"  #: what is known about the sender
    UNCLEAR = "unclear"  #: deserves one helpful answer


@dataclass(frozen=True, slots=True)
class Command:
    """A text message understood.

    ``language`` is that of the words used, empty for a digit and for unclear texts.
    """

    kind: CommandKind
    argument: str = ""
    digit: str = ""  #: of a ``REPLY``, ASCII; ``YES`` words count as 1
    language: str = ""


UNCLEAR = Command(CommandKind.UNCLEAR)
#: ``YES`` is no kind of its own: it stands for the digit 1.
WORD_LISTS = frozenset(
    {
        *(kind.name for kind in CommandKind),
        "YES",
        _POLITE,
        _NAMES,
    }
) - {"UNCLEAR", "REPLY"}
#: Must exist in every language that has word lists at all.
NEEDED_LISTS = frozenset({"STOP", "HELP", "SAFE", "JOIN", _NAMES})
#: A slip in these gets the one helpful answer.
_NEVER_GUESSED = frozenset(
    {CommandKind.JOIN, CommandKind.START, CommandKind.SAFE, CommandKind.REPLY}
)
_WITH_ARGUMENT = frozenset({"HELP", "JOIN", "LANG", "PLACE", "REPORT", "INFO"})


class Keywords:
    """Understands the commands of all languages.

    Parameters
    ----------
    texts : mapping of str to Texts
        By language tag.

    Examples
    --------
    >>> from ivr_scripts.catalogue import load_catalogue
    >>> keywords = Keywords(load_catalogue().texts)
    >>> keywords.parse("  Please STOP!!", language="km").kind
    <CommandKind.STOP: 'stop'>
    >>> keywords.parse("១", language="km").digit
    '1'
    """

    def __init__(self, texts: Mapping[str, Texts]) -> None:
        self._known = known_words(
            phrase
            for words in texts.values()
            for phrases in words.keywords.values()
            for phrase in phrases
        )
        self._fallbacks = {tag: words.fallback for tag, words in texts.items()}
        self._lists = {
            tag: {
                name: [self._phrase(phrase) for phrase in phrases]
                for name, phrases in words.keywords.items()
            }
            for tag, words in texts.items()
        }
        self._phrases = {tag: _index(lists) for tag, lists in self._lists.items()}
        self._joined = {tag: _joined(found) for tag, found in self._phrases.items()}
        self._polite = {
            tag: frozenset(lists.get(_POLITE, [])) for tag, lists in self._lists.items()
        }
        self._plain = frozenset(
            word
            for lists in self._lists.values()
            for phrases in lists.values()
            for phrase in phrases
            for word in phrase
        )
        self._courtesies = frozenset(
            word
            for phrases in self._polite.values()
            for phrase in phrases
            for word in phrase
        )
        self._slips_of: dict[str, Slips] = {}
        # A text is read by several, one after the other; and many people write "1".
        self._parse = lru_cache(maxsize=4_096)(self._parse_anew)
        self._strong_stops = {
            lists["STOP"][0]: tag
            for tag, lists in self._lists.items()
            if lists.get("STOP")
        }
        self._tags = {
            phrase: tag
            for tag, lists in self._lists.items()
            for phrase in [*lists.get(_NAMES, []), self._phrase(texts[tag].name)]
        }

    def parse(self, text: str, language: str = "") -> Command:
        """Understand one text message.

        Parameters
        ----------
        text : str
            As it came in, of any length.
        language : str
            Language of the sender if known; its words are tried first, then English,
            then all others.

        Returns
        -------
        Command
            ``UNCLEAR`` if nothing fits, or if what fits would be a dangerous guess.
        """
        return self._parse(text[:MAX_CHARACTERS], language)

    def _parse_anew(self, text: str, language: str) -> Command:
        words = split_words(text, self._known)
        near = self._near(language)
        order = list(dict.fromkeys([*near, *self._lists]))
        for tags in (near, order):
            # Polite words of other languages only if nothing was understood without:
            # a particle of one language is a preposition of another.
            command = self._understood(self._without_polite(words, tags), near, order)
            if command is not UNCLEAR:
                return command
        return self._guessed(words, near, order)

    def _guessed(
        self, words: Sequence[Word], near: Sequence[str], order: Sequence[str]
    ) -> Command:
        """What is asked for in words with one slip each, in the sender's languages.

        Nobody is subscribed, or said to be safe, by a guess.
        """
        mended, is_guess = [], False
        for word in words:
            found = next(
                filter(None, (self._slips(t).guess(word.plain) for t in near)), None
            )
            mended.append(Word(found.word, word.written) if found else word)
            is_guess |= bool(
                found and found.is_slip and found.word not in self._courtesies
            )
        if mended == list(words):
            return UNCLEAR
        command = self._understood(self._without_polite(mended, near), near, order)
        return UNCLEAR if is_guess and command.kind in _NEVER_GUESSED else command

    def _slips(self, tag: str) -> Slips:
        """The words of one language, made when they are first asked for."""
        if tag not in self._slips_of:
            words = {word for phrase in self._phrases[tag] for word in phrase}
            words.update(word for phrase in self._polite[tag] for word in phrase)
            self._slips_of[tag] = Slips(words, self._plain)
        return self._slips_of[tag]

    def _understood(
        self, words: Sequence[Word], near: Sequence[str], order: Sequence[str]
    ) -> Command:
        if not words:
            return UNCLEAR
        return (
            self._stop(words, order)
            or self._reply(words)
            or self._command(words, near, order)
            or self._cry(words, near)
            or UNCLEAR
        )

    def _phrase(self, text: str) -> Phrase:
        return tuple(word.plain for word in split_words(text, self._known))

    def _near(self, language: str) -> list[str]:
        """Languages the sender is likely to write in."""
        tags = [language, language.partition("-")[0]]
        tags += [self._fallbacks.get(tag, "") for tag in tags]
        return [tag for tag in dict.fromkeys([*tags, "en"]) if tag in self._lists]

    def _stop(self, words: Sequence[Word], order: Sequence[str]) -> Command | None:
        """STOP in any language, alone, in front, or among nothing but commands."""
        plain = tuple(word.plain for word in words)
        for n in range(1, MAX_PHRASE):
            if plain[:n] in self._strong_stops:
                return Command(CommandKind.STOP, language=self._strong_stops[plain[:n]])
        joined = squeeze("".join(plain))
        for tag in order:
            phrases = self._phrases[tag]
            is_stop = self._whole(plain, joined, tag) == "STOP"
            kinds = [phrases.get((word,)) for word in plain]
            if is_stop or ("STOP" in kinds and None not in kinds):
                return Command(CommandKind.STOP, language=tag)
        return None

    def _reply(self, words: Sequence[Word]) -> Command | None:
        """Read a digit alone, with its meaning, or with the code of an open case.

        A digit with other words is no reply: "2 people on the roof" is not "safe". But
        whoever starts with the digit for help and goes on is heard.
        """
        first, rest = words[0].written, words[1:]
        if len(words) <= _WITH_CODE:
            codes = [word.written for word in words if _CODE.fullmatch(word.written)]
            others = [word for word in words if word.written not in codes]
            digit = self._digit(others[0]) if len(others) == 1 else ""
            if digit:
                return Command(CommandKind.REPLY, "".join(codes).upper(), digit)
        if first in _MEANING and self._means(rest, _MEANING[first]):
            return Command(CommandKind.REPLY, digit=first)
        if first == _HELP_DIGIT:
            return Command(CommandKind.HELP, _written(rest))
        return None

    def _digit(self, word: Word) -> str:
        if word.written in _DIGITS:
            return word.written
        return "1" if self._means([word], "YES") else ""

    def _means(self, words: Sequence[Word], name: str) -> bool:
        """Whether the words are all of a phrase of that list, in any language."""
        plain = tuple(word.plain for word in words)
        joined = squeeze("".join(plain))
        return any(self._whole(plain, joined, tag) == name for tag in self._lists)

    def _cry(self, words: Sequence[Word], near: Sequence[str]) -> Command | None:
        """Find a cry for help among other words: "water in the house, help us".

        In the sender's language and English only: a word of another language may mean
        something else. Better one case too many on the operator's list than one missed.
        """
        plain = tuple(word.plain for word in words)
        for tag in near:
            phrases = self._phrases[tag]
            for first in range(len(plain)):
                for last in range(first + 1, min(first + MAX_PHRASE, len(plain)) + 1):
                    if phrases.get(plain[first:last]) == "HELP":
                        return Command(CommandKind.HELP, _written(words), language=tag)
        return None

    def _command(
        self, words: Sequence[Word], near: Sequence[str], order: Sequence[str]
    ) -> Command | None:
        plain = tuple(word.plain for word in words)
        joined = squeeze("".join(plain))
        for tag in order:
            whole = self._whole(plain, joined, tag)
            if whole:
                return _made(whole, "", tag)
            for n in range(min(MAX_PHRASE, len(words) - 1), 0, -1):
                name = self._phrases[tag].get(plain[:n], "")
                if name in _WITH_ARGUMENT:
                    rest = self._without_polite(words[n:], near)
                    return _made(name, self._argument(name, rest), tag)
        if plain in self._tags and len(plain[0]) > _TAG_LENGTH:
            return Command(
                CommandKind.LANG, self._tags[plain], language=self._tags[plain]
            )
        return None

    def _whole(self, plain: Phrase, joined: str, tag: str) -> str:
        """Name of the list that has the whole text, blanks and repetitions aside."""
        return self._phrases[tag].get(plain) or self._joined[tag].get(joined, "")

    def _argument(self, name: str, rest: Sequence[Word]) -> str:
        tag = self._tags.get(tuple(word.plain for word in rest))
        return tag if name == "LANG" and tag else _written(rest)

    def _without_polite(
        self, words: Sequence[Word], tags: Sequence[str]
    ) -> Sequence[Word]:
        """Take polite words off both ends, unless nothing would be left."""
        kept = words
        n_before = -1
        while len(kept) != n_before:
            n_before = len(kept)
            kept = self._one_less(kept, tags)
        return kept

    def _one_less(self, words: Sequence[Word], tags: Sequence[str]) -> Sequence[Word]:
        plain = tuple(word.plain for word in words)
        for n in range(min(MAX_PHRASE, len(words) - 1), 0, -1):
            if any(plain[:n] in self._polite[tag] for tag in tags):
                return words[n:]
            if any(plain[-n:] in self._polite[tag] for tag in tags):
                return words[:-n]
        return words


def _index(lists: Mapping[str, Sequence[Phrase]]) -> dict[Phrase, str]:
    return {
        phrase: name
        for name, phrases in lists.items()
        for phrase in phrases
        if name not in {_POLITE, _NAMES}
    }


def _joined(phrases: Mapping[Phrase, str]) -> dict[str, str]:
    """Phrases without blanks and repetitions; STOP wins where two become equal."""
    ordered = sorted(phrases.items(), key=lambda item: item[1] == "STOP")
    return {squeeze("".join(phrase)): name for phrase, name in ordered}


def _made(name: str, argument: str, tag: str) -> Command:
    if name == "YES":
        return Command(CommandKind.REPLY, digit="1", language=tag)
    return Command(CommandKind[name], argument, language=tag)


def _written(words: Sequence[Word]) -> str:
    return " ".join(word.written for word in words)
