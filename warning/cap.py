"""The values of the Common Alerting Protocol 1.2, as plain immutable Python.

Why it exists: an alert is a legal act, and everything else in the package speaks of it
in these words. Field names are CAP's own in snake_case; enum values are the wire words.
The module knows no XML (``cap_xml``), no geometry (``cap_area``) and no judgement
(``cap_check``).

Shapes stay the CAP text they came as (``lat,lon lat,lon …`` and ``lat,lon radius_km``):
that text is what the authority published, it is compact for 41,000 points, and the one
place that may turn the axes is ``geofence.area``.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

#: What a missing ``language`` means (CAP 1.2, section 3.2.2).
DEFAULT_LANGUAGE = "en-US"


class CapStatus(StrEnum):
    """How the alert is to be handled; only ``ACTUAL`` may ever reach the public."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MsgType(StrEnum):
    """What the message does to those before it."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Scope(StrEnum):
    """Who may see the message."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Category(StrEnum):
    """The kind of event."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class ResponseType(StrEnum):
    """What the people addressed should do."""

    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    AVOID = "Avoid"
    MONITOR = "Monitor"
    ASSESS = "Assess"
    ALL_CLEAR = "AllClear"
    NONE = "None"


class Urgency(StrEnum):
    """How soon to act."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Severity(StrEnum):
    """How bad it is."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """How sure the sender is."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


def whole_second(at: datetime) -> datetime:
    """The instant as CAP can write it: no fraction, an offset of whole minutes.

    Parameters
    ----------
    at : datetime
        Aware; its own offset is kept when CAP can express it, else UTC is taken.

    Returns
    -------
    datetime
        Aware, microsecond 0.

    Raises
    ------
    ValueError
        If ``at`` is naive: a time without an offset means nothing to a receiver.

    Examples
    --------
    >>> whole_second(datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)).isoformat()
    '2026-01-02T03:04:05+00:00'
    """
    offset = at.utcoffset()
    if offset is None:
        raise ValueError(f"{at.isoformat()} has no time zone; give an aware datetime.")
    if offset % timedelta(minutes=1) or abs(offset) > timedelta(hours=14):
        at = at.astimezone(UTC)
    return at.replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A ``valueName``/``value`` pair: a geocode, an event code or a parameter."""

    value_name: str
    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message this one updates, cancels or acknowledges."""

    sender: str
    identifier: str
    #: Aware; None if unreadable. Matching goes by sender and identifier first.
    sent: datetime | None

    def __post_init__(self) -> None:
        if self.sent is not None:
            object.__setattr__(self, "sent", whole_second(self.sent))


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One place the info speaks of; its target is the union of its shapes."""

    area_desc: str
    #: CAP text each: ``lat,lon`` pairs in WGS 84 degrees, blanks between, one ring.
    polygons: tuple[str, ...] = ()
    #: CAP text each: ``lat,lon radius``, the radius in kilometres.
    circles: tuple[str, ...] = ()
    #: A value name may repeat (23 district codes in one alert): a list, no dictionary.
    geocodes: tuple[NamedValue, ...] = ()
    #: Feet above mean sea level.
    altitude_ft: Decimal | None = None
    #: Feet above mean sea level; only together with ``altitude_ft``.
    ceiling_ft: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A file that goes with an info. Its ``uri`` is shown, never fetched."""

    resource_desc: str
    mime_type: str
    #: Bytes.
    size: int | None = None
    uri: str | None = None
    #: The content itself, base64 text.
    deref_uri: str | None = None
    #: SHA-1 of the content, hexadecimal.
    digest: str | None = None

    def content(self) -> bytes | None:
        """The embedded content; None if there is none or it is not base64."""
        if self.deref_uri is None:
            return None
        try:
            return base64.b64decode("".join(self.deref_uri.split()), validate=True)
        except (binascii.Error, ValueError):
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """The alert in one language, for one audience, area or phase."""

    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    categories: tuple[Category, ...]
    #: BCP 47.
    language: str = DEFAULT_LANGUAGE
    response_types: tuple[ResponseType, ...] = ()
    audience: str | None = None
    event_codes: tuple[NamedValue, ...] = ()
    #: Aware; None means "when sent".
    effective: datetime | None = None
    #: Aware; the expected start of the event.
    onset: datetime | None = None
    #: Aware; the end of the message's validity, not of the event.
    expires: datetime | None = None
    sender_name: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    web: str | None = None
    contact: str | None = None
    parameters: tuple[NamedValue, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()

    def __post_init__(self) -> None:
        for name in ("effective", "onset", "expires"):
            at = getattr(self, name)
            if at is not None:
                object.__setattr__(self, name, whole_second(at))

    def parameter(self, value_name: str) -> tuple[str, ...]:
        """All values of that name (any case), in order; empty if there is none.

        A profile's prefix is passed over: ``Broadcast_Text`` also finds
        ``layer:SOREM:1.0:Broadcast_Text``.
        """
        wanted = value_name.casefold()
        return tuple(
            pair.value
            for pair in self.parameters
            if pair.value_name.casefold().rpartition(":")[2] == wanted
            or pair.value_name.casefold() == wanted
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One CAP message. ``sender``, ``identifier`` and ``sent`` are its identity."""

    identifier: str
    sender: str
    #: Aware, whole seconds, with the offset the sender used.
    sent: datetime
    status: CapStatus
    msg_type: MsgType
    scope: Scope
    source: str | None = None
    restriction: str | None = None
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str | None = None
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "sent", whole_second(self.sent))

    @property
    def is_for_public(self) -> bool:
        """Whether the sender means the public to hear it: Actual and Public."""
        return self.status is CapStatus.ACTUAL and self.scope is Scope.PUBLIC

    def reference(self) -> Reference:
        """How a later message names this one."""
        return Reference(self.sender, self.identifier, self.sent)
