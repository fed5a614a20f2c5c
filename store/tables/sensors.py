"""Prepared plans, and the sensors that draft alerts from them."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Table, Text

from store.sql.base import JsonText, UTCDateTime, metadata

plans = Table(
    "plans",
    metadata,
    Column("name", Text, primary_key=True),
    Column("document", JsonText, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("updated_by", Text, nullable=False),
)

sensors = Table(
    "sensors",
    metadata,
    Column("sensor_id", Text, primary_key=True),
    Column("plan", ForeignKey("plans.name"), nullable=False),
    # Title and thresholds.
    Column("document", JsonText, nullable=False),
    # Where the automaton stands.
    Column("watch", JsonText, nullable=False),
    # Of the newest draft; NULL before the first.
    Column("alert_id", Text),
    Column("error", Text),
    Column("updated_at", UTCDateTime, nullable=False),
)

sensor_readings = Table(
    "sensor_readings",
    metadata,
    Column("sensor_id", ForeignKey("sensors.sensor_id"), primary_key=True),
    Column("at", UTCDateTime, primary_key=True),
    # Metres, or whatever the sensor's thresholds are in.
    Column("level", Float, nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    sqlite_with_rowid=False,
)
