"""The registry as files: opened in milliseconds, patched in place, rebuilt if in doubt.

Everything here is derived from the database, which alone decides: a file that shows an
earlier state follows the log of changes; one that is torn, of another database, of
another release, or ahead of the database is refused and written anew. New files lie
beside the old ones until the manifest, replaced in one step, names them.
"""

from __future__ import annotations

import fcntl
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from geofence import PointIndex
from geofence.errors import IndexFileError
from warning.registry.build import index_of, words_of_changed, words_of_everybody
from warning.registry.by_area_file import write_by_area
from warning.registry.errors import (
    NoRegistryError,
    RegistryFileError,
    RegistryLockError,
    TornRegistryError,
)
from warning.registry.file_lock import lock_within
from warning.registry.manifest import NAME, Manifest
from warning.registry.shared import SharedRegistry
from warning.registry.source import RegistrySource, say_unplaced
from warning.registry.word_file import State, WordFile

if TYPE_CHECKING:
    from warning.registry.registry import Registry

log = logging.getLogger(__name__)

LOCK = "registry.lock"
#: By then another process has written a registry of any size, or hangs. Seconds.
LOCK_TIMEOUT_S = 120.0
#: How often a reader looks again whose files were replaced while it opened them.
_OPENINGS = 3
_NUMBER = re.compile(r"people-(\d+)\.")


