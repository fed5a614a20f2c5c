"""What is done with our texts: written anew, gone back on, read over by a speaker.

Every save names the revision that its author has seen. Whoever saves over what somebody
else has changed since is told so, and nothing is overwritten. Each verb is one
transaction with its audit entries in it, what was and what is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from warning.errors import UnknownTextError
from warning.texts.message_templates import LanguageTexts, MessageTemplates
from warning.texts.text_changes import Change, History, TextChange
from warning.texts.text_files import brought_templates
from warning.texts.text_lines import LanguageLines, lines_of
from warning.texts.text_ports import UnitOfWork
from warning.texts.text_rules import (
    require_another,
    require_fresh,
    require_good,
    require_known,
)
from warning.texts.text_slots import SLOTS

_NO_TEXTS = (
    "There are no texts in {!r}. Import a file with all of them to add the language."
)


class TextDesk:
    """The use cases of our texts.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._now = now

    def languages(self) -> Sequence[LanguageLines]:
        """Every language that has texts, by its tag."""
        history = self._history()
        texts = history.templates(brought_templates()).texts
        return [lines_of(texts[tag], history) for tag in sorted(texts)]

    def language(self, language: str) -> LanguageLines:
        """The texts of one language.

        Raises
        ------
        UnknownTextError
            If there are none.
        """
        history = self._history()
        return lines_of(_texts_of(history, language), history)

    def seen_after(self, language: str, *, seen: int, by: str) -> int:
        """The revision with which somebody may go on who has just changed texts."""
        return self._history().seen_after(language, seen=seen, by=by)

    def changes(self, language: str, path: str) -> Sequence[TextChange]:
        """What was done to a text, the newest first."""
        found = [
            one
            for one in self._history().changes
            if (one.language, one.path) == (language, path)
        ]
        return found[::-1]

    def with_texts(self, language: str, texts: Mapping[str, str]) -> MessageTemplates:
        """All texts as they would be; those that cannot be used stay as they are.

        Raises
        ------
        UnknownTextError
            If a name is none of ours, or the language has no texts.
        """
        require_known(texts)
        history = self._history()
        good = {
            path: SLOTS[path].tidied(text)
            for path, text in texts.items()
            if not any(SLOTS[path].complaints(text))
        }
        all_texts = history.templates(brought_templates())
        changed = _texts_of(history, language).having(good)
        return MessageTemplates({**all_texts.texts, language: changed})

    def save(
        self,
        language: str,
        texts: Mapping[str, str],
        *,
        seen: int,
        by: str,
        may_be_new: bool = False,
    ) -> Sequence[str]:
        """Let texts say something else from now on; return the names of those that do.

        What is already said is not changed; what we bring along is gone back to.

        Parameters
        ----------
        language : str
            BCP 47.
        texts : mapping
            Name → words.
        seen : int
            Revision that was on the author's screen; ``ANY_REVISION`` writes over all.
        by : str
            Operator's name.
        may_be_new : bool
            Whether this may be the first of a language; it has to be whole then.

        Raises
        ------
        BadTextsError
            If any of them cannot be used; nothing is kept, and each is told of.
        StaleTextError
            If somebody else changed one of them meanwhile.
        UnknownTextError
            If a name is none of ours, or the language has no texts.
        """
        require_known(texts)
        wanted = {path: SLOTS[path].tidied(text) for path, text in texts.items()}
        require_good(wanted)
        return self._change(language, wanted, seen=seen, by=by, may_be_new=may_be_new)

    def bring_back(
        self, language: str, paths: Iterable[str], *, seen: int, by: str
    ) -> Sequence[str]:
        """Go back to what comes with the release; return the names of what changed.

        Raises
        ------
        StaleTextError
            If somebody else changed one of them meanwhile.
        UnknownTextError
            If we bring none in this language.
        """
        brought = brought_templates().texts.get(language)
        if brought is None:
            raise UnknownTextError(
                f"No texts in {language!r} come with the release: there is nothing to "
                "go back to. Write others in their place."
            )
        require_known(wanted := list(paths))
        back = {path: brought.text(path) for path in wanted}
        return self._change(language, back, seen=seen, by=by)

    def review(
        self, language: str, paths: Iterable[str], *, seen: int, by: str
    ) -> Sequence[str]:
        """Note that a speaker has read texts and stands by them; return which.

        Raises
        ------
        OwnReadingError
            If ``by`` wrote one of them.
        StaleTextError
            If somebody else changed one of them meanwhile.
        """
        return self._judge(language, paths, Change.REVIEWED, seen=seen, by=by)

    def doubt(
        self, language: str, paths: Iterable[str], *, seen: int, by: str
    ) -> Sequence[str]:
        """Take back that texts were read over; return which were."""
        return self._judge(language, paths, Change.DOUBTED, seen=seen, by=by)

    def _change(
        self,
        language: str,
        wanted: Mapping[str, str],
        *,
        seen: int,
        by: str,
        may_be_new: bool = False,
    ) -> Sequence[str]:
        with self._new_uow() as uow:
            revision = uow.message_texts.take_revision()
            history = History(uow.message_texts.all())
            there = _find(history, language)
            if there is None and not (may_be_new and wanted.keys() == SLOTS.keys()):
                raise UnknownTextError(_NO_TEXTS.format(language[:40]))
            before = {path: there.text(path) if there else "" for path in wanted}
            changed = [path for path in wanted if wanted[path] != before[path]]
            require_fresh(history, language, changed, seen=seen)
            after = {path: wanted[path] for path in changed}
            for one in self._kept(uow, revision, language, after, by):
                _note(uow, one, before=before[one.path], after=after[one.path])
            if changed:
                uow.commit()
        return changed

    def _kept(
        self,
        uow: UnitOfWork,
        revision: int,
        language: str,
        after: Mapping[str, str],
        by: str,
    ) -> Sequence[TextChange]:
        """Keep what texts say from now on; what we bring is gone back to."""
        brought = brought_templates().texts.get(language)
        at = self._now()
        changes = []
        for path, words in after.items():
            is_back = brought is not None and brought.text(path) == words
            change = TextChange(
                revision=revision,
                language=language,
                path=path,
                change=Change.BROUGHT if is_back else Change.WRITTEN,
                words="" if is_back else words,
                by=by,
                at=at,
            )
            changes.append(change)
        uow.message_texts.add(changes)
        return changes

    def _judge(
        self, language: str, paths: Iterable[str], change: Change, *, seen: int, by: str
    ) -> Sequence[str]:
        require_known(wanted := list(dict.fromkeys(paths)))
        is_read = change is Change.REVIEWED
        with self._new_uow() as uow:
            revision = uow.message_texts.take_revision()
            history = History(uow.message_texts.all())
            own = _texts_of(history, language)
            require_fresh(history, language, wanted, seen=seen)
            judged = [
                path
                for path in wanted
                if (path in own.unreviewed) is is_read
                and (is_read or history.reading(language, path, own.text(path)))
            ]
            if is_read:
                require_another(history, language, judged, by=by)
            at = self._now()
            changes = [
                TextChange(
                    revision=revision,
                    language=language,
                    path=path,
                    change=change,
                    words=own.text(path),
                    by=by,
                    at=at,
                )
                for path in judged
            ]
            uow.message_texts.add(changes)
            for one in changes:
                _note(uow, one, words=one.words)
            if changes:
                uow.commit()
        return judged

    def _history(self) -> History:
        with self._read_uow() as uow:
            return History(uow.message_texts.all())


def _find(history: History, language: str) -> LanguageTexts | None:
    return history.templates(brought_templates()).texts.get(language)


def _texts_of(history: History, language: str) -> LanguageTexts:
    """The texts of a language.

    Raises
    ------
    UnknownTextError
        If there are none.
    """
    found = _find(history, language)
    if found is None:
        raise UnknownTextError(_NO_TEXTS.format(language[:40]))
    return found


def _note(uow: UnitOfWork, change: TextChange, **facts: object) -> None:
    uow.audit.append(
        at=change.at,
        actor=change.by,
        action=f"text.{change.change.value}",
        subject=f"text:{change.language}:{change.path}",
        details=facts,
    )
