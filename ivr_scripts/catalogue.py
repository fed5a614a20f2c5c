"""All scripts and all texts together, and which words stand for a prompt.

Read from the files of this package by ``load_catalogue``, when asked and not at import.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from ivr_scripts.errors import (
    LookupMissingError,
    ScriptError,
    ScriptFormatError,
    TextMissingError,
)
from ivr_scripts.interpreter import LANGUAGES_LOOKUP
from ivr_scripts.loader import Texts, read_script, read_texts
from ivr_scripts.model import LookupRequest, Option, Prompt, Script

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
LANGUAGE_KEY = "common.language"  #: "for English", in each language its own name


@dataclass(frozen=True, slots=True)
class Wording:
    """Words, and the language they are in, which a fall-back may have changed."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Scripts by name and texts by language tag."""

    scripts: Mapping[str, Script]
    texts: Mapping[str, Texts]

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language tag, sorted."""
        return tuple(sorted(self.texts))

    def script(self, name: str) -> Script:
        """Return the script of that name.

        Raises
        ------
        ScriptError
            If there is none.
        """
        try:
            return self.scripts[name]
        except KeyError:
            known = ", ".join(sorted(self.scripts))
            msg = f"There is no telephone script {name!r}; there are {known}."
            raise ScriptError(msg) from None

    def chain(self, language: str) -> Iterator[str]:
        """Languages to look for a text in: ``km-KH``, then ``km``, then its fall-back.

        Only languages that have texts; each once.
        """
        seen = set()
        tag = language
        while tag and tag not in seen:
            seen.add(tag)
            if tag in self.texts:
                yield tag
                tag = self.texts[tag].fallback
            else:
                tag = tag.rpartition("-")[0]

    def nearest(self, language: str, default: str = "en") -> str:
        """Return the language of the catalogue for a tag, or the default."""
        return next(self.chain(language), default)

    def text(self, language: str, key: str) -> str:
        """Words for a key, from the first language of the chain that has it.

        Raises
        ------
        TextMissingError
            If none has it.
        """
        return self.wording(Prompt(language, key), {}, is_filled=False).text

    def wording(
        self,
        prompt: Prompt,
        variables: Mapping[str, str],
        *,
        is_filled: bool = True,
    ) -> Wording:
        """Words for one piece of speech.

        Parameters
        ----------
        prompt : Prompt
            From a turn.
        variables : mapping of str to str
            What the alert or case says, in the language of the prompt.
        is_filled : bool
            Whether ``{placeholders}`` are replaced from the variables.

        Raises
        ------
        TextMissingError
            If no language of the chain has the text, or a variable is not given.
        """
        if not prompt.key:
            return Wording(prompt.text, prompt.language)
        if prompt.key.startswith("$"):
            text = _variable(variables, prompt.key[1:], prompt.key)
            return Wording(text, prompt.language)
        for tag in self.chain(prompt.language):
            words = self.texts[tag].prompts.get(prompt.key)
            if words is not None:
                return Wording(
                    _fill(words, variables, prompt.key) if is_filled else words, tag
                )
        msg = f"No text {prompt.key!r} for the language {prompt.language!r}."
        raise TextMissingError(msg)


@dataclass(frozen=True, slots=True)
class LanguageLookup:
    """The lookup of scripts that ask for nothing but a language.

    Parameters
    ----------
    catalogue : Catalogue
        Where the languages come from.
    offered : sequence of str
        Tags in the order to offer them; if empty, every language of the catalogue that
        can name itself. One that only borrows another's texts is not offered.
    """

    catalogue: Catalogue
    offered: Sequence[str] = ()

    def options(self, request: LookupRequest) -> Sequence[Option]:
        """Languages, each to be named in itself.

        Raises
        ------
        LookupMissingError
            If anything but languages is asked for.
        """
        if request.name != LANGUAGES_LOOKUP:
            msg = f"Nobody offers the list {request.name!r} to this call."
            raise LookupMissingError(msg)
        texts = self.catalogue.texts
        tags = self.offered or self.catalogue.languages
        return [
            Option(value=tag, key=LANGUAGE_KEY, language=tag)
            for tag in tags
            if tag in texts and LANGUAGE_KEY in texts[tag].prompts
        ]

    def name(self, pick: str, value: str, language: str) -> str:
        """Nothing is picked in such scripts.

        Raises
        ------
        LookupMissingError
            Always.
        """
        msg = f"Nobody names {pick} {value!r} in {language!r} for this call."
        raise LookupMissingError(msg)


@cache
def load_catalogue() -> Catalogue:
    """The scripts and texts that come with this package, read once by a process."""
    return read_catalogue(files("ivr_scripts"))


def read_catalogue(root: Traversable) -> Catalogue:
    """Read scripts and texts from files.

    Parameters
    ----------
    root : path-like
        Folder with ``scripts``, ``scripts/parts`` and ``texts``.

    Raises
    ------
    ScriptFormatError
        If one cannot be read.
    """
    parts = dict(_documents(root.joinpath("scripts").joinpath("parts")))
    scripts = {
        name: read_script(text, name, parts)
        for name, text in _documents(root.joinpath("scripts"))
    }
    texts = {
        name: read_texts(text, name)
        for name, text in _documents(root.joinpath("texts"))
    }
    return Catalogue(MappingProxyType(scripts), MappingProxyType(texts))


def _documents(folder: Traversable) -> Iterator[tuple[str, str]]:
    """Name without ending and content of each TOML file, by name.

    Raises
    ------
    ScriptFormatError
        If the folder is not there, or a file is not UTF-8.
    """
    if not folder.is_dir():
        raise ScriptFormatError(f"There is no folder {folder.name!r} with scripts.")
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            name = entry.name.removesuffix(".toml")
            try:
                yield name, entry.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                msg = f"{entry.name}: not UTF-8 at byte {error.start}."
                raise ScriptFormatError(msg) from error


def _fill(words: str, variables: Mapping[str, str], key: str) -> str:
    return PLACEHOLDER.sub(
        lambda match: _variable(variables, match.group(1), key), words
    )


def _variable(variables: Mapping[str, str], name: str, key: str) -> str:
    try:
        return variables[name]
    except KeyError:
        msg = f"The text {key!r} needs {name!r}, which the alert does not give."
        raise TextMissingError(msg) from None
