"""Tallies: how many there are of what, kept beside it in the same transaction.

Nothing here is ever changed in place. Whoever moves deliveries or people adds what that
changes, minus for where they were and plus for where they are, so that no two wait for
each other; a reader adds up, and a job now and then puts many rows into few.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, SmallInteger, Table, Text

from store.sql.base import BigId, metadata

delivery_tallies = Table(
    "delivery_tallies",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("owner_id", ForeignKey("owners.id"), nullable=False),
    Column("channel", SmallInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("code", Text),
    # How many more, or fewer, stand in this state with this code.
    Column("n", Integer, nullable=False),
    # How many deliveries, and how many people, were tried for the first time.
    Column("n_tried", Integer, nullable=False),
    Column("n_people", Integer, nullable=False),
    Index(None, "owner_id"),
)

recipient_tallies = Table(
    "recipient_tallies",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("alert", ForeignKey("alerts.id"), nullable=False),
    Column("area_code", Text),
    Column("excluded", Text),
    Column("state", SmallInteger, nullable=False),
    Column("n", Integer, nullable=False),
    Index(None, "alert"),
)

#: Which channels and rounds an alert has used. As long as it is one, whoever is tried
#: for the first time on it was never tried before.
delivery_steps = Table(
    "delivery_steps",
    metadata,
    Column("owner_id", ForeignKey("owners.id"), primary_key=True),
    Column("channel", SmallInteger, primary_key=True),
    Column("round", SmallInteger, primary_key=True),
    sqlite_with_rowid=False,
)
