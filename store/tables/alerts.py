"""Alerts, whom they are for, and who was left out."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from store.base import BigId, JsonText, UTCDateTime, metadata

alerts = Table(
    "alerts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("alert_id", Text, nullable=False, unique=True),
    # The CAP document is what counts; the columns up to expires are drawn from it.
    Column("cap_xml", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("identifier", Text, nullable=False),
    Column("sent", UTCDateTime, nullable=False),
    Column("msg_type", Text, nullable=False),
    Column("cap_status", Text, nullable=False),
    Column("event", Text),
    Column("expires", UTCDateTime),
    Column("state", Text, nullable=False, index=True),
    Column("created_by", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("submitted_by", Text),
    Column("submitted_at", UTCDateTime),
    Column("approved_by", Text),
    Column("approved_at", UTCDateTime),
    Column("closed_by", Text),
    Column("closed_at", UTCDateTime),
    UniqueConstraint("sender", "identifier", "sent"),
)

audiences = Table(
    "audiences",
    metadata,
    Column("alert", ForeignKey("alerts.id"), primary_key=True),
    Column("n_affected", Integer, nullable=False),
    Column("n_planned", Integer, nullable=False),
    Column("subscribers_total", Integer, nullable=False),
    Column("by_language", JsonText, nullable=False),
    Column("by_area", JsonText, nullable=False),
    Column("excluded", JsonText, nullable=False),
    Column("geofence_ms", Float, nullable=False),
    Column("fixed_at", UTCDateTime, nullable=False),
)

#: Apart from ``audiences``: SQLite writes a row whole, and n_planned moves often.
audience_members = Table(
    "audience_members",
    metadata,
    Column("alert", ForeignKey("audiences.alert"), primary_key=True),
    # int64, little-endian, in sending order.
    Column("subscriber_ids", LargeBinary, nullable=False),
)

recipients = Table(
    "recipients",
    metadata,
    Column("alert", ForeignKey("alerts.id"), primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id"), primary_key=True),
    Column("language", Text, nullable=False),
    Column("area_code", Text),
    Column("channels", SmallInteger, nullable=False),
    Column("vulnerable", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("excluded", Text),
    Column("state", SmallInteger, nullable=False),
    # Counts by area, reason and state are read from the index alone.
    Index(None, "alert", "area_code", "excluded", "state"),
    sqlite_with_rowid=False,
)
