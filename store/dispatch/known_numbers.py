"""Whose numbers these are: looked up for many at once, and forgotten when it changes.

A batch of texts asks for the same few people again and again. What is remembered here
is of one transaction, only of numbers that were expected, and never older than what
that transaction has written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from warning.ports import PersonRow


class KnownNumbers:
    """Number → person, of one transaction."""

    def __init__(self) -> None:
        self._people: dict[str, PersonRow | None] = {}
        self._number_of: dict[int, str] = {}

    def keep(self, found: Mapping[str, PersonRow | None]) -> None:
        """Remember whose numbers these are; None: nobody's."""
        self._people.update(found)
        self._number_of.update(
            (row.subscriber_id, phone) for phone, row in found.items() if row
        )

    def __contains__(self, phone: str) -> bool:
        """Whether it is remembered whose number this is, or that it is nobody's."""
        return phone in self._people

    def __getitem__(self, phone: str) -> PersonRow | None:
        """Whose number this is, as far as it is remembered."""
        return self._people[phone]

    def forget(self, people: Iterable[int] | None = None) -> None:
        """These people change, or anybody may have."""
        if people is None:
            self._people.clear()
            return
        for person in people:
            self._people.pop(self._number_of.get(person, ""), None)

    def forget_number(self, phone: str) -> None:
        """Somebody else's from now on."""
        self._people.pop(phone, None)
