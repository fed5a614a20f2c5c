"""Who hears of those that write or ring of themselves."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from typing import Protocol, TypeVar

from telephony.delivery import Channel

U_contra = TypeVar("U_contra", contravariant=True)


class TextListener(Protocol[U_contra]):
    """Hears texts that answer no message of ours, and every STOP and START."""

    def on_text(self, uow: U_contra, phone: str, answer: str | None) -> None:
        """Take note of a text; ``answer`` is what it means, None if unclear."""
        ...


class LifeListener(Protocol[U_contra]):
    """Hears which numbers wrote or rang of themselves."""

    def on_life(
        self, uow: U_contra, alive: Set[tuple[str, Channel]], *, at: datetime
    ) -> None:
        """Take note that numbers can be reached on a channel; repeats are harmless."""
        ...
