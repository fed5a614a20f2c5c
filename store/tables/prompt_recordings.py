"""What people have spoken for calls; the sounds are files."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from store.sql.base import BigId, UTCDateTime, metadata

#: One recording of the same words in a language: the newest.
prompt_recordings = Table(
    "prompt_recordings",
    metadata,
    Column("language", Text, primary_key=True),
    # SHA-256 of the words.
    Column("words_digest", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Column("key", Text, nullable=False),
    # SHA-256 of the sound: its name.
    Column("sound", Text, nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("origin", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", UTCDateTime, nullable=False),
)

#: Calls in which somebody is to speak a text.
recording_calls = Table(
    "recording_calls",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("language", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", UTCDateTime, nullable=False),
    Column("state", Text, nullable=False),
    # Once it is kept.
    Column("sound", Text),
    Column("duration_ms", Integer),
)
