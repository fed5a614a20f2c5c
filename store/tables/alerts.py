"""Alerts, whom they are for, and who was left out."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from store.sql.base import BigId, JsonText, UTCDateTime, metadata

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
    # What it says to those who were told before, and after which alert.
    Column("kind", Text, nullable=False, server_default="warning"),
    Column("follows", Text, index=True),
    Column("send_at", UTCDateTime),
    Column("repeat_every_s", Integer),
    Column("repeat_until", UTCDateTime),
    Column("repeat_to", Text, nullable=False, server_default="unconfirmed"),
    Column("starts_at", UTCDateTime),
    Column("live_at", UTCDateTime),
    # Since when nothing of it leaves, on whose word; NULL while it goes on.
    Column("paused_at", UTCDateTime),
    Column("paused_by", Text),
    # Until when it is sent, if longer than its document says.
    Column("extended_until", UTCDateTime),
    # After which change of our texts it was submitted: those are what it says.
    Column("texts_revision", BigId, nullable=False, server_default="0"),
    # The same of the rules of escalation.
    Column("rules_revision", BigId, nullable=False, server_default="0"),
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
    # Live alerts that have told those left out as already told.
    Column("told_by", JsonText, nullable=False, server_default="[]"),
    # How often people were told again, and how far the last round has come.
    Column("round", Integer, nullable=False, server_default="0"),
    Column("n_repeated", Integer, nullable=False, server_default="0"),
)

#: Apart from ``audiences``: SQLite writes a row whole, and n_planned moves often.
audience_members = Table(
    "audience_members",
    metadata,
    Column("alert", ForeignKey("audiences.alert"), primary_key=True),
    # int64, little-endian, in sending order.
    Column("subscriber_ids", LargeBinary, nullable=False),
    # A byte a person: what they are told, and on which channel first; NULL if that is
    # the warning and the usual one for everybody.
    Column("variants", LargeBinary),
    Column("channels", LargeBinary),
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
    # Which of the alert's texts they are told.
    Column("variant", Text, nullable=False, server_default="warning"),
    # Counts by area, reason and state are kept beside (``recipient_tallies``). An index
    # in their order would be two more pages written for every message of a warning.
    sqlite_with_rowid=False,
)
