"""A registry in files that all processes map, changed in place by one at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from geofence import PointIndex
from warning.registry.build import move, moved
from warning.registry.by_area_file import read_by_area, write_by_area
from warning.registry.errors import ForeignRegistryError, TornRegistryError
from warning.registry.known_by_area import KnownByArea
from warning.registry.registry import NOTHING, People, Registry, Revision
from warning.registry.word_file import State, WordFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warning.ports import PlaceColumns
    from warning.registry.area_table import AreaTable
    from warning.registry.manifest import Manifest

T = TypeVar("T")


class SharedRegistry(Registry):
    """Shows what its files show, also when another process has changed them.

    Parameters
    ----------
    folder : Path
        Where the files lie.
    manifest : Manifest
        Which they are.
    areas : AreaTable
        As numbered when they were written.
    open_points : callable, optional
        Opens the index of their places.

    Raises
    ------
    OSError
        If a file is missing.
    IndexFileError, TornRegistryError
        If one is not as it was written.
    ForeignRegistryError
        If they count by other areas.
    """

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        areas: AreaTable,
        *,
        open_points: Callable[[Path], PointIndex] = PointIndex.open,
    ) -> None:
        if areas.counted != manifest.areas:
            raise ForeignRegistryError("Areas have been imported since.")
        self._folder = folder
        self._file = file = WordFile(folder / manifest.words)
        self.manifest = manifest
        index = open_points(folder / manifest.index)
        state = file.read(lambda: file.state)
        super().__init__(
            index=index,
            words=file.words,
            languages=manifest.languages,
            areas=areas,
            by_area_only=self._list(state),
            revision=state.revision,
        )
        self._shown = state
        if self._ask(lambda people: people.revision.people != index.revision):
            raise TornRegistryError(f"{manifest.index} and {manifest.words} disagree.")

    @property
    def revision(self) -> Revision:
        """The state of the database this shows now; ``NOTHING`` after a crash."""
        try:
            return self._ask(lambda people: people.revision)
        except TornRegistryError:
            return NOTHING

    def follow(
        self,
        ids: NDArray[np.int64],
        words: NDArray[np.uint32],
        places: PlaceColumns,
        revision: Revision,
    ) -> None:
        """Bring the files up to date; for whoever has the right to write.

        Parameters
        ----------
        ids : (n,) int64 array
            Of everybody who changed, ascending.
        words : (n,) uint32 array
            Theirs now; 0 for the erased.
        places : PlaceColumns
            All that they have now.
        revision : Revision
            What the files show then.

        Raises
        ------
        IndexFileError, TornRegistryError, OSError
            The files must be rebuilt.
        """
        before = self._file.state.by_area
        by_area = self._write_list(before, ids, places.by_area_only)
        try:
            # Takes the lock of the index, and a while, before anybody has to wait.
            self.index.remove([])
            with self._file.change(State(revision, by_area)):
                self._file.put(ids, words)
                move(self.index, ids, places, self._file.words, revision)
        finally:
            self.index.close()
        if by_area != before:
            (self._folder / self.manifest.by_area(before[0])).unlink(missing_ok=True)

    def _ask(self, question: Callable[[People], T]) -> T:
        """Ask of one moment: people and index show the same state of the database."""
        return self._file.read(lambda: question(self._now()))

    def _now(self) -> People:
        """What the files show, read again where it has changed."""
        state, words, people = self._file.state, self._file.words, self._people
        if (state, len(words)) == (self._shown, len(people.words)):
            return people
        is_same_list = state.by_area == self._shown.by_area
        by_area = (
            people.by_area
            if is_same_list
            else KnownByArea(self._list(state), self.areas)
        )
        self._people = people = People(words, by_area, state.revision)
        self._shown = state
        return people

    def _list(self, state: State) -> dict[str, NDArray[np.int64]]:
        number, checksum = state.by_area
        return read_by_area(self._folder / self.manifest.by_area(number), checksum)

    def _write_list(
        self,
        before: tuple[int, int],
        ids: NDArray[np.int64],
        news: Mapping[str, NDArray[np.int64]],
    ) -> tuple[int, int]:
        """Write the list of people known by area, if any of these moves on it."""
        held = self.by_area_only
        if _part(held, ids) == _part(news, ids):
            return before
        number = before[0] + 1
        path = self._folder / self.manifest.by_area(number)
        return number, write_by_area(path, moved(held, ids, news))


def _part(
    known: Mapping[str, NDArray[np.int64]], ids: NDArray[np.int64]
) -> dict[str, list[int]]:
    """The part of a list that is about some people."""
    parts = {code: ids[np.isin(ids, of)] for code, of in known.items()}
    return {code: part.tolist() for code, part in parts.items() if len(part)}
