"""What reading feeds needs of the network: one bounded question at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchLimits:
    """What one question may cost, redirects included."""

    #: Seconds in all, however slowly the other side talks.
    timeout_s: float = 20.0
    #: Bytes of the answer once unpacked.
    max_bytes: int = 5_000_000
    max_redirects: int = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What came back, whatever the status."""

    status: int
    body: bytes = field(repr=False)
    #: Names in small letters.
    headers: Mapping[str, str]


class Fetcher(Protocol):
    """Asks other systems over HTTP."""

    def get(
        self,
        url: str,
        *,
        hosts: Collection[str],
        headers: Mapping[str, str],
        limits: FetchLimits,
    ) -> Fetched:
        """Ask for a document; redirects are followed on these hosts alone.

        Raises
        ------
        FeedError
            If nothing usable came within the limits; says why.
        """
        ...
