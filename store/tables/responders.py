"""Volunteers, defibrillators, cases, and who was asked for which."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    text,
)

from store.sql.base import BigId, JsonText, UTCDateTime, metadata

responders = Table(
    "responders",
    metadata,
    Column("id", BigId, primary_key=True),
    # NULL once erased; the id stays so that old cases still add up.
    Column("phone", Text, unique=True),
    Column("name", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("channels", SmallInteger, nullable=False),
    Column("standing", Text, nullable=False),
    Column("credentials", JsonText, nullable=False),
    # When the last of them ends; NULL for those who have none.
    Column("credentials_end", UTCDateTime, index=True),
    Column("consent_version", Text),
    Column("consent_at", UTCDateTime),
    Column("number_verified_at", UTCDateTime),
    Column("is_on", Boolean, nullable=False),
    Column("paused_until", UTCDateTime),
    Column("quiet", Text),
    Column("mode", SmallInteger, nullable=False),
    Column("max_alerts_30d", SmallInteger, nullable=False),
    Column("n_asked", Float, nullable=False),
    Column("n_accepted", Float, nullable=False),
    Column("record_as_of", UTCDateTime),
    Column("n_undelivered", SmallInteger, nullable=False),
    # Of the code that was sent to the phone; not the code.
    Column("code_digest", Text),
    Column("code_until", UTCDateTime),
    # Keyed digest of a PIN; not the PIN.
    Column("pin_seal", Text),
    # Wrong answers in a row; NULL for none.
    Column("pin_wrong", SmallInteger),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    # "Who changed since revision r".
    Column("revision", BigId, nullable=False, index=True),
)

responder_places = Table(
    "responder_places",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("responder_id", ForeignKey("responders.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    # Degrees, WGS 84.
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("hours", Text),
    # Of check-ins alone, which are deleted by it.
    Column("reported_at", UTCDateTime, index=True),
)

aeds = Table(
    "aeds",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("ref", Text, nullable=False, unique=True),
    # Degrees, WGS 84.
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("location", Text, nullable=False),
    Column("opening_hours", Text, nullable=False),
    Column("access", Text, nullable=False),
    Column("is_indoor", Boolean, nullable=False),
    Column("cabinet_code", Text, nullable=False),
    Column("out_of_order_at", UTCDateTime),
    Column("updated_at", UTCDateTime, nullable=False),
    # Those in a box: a strip of latitudes, then longitudes.
    Index(None, "lat", "lon"),
)

_IS_OPEN = text("is_open")

cases = Table(
    "cases",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("case_id", Text, nullable=False, unique=True),
    Column("code", Text, nullable=False),
    Column("external_ref", Text, unique=True),
    Column("state", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("is_exercise", Boolean, nullable=False),
    Column("opened_at", UTCDateTime, nullable=False),
    # NULL when nobody has to look at it any more.
    Column("next_due_at", UTCDateTime, index=True),
    # Scene, stamps, notices and the rest (``store/volunteers/case_rows.py``).
    Column("document", JsonText, nullable=False),
    # A code tells open cases apart.
    Index(
        "uq_cases_open_code",
        "code",
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    ),
)

_IS_LIVE, _IS_ENGAGED = text("is_live"), text("is_engaged")

offers = Table(
    "offers",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("case", ForeignKey("cases.id"), nullable=False),
    Column("responder_id", ForeignKey("responders.id"), nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("is_live", Boolean, nullable=False),
    Column("is_engaged", Boolean, nullable=False),
    # Waits for a call from a person, after the case.
    Column("needs_call", Boolean, nullable=False),
    Column("offered_at", UTCDateTime, nullable=False),
    # Degrees; NULL a day later.
    Column("lon", Float),
    Column("lat", Float),
    Column("document", JsonText, nullable=False),
    Index("uq_offers_case_responder", "case", "responder_id", unique=True),
    # Nobody is on the way to two patients, whatever the code above believes.
    Index(
        "uq_offers_engaged",
        "responder_id",
        unique=True,
        sqlite_where=_IS_ENGAGED,
        postgresql_where=_IS_ENGAGED,
    ),
    # "What else is this person asked to do", "how often was it in 30 days".
    Index(
        "ix_offers_live",
        "responder_id",
        sqlite_where=_IS_LIVE,
        postgresql_where=_IS_LIVE,
    ),
    Index(None, "responder_id", "offered_at"),
)

case_decisions = Table(
    "case_decisions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("case", ForeignKey("cases.id"), nullable=False, index=True),
    Column("at", UTCDateTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("facts", JsonText, nullable=False),
)

responder_reach = Table(
    "responder_reach",
    metadata,
    Column("responder_id", ForeignKey("responders.id"), primary_key=True),
    # Of the last test, and of the call that followed it.
    Column("asked_at", UTCDateTime, index=True),
    Column("called_at", UTCDateTime),
    # The last sign of life, by whatever means.
    Column("heard_at", UTCDateTime),
    # Tests in a row without an answer, an open one included.
    Column("n_missed", SmallInteger, nullable=False),
    Column("delay_s", Float),
    Column("not_before", UTCDateTime),
)

acceptance_fits = Table(
    "acceptance_fits",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("fitted_at", UTCDateTime, nullable=False),
    # Coefficients, how many answers, and how good the chances were.
    Column("document", JsonText, nullable=False),
)
