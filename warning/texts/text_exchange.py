"""Our texts out as a file and in again: to be read over, translated, carried elsewhere.

A file tells of which moment it is. What somebody changed since is not overwritten by
it, unless that is said. That somebody has read the texts is not taken from a file: a
reader is a name in our own record.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from warning.errors import TemplateError
from warning.texts.language_tags import canonical_language
from warning.texts.text_desk import TextDesk
from warning.texts.text_files import language_of
from warning.texts.text_lines import LanguageLines
from warning.texts.text_rules import ANY_REVISION
from warning.texts.text_slots import GROUPS, SEPARATOR, SLOTS, slots_of

#: All texts of a language have room in it several times over.
MAX_BYTES = 200_000
#: Texts that have no slot: a file has them all the same.
_EMPTY = {"notices.update": "do"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file."""

    language: str
    #: Names of the texts that say something else now.
    changed: Sequence[str]


class TextExchange:
    """Texts as files.

    Parameters
    ----------
    desk : TextDesk
    """

    def __init__(self, desk: TextDesk) -> None:
        self._desk = desk

    def written(self, language: str) -> str:
        """The texts of a language as TOML.

        Raises
        ------
        UnknownTextError
            If there are none.
        """
        return "\n".join(_written(self._desk.language(language))) + "\n"

    def take(self, data: bytes, *, name: str, by: str, is_over: bool = False) -> Taken:
        """Let a file say what is said from now on.

        Parameters
        ----------
        data : bytes
            TOML in UTF-8.
        name : str
            Of the file, for messages.
        by : str
            Operator's name.
        is_over : bool
            Write over what was changed since the file was written.

        Raises
        ------
        TemplateError
            If it is no file of texts, or any of them cannot be used; nothing is kept.
        StaleTextError
            If somebody changed a text since that the file would change.
        """
        table = _table(data, name)
        read = language_of(table, name)
        try:
            language = canonical_language(read.language)
        except ValueError as error:
            raise TemplateError(f"{name}: {error}.") from None
        seen = table.get("revision", 0)
        if not isinstance(seen, int) or isinstance(seen, bool) or seen < 0:
            raise TemplateError(f"{name}: revision is no number that we wrote.")
        changed = self._desk.save(
            language,
            {path: read.text(path) for path in SLOTS},
            seen=ANY_REVISION if is_over else seen,
            by=by,
            may_be_new=True,
        )
        return Taken(language, changed)


def _table(data: bytes, name: str) -> dict[str, object]:
    """Read TOML.

    Raises
    ------
    TemplateError
        If it is too large, not UTF-8, no TOML, or nested beyond reading.
    """
    if len(data) > MAX_BYTES:
        raise TemplateError(
            f"{name} has {len(data):,} bytes; texts of a language have at most "
            f"{MAX_BYTES:,}."
        )
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise TemplateError(f"{name} is not UTF-8 at byte {error.start}.") from None
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(f"{name} is no TOML: {error}.") from None
    except RecursionError:
        raise TemplateError(f"{name} is nested too deeply to be texts.") from None


def _written(known: LanguageLines) -> Iterator[str]:
    words = {line.path: line.words for line in known.lines}
    is_read = str(known.n_unreviewed == 0).lower()
    yield "# Keep each {placeholder}. docs/texts.md says how long a text may be."
    yield f"language = {_quoted(known.language)}"
    yield f"is_reviewed = {is_read}"
    yield "# What was changed after this is not overwritten when the file is read."
    yield f"revision = {known.revision}"
    for group in GROUPS:
        yield f"\n[{group}]"
        for slot in slots_of(group):
            key = slot.path.rpartition(".")[2]
            text = words[slot.path]
            listed = ", ".join(map(_quoted, text.split(SEPARATOR)))
            yield f"{key} = [{listed}]" if slot.is_list else f"{key} = {_quoted(text)}"
        if group in _EMPTY:
            yield f'{_EMPTY[group]} = ""'


def _quoted(text: str) -> str:
    """A text as TOML has it: what JSON escapes, TOML does."""
    return json.dumps(text, ensure_ascii=False)
