"""What people said after the tone: waits at the carrier until it is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class VoiceNote:
    """One recording."""

    number: int
    #: ``help:12`` or ``report:7``.
    subject: str
    #: At the carrier.
    url: str
    #: Name in the folder of recordings; None until it is fetched.
    file: str | None
    n_tries: int
    next_at: datetime | None
