"""Registering people: one as filled in, many from a file, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warning.people.subscriber_batches import Note, Rejected


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportReport:
    """What became of a file of subscribers."""

    #: Lines read, the header not counted.
    read: int
    added: int
    updated: int
    places: int
    rejected: Sequence[Rejected]
    #: Lines in use about which somebody should know something.
    notes: Sequence[Note] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPlace:
    """A place as somebody writes it down: coordinates, or the code of an area."""

    #: Degrees, WGS 84.
    lon: float | None = None
    lat: float | None = None
    area: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSubscriber:
    """A person as somebody registers them; nothing is checked or normalised yet."""

    phone: str
    language: str
    places: Sequence[NewPlace]
    name: str | None = None
    #: ``sms``, ``voice``.
    channels: Sequence[str] = ("sms", "voice")
    groups: Sequence[str] = ()
    vulnerable: bool = False
    #: ISO 8601 with offset.
    consent_at: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Registered:
    """A person who is now registered."""

    subscriber_id: int
    #: False if the number was known and its entry was replaced.
    is_new: bool
