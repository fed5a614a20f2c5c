"""One thing that is wrong with a script or a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A defect, in words for the person who wrote the file."""

    where: str  #: file and place in it, such as ``flood_warning.menu``
    what: str  #: one sentence

    def __str__(self) -> str:
        """Place and sentence on one line."""
        return f"{self.where}: {self.what}"
