"""What may be done to our texts, and what may not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from warning.errors import (
    OwnReadingError,
    StaleTextError,
    TemplateError,
    UnknownTextError,
)
from warning.texts.text_changes import Change, History
from warning.texts.text_slots import SLOTS, Complaint

#: Who sees every change there is: nothing is stale to them.
ANY_REVISION = -1


class BadTextsError(TemplateError):
    """Texts that cannot be kept; carries what is wrong with which."""

    def __init__(
        self, message: str, *, complaints: Mapping[str, Sequence[Complaint]]
    ) -> None:
        super().__init__(message)
        self.complaints = complaints


def require_known(paths: Iterable[str]) -> None:
    """Let only names of ours through.

    Raises
    ------
    UnknownTextError
        With the first that is none.
    """
    for path in paths:
        if path not in SLOTS:
            raise UnknownTextError(
                f"No text is called {path[:60]!r}; an example is hazards.flood.act."
            )


def require_good(texts: Mapping[str, str]) -> None:
    """Let only texts through that can be used.

    Raises
    ------
    BadTextsError
        With everything that is wrong with any of them.
    UnknownTextError
        If a name is none of ours.
    """
    require_known(texts)
    wrong: dict[str, list[Complaint]] = {
        path: found
        for path, text in texts.items()
        if (found := list(SLOTS[path].complaints(text)))
    }
    if wrong:
        told = " ".join(
            f"{path}: {one.message}" for path, found in wrong.items() for one in found
        )
        raise BadTextsError(told, complaints=wrong)


def require_fresh(
    history: History, language: str, paths: Iterable[str], *, seen: int
) -> None:
    """Refuse to write over what the author has not seen.

    Raises
    ------
    StaleTextError
        With who changed what meanwhile.
    """
    if seen == ANY_REVISION:
        return
    last = {path: history.last(language, path) for path in paths}
    newer = {
        path: one
        for path, one in last.items()
        if one is not None and one.revision > seen
    }
    if newer:
        told = ", ".join(f"{path} ({one.by})" for path, one in newer.items())
        raise StaleTextError(
            f"Somebody else changed these texts meanwhile: {told}. Nothing was "
            "overwritten: compare, and choose what is to stand.",
            paths=list(newer),
        )


def require_another(
    history: History, language: str, paths: Iterable[str], *, by: str
) -> None:
    """Let nobody read over what they wrote themselves.

    Raises
    ------
    OwnReadingError
        With the texts.
    """
    own = [
        path
        for path in paths
        if (last := history.last(language, path)) is not None
        and last.by == by
        and last.change is Change.WRITTEN
    ]
    if own:
        raise OwnReadingError(
            f"{by} wrote {', '.join(own)}; somebody else whose language it is must "
            "read it over."
        )
