"""The people who may be warned, one at a time.

Values for one person: registration, opt-out, a page of the console, an export. Whole
populations travel as columns (`warning.ports`) and files as batches of plain rows
(`warning.people.subscriber_csv`), never as these.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from telephony.delivery import Channel


class Status(StrEnum):
    """Whether a person is sent anything."""

    ACTIVE = "active"
    #: Said STOP; nobody but they can undo it.
    OPTED_OUT = "opted_out"
    #: The number failed too often; tried again later.
    RESTING = "resting"
    #: Their data are gone; the id stays so that old reports still add up.
    ERASED = "erased"


#: The order in which columns of numbers count statuses; append only.
STATUSES: tuple[Status, ...] = (
    Status.ACTIVE,
    Status.OPTED_OUT,
    Status.RESTING,
    Status.ERASED,
)


class PlaceSource(StrEnum):
    """Where a place is known from."""

    IMPORT = "import"
    #: An operator wrote it down.
    CONSOLE = "console"
    #: The person said so by text or call.
    CITIZEN = "citizen"


#: Group of those who take part in exercises and tests; nobody else is sent one.
DRILL_GROUP = "drill"
#: Group of village focal points, who pass a warning on by other means and are told
#: which households are silent.
FOCAL_POINT_GROUP = "focal-point"
#: Group of those who cannot see or cannot read: rung first, texted after. Whoever
#: cannot hear has the channel ``sms`` alone, and a landline ``voice`` alone.
VOICE_FIRST_GROUP = "voice-first"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Somewhere a person can be harmed; a person may have several."""

    #: Degrees, WGS 84; both None if only the area is known.
    lon: float | None
    lat: float | None
    #: Code of an administrative area.
    area_code: str | None
    source: PlaceSource
    #: Radius in metres within which the person is likely to be; None if not known.
    accuracy_m: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """That a person agreed to be sent warnings."""

    #: Aware, UTC.
    given_at: datetime
    source: PlaceSource


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """One person."""

    subscriber_id: int
    #: E.164; kept out of ``repr`` because logs are read by many.
    phone: str = field(repr=False)
    #: BCP 47.
    language: str
    name: str | None = field(repr=False)
    channels: Channel
    status: Status
    vulnerable: bool
    groups: frozenset[str] = frozenset()
    consent: Consent | None = None
    places: tuple[Place, ...] = ()

    @property
    def is_reachable(self) -> bool:
        """Whether a real warning would be sent to them."""
        return self.status is Status.ACTIVE and bool(self.channels)

    @property
    def is_in_drills(self) -> bool:
        """Whether exercises and tests reach them."""
        return DRILL_GROUP in self.groups
