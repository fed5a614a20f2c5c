"""What people have spoken for calls; the sounds are files."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from store.base import UTCDateTime, metadata

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
