"""Which files make up the registry, and what the numbers in them mean."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from warning.areas import DEFAULT_LEVEL
from warning.people.subscribers import STATUSES
from warning.registry import person_words
from warning.registry.errors import (
    ForeignRegistryError,
    NoRegistryError,
    TornRegistryError,
)
from warning.registry.whole_file import write_whole

NAME = "registry.json"
#: Grows when the files are laid out otherwise.
FORMAT = 1


def _layout() -> str:
    """Everything else that a release may lay out otherwise, as one text."""
    words = [
        f"{name}:{field.shift}+{field.width}"
        for name, field in vars(person_words).items()
        if isinstance(field, person_words.Field)
    ]
    return " ".join([*words, *STATUSES, f"level{DEFAULT_LEVEL}"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """Names the files of one generation; these change in place, the manifest never."""

    #: Which database the files are derived from.
    database: str
    #: Grows with every rebuild.
    generation: int
    index: str
    words: str
    #: What the language and the area of a word count.
    languages: tuple[str, ...]
    areas: tuple[str, ...]
    format: int = FORMAT
    layout: str = ""

    @classmethod
    def of_generation(
        cls,
        generation: int,
        *,
        database: str,
        languages: tuple[str, ...],
        areas: tuple[str, ...],
    ) -> Self:
        """Name the files of a generation."""
        return cls(
            database=database,
            generation=generation,
            index=f"people-{generation}.index",
            words=f"people-{generation}.words",
            languages=languages,
            areas=areas,
            layout=_layout(),
        )

    def by_area(self, number: int) -> str:
        """The file of a list of people known by an area alone."""
        return f"people-{self.generation}.by-area-{number}"

    def write(self, folder: Path) -> None:
        """Make this the registry: from here on nobody opens an earlier one."""
        fields = asdict(self)
        content = json.dumps({**fields, "checksum": _checksum(fields)}, indent=1)
        write_whole(folder / NAME, content.encode())

    @classmethod
    def read(cls, folder: Path, *, database: str) -> Self:
        """Read the manifest of a folder.

        Raises
        ------
        NoRegistryError
            If there is none.
        ForeignRegistryError
            If it is of another database or release.
        TornRegistryError
            If it is not as it was written.
        """
        path = folder / NAME
        try:
            fields = json.loads(path.read_bytes())
            checksum = fields.pop("checksum")
        except FileNotFoundError:
            raise NoRegistryError(f"There is no {path} yet.") from None
        except (ValueError, KeyError, AttributeError, TypeError):
            raise TornRegistryError(f"{path} cannot be read.") from None
        if checksum != _checksum(fields):
            raise TornRegistryError(f"{path} cannot be trusted: its checksum is wrong.")
        if fields.get("format") != FORMAT or fields.get("layout") != _layout():
            raise ForeignRegistryError(f"{path} was written by another release.")
        if fields["database"] != database:
            raise ForeignRegistryError(f"{path} belongs to another database.")
        for name in ("languages", "areas"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


def _checksum(fields: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