class RegistryFiles:
    """The registry in a folder that all processes of an installation share.

    Parameters
    ----------
    folder : Path
        Made if missing; nothing else may lie in it.
    source : RegistrySource
        Reads the database.
    database : callable
        Tells one database from another, as a text; kept in the files.

    Notes
    -----
    For one thread at a time; the registries are for any number.
    """

    def __init__(
        self, folder: Path, source: RegistrySource, *, database: Callable[[], str]
    ) -> None:
        self._folder = folder
        self._source = source
        self._database = database
        self._registry: SharedRegistry | None = None
        self._writer: Callable[[], bool] | None = None
        self._open_points: Callable[[Path], PointIndex] = PointIndex.open

    def write_apart(self, writer: Callable[[], bool]) -> None:
        """Have the files written elsewhere from now on; here they are only opened.

        Parameters
        ----------
        writer : callable
            Has another process bring them up to date; False if it could not. Then
            this process writes them after all.
        """
        self._writer = writer

    def ask_apart(self, open_points: Callable[[Path], PointIndex]) -> None:
        """Have the points asked elsewhere from now on.

        Parameters
        ----------
        open_points : callable
            Opens a saved index, as ``PointIndex.open`` does.
        """
        self._open_points = open_points

    def current(self) -> Registry:
        """The registry that shows the database as it is now.

        Waits while another process writes. Where no files can be written the registry
        is kept in the memory of this process: a full disk must not hold up a warning.
        """
        try:
            return self._if_current() or self._written()
        except OSError:
            log.exception("registry files cannot be written; kept in memory instead")
            return self._source.build()

    def try_current(self) -> Registry | None:
        """The same, but None at once while another process writes."""
        try:
            return self._if_current() or self._written(wait=False)
        except BlockingIOError:
            return None
        except OSError:
            return self.current()  # which says so

    def _if_current(self) -> SharedRegistry | None:
        """The files, if they need nothing; nobody is waited for."""
        try:
            registry = self._opened()
        except (RegistryFileError, IndexFileError):
            return None  # whoever has the right to write says what is wrong
        is_current = registry.revision == self._source.revision()
        return registry if is_current else None

    def _written(self, *, wait: bool = True) -> SharedRegistry:
        if (registry := self._written_apart()) is not None:
            return registry
        with self._writing(wait=wait):
            return self._brought_up_to_date()

    def _written_apart(self) -> SharedRegistry | None:
        """What another process wrote for us; None if it did not."""
        wanted = self._source.revision()
        if self._writer is None:
            return None
        if self._writer():
            with suppress(RegistryFileError, IndexFileError):
                registry = self._opened()
                # Of the moment we were asked, or later: somebody may change meanwhile.
                if registry.revision.covers(wanted):
                    return registry
        log.warning("registry was not written apart; it is written here")
        return None

    def _brought_up_to_date(self) -> SharedRegistry:
        """Patch or rebuild; the right to write is ours."""
        try:
            registry = self._opened()
            is_current = registry.revision == self._source.revision()
            # Perhaps another process saw to it while we waited.
            if is_current or self._followed(registry):
                return registry
            log.info("registry is rebuilt: too much has changed to follow")
        except NoRegistryError:
            log.info("registry is built for the first time")
        except (RegistryFileError, IndexFileError) as error:
            log.warning("registry is rebuilt", extra={"reason": str(error)})
        return self._rebuilt()

    def _followed(self, registry: SharedRegistry) -> bool:
        """Let the files follow the people who changed; False if they cannot."""
        changes = self._source.changes(registry.revision)
        if changes is None:
            return False
        words = words_of_changed(
            changes.ids,
            changes.people,
            changes.places,
            registry.areas,
            registry.languages,
        )
        if words is None:
            return False
        registry.follow(changes.ids, words, changes.places, changes.revision)
        return True

    def _rebuilt(self) -> SharedRegistry:
        """Write everybody into new files, then let the manifest name them."""
        everything = self._source.everything()
        people, places = everything.people, everything.places
        words = words_of_everybody(people, places, everything.areas)
        manifest = Manifest.of_generation(
            self._last_generation() + 1,
            database=self._database(),
            languages=tuple(people.languages),
            areas=everything.areas.counted,
        )
        index = index_of(places, words, everything.revision)
        index.save(self._folder / manifest.index)
        by_area = self._folder / manifest.by_area(1)
        state = State(
            everything.revision, (1, write_by_area(by_area, places.by_area_only))
        )
        WordFile.create(self._folder / manifest.words, words, state)
        manifest.write(self._folder)
        self._sweep(manifest)
        registry = self._opened()
        say_unplaced(registry)
        return registry

    def _opened(self) -> SharedRegistry:
        """Open what the manifest names, unless it is open already.

        Raises
        ------
        TornRegistryError
            If a file is missing.
        RegistryFileError, IndexFileError
            If there is nothing else that can be used.
        """
        for _ in range(_OPENINGS):
            manifest = Manifest.read(self._folder, database=self._database())
            if self._registry is None or self._registry.manifest != manifest:
                # Between the two a rebuild may have removed what the manifest names.
                with suppress(FileNotFoundError):
                    areas = self._source.area_table()
                    self._registry = SharedRegistry(
                        self._folder, manifest, areas, open_points=self._open_points
                    )
            if self._registry is not None and self._registry.manifest == manifest:
                return self._registry
        raise TornRegistryError(f"A file that {self._folder / NAME} names is missing.")

    def _last_generation(self) -> int:
        found = (_NUMBER.search(path.name) for path in self._folder.iterdir())
        return max((int(match[1]) for match in found if match), default=0)

    def _sweep(self, manifest: Manifest) -> None:
        """Remove what earlier generations and crashes left; who reads it keeps it."""
        for path in self._folder.iterdir():
            is_ours = path.name.startswith(f"people-{manifest.generation}.")
            if not is_ours and path.name not in {NAME, LOCK}:
                path.unlink(missing_ok=True)

    @contextmanager
    def _writing(self, *, wait: bool = True) -> Iterator[None]:
        """Hold the right to write: of one thread in one process at a time.

        Raises
        ------
        RegistryLockError
            If another process has held it for too long.
        """
        # It says where people live: for nobody else on the machine.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / LOCK).open("a") as lock:
            if not wait:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            elif not lock_within(lock, LOCK_TIMEOUT_S):
                raise RegistryLockError(
                    f"Another process has held {lock.name} for {LOCK_TIMEOUT_S:.0f} s. "
                    "Find it (fuser, lsof) and end it if it hangs."
                )
            yield
