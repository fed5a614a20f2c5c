"""Who may be warned, and the areas of the country."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    false,
    true,
)

from store.sql.base import BigId, JsonText, UTCDateTime, metadata

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", BigId, primary_key=True),
    # NULL once erased; the id stays so that old reports still add up.
    Column("phone", Text, unique=True),
    Column("name", Text),
    Column("language", Text, nullable=False),
    Column("channels", SmallInteger, nullable=False),
    Column("groups", JsonText, nullable=False),
    Column("in_drill_group", Boolean, nullable=False),
    # From the groups, so that planning reads no list: rung before texted; told who of
    # their village is silent.
    Column("is_voice_first", Boolean, nullable=False, server_default=false()),
    Column("is_focal_point", Boolean, nullable=False, server_default=false()),
    Column("vulnerable", Boolean, nullable=False),
    Column("consent_at", UTCDateTime),
    Column("status", Text, nullable=False),
    Column("status_at", UTCDateTime, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("added_revision", BigId, nullable=False),
    Column("revision", BigId, nullable=False),
    # "Who changed since revision r", and "whom did this transaction touch".
    Index(None, "revision"),
)

#: A few in a thousand: found without reading everybody.
IS_FOCAL_POINT = subscribers.c.is_focal_point.is_(true())

Index(
    "ix_subscribers_focal_point",
    subscribers.c.id,
    sqlite_where=IS_FOCAL_POINT,
    postgresql_where=IS_FOCAL_POINT,
)

places = Table(
    "places",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id"), nullable=False, index=True),
    # Degrees, WGS 84; both NULL if only the area is known.
    Column("lon", Float),
    Column("lat", Float),
    Column("area_code", Text),
    Column("accuracy_m", Float),
    Column("source", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
)

areas = Table(
    "areas",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("names", JsonText, nullable=False),
    Column("level", SmallInteger, nullable=False, index=True),
    Column("parent", Text),
    # WKB, lon and lat in degrees, WGS 84.
    Column("geometry", LargeBinary, nullable=False),
)
