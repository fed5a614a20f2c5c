"""The time, the place and the secrets that all fakes share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from shapely.geometry import Polygon

START = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
TOKEN = "carrier-token"
PUBLIC_URL = "https://warning.example.org"
PASSWORD = "correct horse battery"
#: A person's number; it may appear in no log.
PHONE = "+85512345678"
SQUARE = Polygon([(104.0, 11.0), (105.0, 11.0), (105.0, 12.0), (104.0, 12.0)])
PROVINCES = {"KH-12": "Phnom Penh", "KH-08": "Kandal", "KH-03": "Kampong Cham"}


class ManualClock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> None:
        self.at += timedelta(**span)
